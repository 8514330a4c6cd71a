// What the phone's page writes is what the record reads: the same bytes as the program's own, from the same parts.
import assert from "node:assert/strict";
import { createPrivateKey, createPublicKey, sign as nodeSign } from "node:crypto";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { test } from "node:test";
import { fromHex, toHex, utf8 } from "../src/api/bytes";
import { checkIn, incident, offered, orderActed, orderRead, received } from "../src/features/phone/acts";
import { dueNow } from "../src/features/phone/due";
import { ACTOR, authorMessage, callerMessage, codeOf, cosignMessage, entryHash, entryOf, headerOf, idOf, openParcel, parcelOf, payloadOf, requestMessage, requestOf, SECOND_PERSON, secondOf, wishBody, type Draft } from "../src/features/phone/entry";
import { Collector, codesOf, fromText, toText } from "../src/features/phone/frames";
import type { Kept } from "../src/features/phone/shelf";

const fixture = (path: string): Buffer => readFileSync(resolve(import.meta.dirname, "../../fixtures", path));
const golden = JSON.parse(fixture("phone/v1/golden.json").toString("utf8")) as Record<string, string>;
const ELECTION = utf8("golden-election1");
const AREA = "pk/sindh/thatta";

/** The sample's keys: a seed of one byte repeated. */
function key(seed: number) {
  const pkcs8 = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, seed)]);
  const secret = createPrivateKey({ key: pkcs8, format: "der", type: "pkcs8" });
  const publicKey = new Uint8Array(createPublicKey(secret).export({ format: "der", type: "spki" }).subarray(12));
  return { publicKey, sign: (message: Uint8Array): Uint8Array => new Uint8Array(nodeSign(null, message, secret)) };
}
const [device, person] = [key(1), key(2)];
const draft = async (over: Partial<Draft>): Promise<Draft> => ({
  election: ELECTION, device: await idOf(device.publicKey), epoch: 0, seq: 0, previous: new Uint8Array(32), ms: 1_707_358_800_123, counter: 2,
  clockSource: 4, clockAgeS: 4_000, area: AREA, kind: 1_200, person: "officer", role: "PO", after: [], cosigners: [], second: null,
  mark: new Uint8Array(16).fill(0x33), payload: payloadOf(new Uint8Array(32).fill(0xa5), fromHex("821904b080")), ...over,
});
const wish = (publicKey: Uint8Array, subject: number, name: string): Uint8Array => wishBody({
  election: ELECTION, subject, key: publicKey, name, area: AREA, roles: ["STN-SEC", "PO"], fromMs: 1_707_000_000_000, untilMs: 1_708_000_000_000,
});
async function first(): Promise<{ bytes: Uint8Array; hash: Uint8Array }> {
  const after = [{ device: new Uint8Array(16).fill(9), epoch: 3, seq: 70_000, hash8: new Uint8Array(8).fill(7) }];
  const header = await headerOf(await draft({ after, clockSource: 0, clockAgeS: null }));
  const hash = await entryHash(header);
  return { hash, bytes: entryOf(header, device.sign(authorMessage(hash)), [], payloadOf(new Uint8Array(32).fill(0xa5), fromHex("821904b080"))) };
}
async function second(): Promise<Uint8Array> {
  const over = await first();
  const payload = payloadOf(new Uint8Array(32).fill(0x5a), fromHex("821905df80"));
  const header = await headerOf(await draft({
    kind: 1_503, role: "ARO", seq: 1, previous: over.hash, payload, cosigners: [await idOf(person.publicKey)],
    after: [{ device: await idOf(device.publicKey), epoch: 0, seq: 0, hash8: over.hash.slice(0, 8) }],
    second: secondOf(person.publicKey, person.sign(cosignMessage(over.hash, SECOND_PERSON))),
  }));
  const hash = await entryHash(header);
  return entryOf(header, device.sign(authorMessage(hash)), [{ key: person.publicKey, part: ACTOR, signature: person.sign(cosignMessage(hash, ACTOR)) }], payload);
}

test("entries are the program's, byte for byte", async () => {
  assert.equal(toHex((await first()).bytes), golden["first"]);
  assert.equal(toHex(await second()), golden["second"]);
  assert.equal(toHex(person.sign(cosignMessage((await first()).hash, ACTOR))), golden["cosigned"]);
});
test("a request to be enrolled and its code are the program's", async () => {
  const body = wish(device.publicKey, 0, "officer@NA-225-12");
  assert.equal(toHex(await requestMessage(body)), golden["wish"]);
  const request = requestOf(body, device.publicKey, device.sign(await requestMessage(body)));
  assert.equal(toHex(request), golden["request"]);
  const own = wish(person.publicKey, 1, "officer");
  const other = requestOf(own, person.publicKey, person.sign(await requestMessage(own)));
  assert.equal(await codeOf([{ kind: "request-1", bytes: request }, { kind: "request-1", bytes: other }]), golden["code"]);
});
test("a parcel is the program's, and opens to what was put in", async () => {
  const [certificate, one, two] = [fromHex(golden["certificate"] ?? ""), (await first()).bytes, await second()];
  const parcel = parcelOf([certificate], [one, two]);
  assert.equal(toHex(parcel), golden["parcel"]);
  const opened = openParcel(parcel);
  assert.deepEqual(opened?.entries.map(toHex), [toHex(one), toHex(two)]);
  assert.deepEqual(opened?.certificates.map(toHex), [golden["certificate"]]);
  for (let cut = 1; cut < 400; cut += 13) assert.equal(openParcel(parcel.slice(0, parcel.length - cut)), null);
  assert.equal(openParcel(utf8("PhBl")), null);
});
test("the codes of a parcel give it back in whatever order they come", async () => {
  const parcel = fromHex(golden["parcel"] ?? "");
  const frames = await codesOf(parcel);
  const frame = Uint8Array.from({ length: 101 }, (_, at) => at);
  assert.equal(toText(frame), golden["screen"]);
  assert.deepEqual(fromText(golden["screen"] ?? ""), frame);
  const collector = new Collector();
  const found: (Uint8Array | null)[] = [];
  // Doubled, backwards, one of them damaged, and others' codes between them.
  const damaged = `${(frames[0] ?? "").slice(0, -1)}${(frames[0] ?? "").endsWith("A") ? "B" : "A"}`;
  for (const text of [damaged, "PEHRA:", "HELLO", ...[...frames, ...frames.slice(1)].reverse()]) found.push(await collector.take(text));
  const whole = found.filter((one) => one !== null);
  assert.ok(whole.length >= 1);
  for (const one of whole) assert.equal(toHex(one), golden["parcel"]);
});
test("what a phone signs to be told what concerns it is what the node checks", async () => {
  const message = await callerMessage(await idOf(device.publicKey), new Uint8Array(40).fill(0x11));
  assert.equal(toHex(device.sign(message)), golden["caller"]);
});
test("the acts are those of the golden events", () => {
  const at = 0x0000018d8731bbc0;
  const entry = { device: new Uint8Array(16).fill(0xd1), epoch: 2, seq: 41 };
  const events: [number, Uint8Array][] = [
    [1200, checkIn({ station: "NA-40-15", code: 9, atMs: at, trouble: true, counts: [40, 25, 112], note: "queue behind the gate" })],
    [2001, orderRead(entry)],
    [2002, orderActed(entry, "held at 05:52")],
  ];
  // The golden check-in was heard by radio, a phone says it in person; the rung is the byte before the note.
  for (const [kind, body] of events) assert.equal(toHex(body).replace(/^(821904b0.*1870)03/, "$100"), fixture(`events/v1/${kind}.cbor`).toString("hex"), String(kind));
  const none = checkIn({ station: "NA-40-15", code: 7, atMs: at, trouble: false, counts: [null, null, null], note: "" });
  assert.equal(toHex(none), "821904b0818187820081684e412d34302d3135071b0000018d8731bbc000800360");
  const report = incident({ id: "I-7Q2M4K9D", kind: 2, severity: 5, atMs: at, station: "NA-40-15", text: "a bag left at the gate" });
  assert.equal(toHex(report), "8219051481876a492d3751324d344b394402051b0000018d8731bbc084820081684e412d34302d3135f60160007661206261672" + "06c656674206174207468652067617465");
  const offer = offered({ step: 13, items: ["NA-40-15-BAG"], to: "RO", atMs: at, place: "counter 3" });
  assert.equal(toHex(offer), "821905de81870d816c4e412d34302d31352d42414762524f1b0000018d8731bbc0f669636f756e746572203380");
  const receipt = received({ offer: entry, step: 13, atMs: at, read: [{ item: "NA-40-15-BAG", seals: ["S-000101"] }], missing: ["NA-40-15-BOX-1"], clocksApartS: 4, place: "counter 3" });
  assert.equal(toHex(receipt).slice(0, -2), fixture("events/v1/1503.cbor").toString("hex").slice(0, -70));
});
test("what is due follows the schedule, what was said before, and the hour", () => {
  const row = (code: string, role: string, at_minute: number | null, after: string | null = null, after_minutes: number | null = null) => ({ code, role, at_minute, after, after_minutes, amber_minutes: 10, red_minutes: 20 });
  const schedule = [row("A1", "PO", null), row("A2", "PO", null, "A1", 120), row("A3", "STN-SEC", 60)];
  const hello = { schedule, poll_ms: 1_000_000 } as never;
  const said = { what: { is: "check-in", code: "A1", trouble: false, counts: [] }, fate: "kept", atMs: 2_000_000 } as unknown as Kept;
  const two = (log: Kept[], nowMs: number) => dueNow(hello, "PO", log, [], nowMs)[1];
  assert.equal(two([], 0)?.dueMs, null);
  const dueMs = 2_000_000 + 120 * 60_000;
  for (const [late, is] of [[-1, "later"], [0, "due"], [10, "amber"], [20, "red"]] as const) assert.deepEqual([two([said], dueMs + late * 60_000)?.dueMs, two([said], dueMs + late * 60_000)?.is], [dueMs, is]);
  assert.equal(two([{ ...said, fate: "refused" }], dueMs)?.dueMs, null, "what was refused was not said");
  assert.deepEqual(dueNow(hello, "STN-SEC", [], [{ code: "A3", at_ms: 5 }], 0).map((one) => [one.code, one.is]), [["A3", "said"]]);
});
