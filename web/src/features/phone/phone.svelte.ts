// What the phone knows and does: its enrolment, its own log, what it carries, and talking to the node when one is there.
import type { PhoneHello, PhoneOwn, PhoneTaken } from "../../api/types";
import { fromHex, toHex } from "../../api/bytes";
import { holdFast } from "../../api/shelf";
import { ACTOR, authorMessage, callerMessage, codeOf, cosignMessage, entryHash, entryOf, headerOf, MARK_BYTES, parcelOf, payloadOf, requestMessage, requestOf, SALT_BYTES, SECOND_PERSON, secondOf, wishBody, type Bytes, type Cosigned, type Ref } from "./entry";
import * as shelf from "./shelf";
import type { Carried, Enrolled, Kept, Own, Profile, What } from "./shelf";
import { chance, makeKeys, signWith } from "./signer";

const DEVICE = 0;
const PERSON = 1;
const PEER = 4;
const UNKNOWN = 0;
const ZERO = new Uint8Array(32);
/** A certificate that is asked for; whoever grants it may shorten that. */
const WISH_DAYS = 30;
const DAY_MS = 86_400_000;
const PATIENCE_MS = 8_000;
/** Entries in one parcel: more go with the next one. */
const TOGETHER = 100;
const AHEAD_MS_MAX = 5 * 60_000;
const LOCK = "pehra-phone-log";

const LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
/** A report's name: letters and digits that nobody mistakes for each other over a radio. */
export const reportName = (): string => `I-${[...chance(6)].map((byte) => LETTERS[byte % LETTERS.length]).join("")}`;

/** What an act names beside what it says. */
interface Beside {
  /** What it takes the place of. */
  after?: Ref[];
  /** The whole hash of an entry that this one signs as second person. */
  over?: Bytes | null;
  /** Where it holds, if not where the phone is enrolled. */
  area?: string;
}
export class Phone {
  loaded = $state(false);
  keeps = $state(true);
  persistent = $state(false);
  hello = $state.raw<PhoneHello | null>(null);
  told = $state.raw<PhoneOwn | null>(null);
  profile = $state.raw<Profile | null>(null);
  enrolled = $state.raw<Enrolled | null>(null);
  certificates = $state.raw<Own["certificates"]>({ device: null, person: null, behind: [] });
  log = $state.raw<Kept[]>([]);
  carried = $state.raw<Carried[]>([]);
  reached = $state<boolean | null>(null);
  sending = $state(false);
  nowMs = $state(Date.now());
  #keys: { device: Own["device"]; person: Own["person"] } | null = null;
  #clock: Own["clock"] = { aheadMs: 0, setMs: 0, lastMs: 0, counter: 0 };
  #epoch = 0;

  get unsent(): number {
    return [...this.log, ...this.carried].filter((one) => one.fate === "kept" || one.fate === "handed").length;
  }
  get device(): string {
    return this.#keys ? toHex(this.#keys.device.id) : "";
  }
  /** The time as the node told it last, carried on by this phone's clock. */
  now(): number {
    return Date.now() + this.#clock.aheadMs;
  }

  /** What is fetched only when it is wanted, and must be on the shelf before the node is out of reach. */
  chunks(): Promise<unknown> {
    return Promise.all([import("./answer"), import("./Report.svelte"), import("./HandOver.svelte"), import("./Orders.svelte"), import("@noble/ed25519")]);
  }
  async open(): Promise<void> {
    try {
      const [device, person, profile, enrolled, hello, told, certificates, clock, epoch, log, carried] = await Promise.all([
        shelf.get("device"), shelf.get("person"), shelf.get("profile"), shelf.get("enrolled"), shelf.get("hello"), shelf.get("told"), shelf.get("certificates"), shelf.get("clock"), shelf.get("epoch"), shelf.log(), shelf.carried(),
      ]);
      if (device && person) this.#keys = { device, person };
      if (certificates) this.certificates = certificates;
      if (clock) this.#clock = clock;
      this.profile = profile ?? null;
      this.enrolled = enrolled ?? null;
      this.hello = hello ?? null;
      this.told = told ?? null;
      this.#epoch = epoch ?? 0;
      this.log = log;
      this.carried = carried;
      this.persistent = await holdFast();
    } catch {
      this.keeps = false;
    }
    this.loaded = true;
    await this.talk();
  }

  /** Makes the phone's keys and the wish to be enrolled, as one line for a code. */
  async ask(profile: Profile, area: string): Promise<string> {
    const hello = this.hello;
    if (!hello) throw new Error("the page was never loaded from a node");
    if (!this.#keys) {
      const [device, person] = [await makeKeys(), await makeKeys()];
      await Promise.all([shelf.put("device", device), shelf.put("person", person)]);
      this.#keys = { device, person };
    }
    await shelf.put("profile", profile);
    this.profile = profile;
    const fromMs = this.now();
    const common = { election: fromHex(hello.election_hex), area, roles: [profile.role], fromMs, untilMs: fromMs + WISH_DAYS * DAY_MS };
    const name = profile.station ? `${profile.person}@${profile.station}` : profile.person;
    const asked = [
      { keys: this.#keys.device, wish: { ...common, subject: DEVICE, key: this.#keys.device.publicKey, name } },
      { keys: this.#keys.person, wish: { ...common, subject: PERSON, key: this.#keys.person.publicKey, name: profile.person } },
    ];
    const requests = await Promise.all(asked.map(async ({ keys, wish }) => {
      const body = wishBody(wish);
      return { kind: "request-1", bytes: requestOf(body, keys.publicKey, await signWith(keys, await requestMessage(body))) };
    }));
    return codeOf(requests);
  }

  /** Takes certificates from a code or a text; answers whether the phone is enrolled now. */
  async answer(text: string): Promise<boolean> {
    const [{ judged, NotEnrolled }, hello, keys] = [await import("./answer"), this.hello, this.#keys];
    if (!hello || !keys) throw new NotEnrolled("nothing");
    const given = judged(text, hello, { device: keys.device.publicKey, person: keys.person.publicKey });
    const known = new Map([...this.certificates.behind, ...given.behind].map((bytes) => [toHex(bytes), bytes]));
    this.certificates = { device: given.device ?? this.certificates.device, person: given.person ?? this.certificates.person, behind: [...known.values()] };
    await shelf.put("certificates", this.certificates);
    if (given.enrolled) await shelf.put("enrolled", given.enrolled);
    return this.certificates.device !== null && this.certificates.person !== null && (await this.begin());
  }
  /** Begins to sign: with both keys, or with the phone's own where the office granted no other. */
  async begin(): Promise<boolean> {
    this.enrolled = (await shelf.get("enrolled")) ?? null;
    void this.talk();
    return this.enrolled !== null;
  }
  /** The certificates that stand behind what this phone signs. */
  chain(): Bytes[] {
    const { device, person, behind } = this.certificates;
    return [...behind, ...[device, person].filter((one) => one !== null)];
  }

  /** Signs an act and keeps it. */
  async act(kind: number, body: Bytes, what: What, { after = [], over = null, area = "" }: Beside = {}): Promise<Kept> {
    return navigator.locks.request(LOCK, async () => {
      const [keys, enrolled, hello] = [this.#keys, this.enrolled, this.hello];
      if (!keys || !enrolled || !hello) throw new Error("this phone is not enrolled");
      const log = await shelf.log();
      const own = log.filter((one) => one.epoch === this.#epoch);
      const last = own.at(-1) ?? log.at(-1);
      const person = this.certificates.person ? keys.person : null;
      const second = over && person ? secondOf(person.publicKey, await signWith(person, cosignMessage(over, SECOND_PERSON))) : null;
      const { ms, counter } = await this.#tick();
      const payload = payloadOf(chance(SALT_BYTES), body);
      const set = this.#clock.setMs > 0;
      const header = await headerOf({
        election: fromHex(hello.election_hex), device: keys.device.id, epoch: this.#epoch, seq: own.length, previous: last?.hash ?? ZERO, ms, counter,
        clockSource: set ? PEER : UNKNOWN, clockAgeS: set ? Math.max(0, Math.round((Date.now() - this.#clock.setMs) / 1000)) : null,
        area: area || enrolled.area, kind, person: enrolled.person, role: enrolled.role,
        after, cosigners: person ? [person.id] : [], second, mark: chance(MARK_BYTES), payload,
      });
      const named = await entryHash(header);
      const cosigned: Cosigned[] = person ? [{ key: person.publicKey, part: ACTOR, signature: await signWith(person, cosignMessage(named, ACTOR)) }] : [];
      const bytes = entryOf(header, await signWith(keys.device, authorMessage(named)), cosigned, payload);
      const kept: Kept = { epoch: this.#epoch, seq: own.length, hash: named, bytes, atMs: ms, what, fate: "kept", whyEn: "", whyUr: "" };
      await shelf.add(kept);
      this.log = [...log, kept];
      return kept;
    });
  }
  /** The time of a new act: never before the last one. */
  async #tick(): Promise<{ ms: number; counter: number }> {
    const now = this.now();
    const last = this.#clock;
    // A clock that was set far ahead is not followed for ever (crates/ledger/src/clock.rs).
    const ms = last.lastMs > now + AHEAD_MS_MAX ? now : Math.max(now, last.lastMs);
    const counter = ms === last.lastMs ? last.counter + 1 : 0;
    this.#clock = { ...last, lastMs: ms, counter };
    await shelf.put("clock", this.#clock);
    return { ms, counter };
  }

  async mark(entries: Kept[], fate: Kept["fate"], whyEn = "", whyUr = ""): Promise<void> {
    for (const one of entries) await shelf.mark({ ...one, fate, whyEn, whyUr });
    this.log = await shelf.log();
  }
  async carry(entries: Carried[]): Promise<void> {
    for (const one of entries) if (!this.carried.some((known) => known.id === one.id)) await shelf.carry(one);
    this.carried = await shelf.carried();
  }

  /** Talks to the node, if it is there: hands over what waits, and hears what concerns this phone. */
  async talk(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      await this.#hello();
      this.reached = true;
      if (this.enrolled) {
        await this.#hand();
        await this.#hear();
      }
    } catch {
      // Out of reach is no fault: it is why this page exists.
      this.reached = false;
    } finally {
      this.sending = false;
      this.nowMs = this.now();
    }
  }
  async #hello(): Promise<void> {
    const hello = await asked<PhoneHello>("/api/phone/hello");
    const before = this.hello;
    if (before && before.election_hex !== hello.election_hex) throw new Error("this is a node of another election");
    // Whom this phone believes was settled when it was enrolled; a node that is met later changes nothing in it.
    const kept = this.enrolled && before ? { ...hello, root: before.root, threshold: before.threshold } : hello;
    this.hello = kept;
    this.#clock = { ...this.#clock, aheadMs: hello.now_ms - Date.now(), setMs: Date.now() };
    if (this.keeps) await Promise.all([shelf.put("hello", kept), shelf.put("clock", this.#clock)]);
  }
  async #hand(): Promise<void> {
    const waits = this.log.filter((one) => one.fate === "kept" || one.fate === "handed");
    for (let from = 0; from < waits.length; from += TOGETHER) await this.#parcel(this.chain(), waits.slice(from, from + TOGETHER), []);
    const others = this.carried.filter((one) => one.fate === "kept" || one.fate === "handed");
    for (let from = 0; from < others.length; from += TOGETHER) {
      const some = others.slice(from, from + TOGETHER);
      await this.#parcel(some.flatMap((one) => one.certificates), [], some);
    }
  }
  async #parcel(certificates: Bytes[], own: Kept[], others: Carried[]): Promise<void> {
    const parcel = parcelOf(certificates, [...own, ...others].map((one) => one.bytes));
    const taken = await asked<PhoneTaken>("/api/phone/parcels", { method: "POST", headers: { "content-type": "application/octet-stream" }, body: new Uint8Array(parcel) });
    for (const [at, verdict] of taken.entries.entries()) {
      const fate = verdict.is === "refused" ? "refused" : verdict.is === "without-effect" || verdict.is === "forked" ? "no-effect" : "received";
      const [mine, other] = [own[at], others[at - own.length]];
      if (mine) await shelf.mark({ ...mine, fate, whyEn: verdict.why_en, whyUr: verdict.why_ur || verdict.why_en });
      else if (other) await shelf.carry({ ...other, fate });
    }
    [this.log, this.carried] = [await shelf.log(), await shelf.carried()];
  }
  async #hear(): Promise<void> {
    const [keys, hello] = [this.#keys, this.hello];
    if (!keys || !hello) return;
    const number = fromHex(hello.number);
    const signature = toHex(await signWith(keys.device, await callerMessage(keys.device.id, number)));
    const reports = this.log.flatMap((one) => (one.what.is === "report" ? [one.what.id] : [])).slice(-64);
    const wish = { device: toHex(keys.device.id), number: hello.number, signature, epoch: this.#epoch, reports };
    const told = await asked<PhoneOwn>("/api/phone/own", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(wish) });
    this.told = told;
    await shelf.put("told", told);
    // The office granted the holder's key later than the phone's.
    if (!this.certificates.person && told.certificates.replaceAll("\n", "").includes(toHex(keys.person.publicKey))) await this.answer(told.certificates);
    await this.#reconcile(told);
  }
  /** What the node says of this phone's own entries. */
  async #reconcile(told: PhoneOwn): Promise<void> {
    const read = new Set(told.reports.filter((one) => one.phase !== "reported" && one.phase !== "unknown").map((one) => one.id));
    for (const one of this.log) {
      const place = `${this.device}/${one.epoch}/${one.seq}`;
      const without = told.without_effect.find((it) => it.place === place);
      if (without && one.fate !== "no-effect") await shelf.mark({ ...one, fate: "no-effect", whyEn: without.why_en, whyUr: without.why_ur });
      else if (one.what.is === "report" && read.has(one.what.id) && one.fate === "received") await shelf.mark({ ...one, fate: "read" });
    }
    this.log = await shelf.log();
    // Somebody wrote more under this key than this phone remembers: it goes on in an epoch of its own.
    const own = this.log.filter((one) => one.epoch === this.#epoch).length;
    if (told.head && told.head.seq >= own) {
      this.#epoch += 1;
      await shelf.put("epoch", this.#epoch);
    }
  }
}

async function asked<T>(path: string, init: RequestInit = {}): Promise<T> {
  const answer = await fetch(path, { ...init, cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return (await answer.json()) as T;
}
