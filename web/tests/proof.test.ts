import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { base64, fromBase45, fromHex, toHex, utf8 } from "../src/proof/bytes.ts";
import { foundingOf, isPaper, join, NotCarried, pieces, proofOf } from "../src/proof/carry.ts";
import { check, verdict } from "../src/proof/check.ts";
import { readFounding, type Founding } from "../src/proof/shapes.ts";

// Written by the ledger itself, which is tested against the same file: crates/ledger/tests/it/proof_vectors.rs.
const lines = readFileSync(new URL("../../fixtures/proofs/v1/vectors.tsv", import.meta.url), "utf8").split("\n").map((line) => line.split("\t"));
const bytesOf = (field: string): Uint8Array => (field.startsWith("zeros:") ? new Uint8Array(Number(field.slice(6))) : (fromHex(field) ?? assert.fail(field)));
const cases = lines.filter(([word]) => word === "case").map(([, name = "", root = "", proof = "", outcome = ""]) => ({ name, founding: readFounding(bytesOf(root)) ?? assert.fail(name), proof: bytesOf(proof), outcome }));
const sound = cases.find((one) => one.name === "sound") ?? assert.fail("sound");

function told(proof: Uint8Array, founding: Founding): string {
  const report = check(proof, founding);
  if (report.refusal) return report.refusal;
  return `ok standing=${report.standing} log=${report.logStands ? 1 : 0} witnesses=${report.witnesses.length} other=${report.others.length} index=${report.proof?.index} size=${report.proof?.size} root=${report.root} hash=${report.hash}`;
}

test("every proof of the shared file comes out as the ledger says", () => {
  assert.ok(cases.length >= 30, `${cases.length} cases`);
  for (const one of cases) assert.equal(told(one.proof, one.founding), one.outcome, one.name);
});
test("a turned bit is refused at the step at which the ledger refuses it", () => {
  const letters = lines.find(([word]) => word === "bent")?.[2] ?? assert.fail("bent");
  assert.equal(letters.length, sound.proof.length);
  // Every place would take a minute on a small machine; five apart, all parts of a proof are met.
  let met = "";
  for (let at = 0; at < letters.length; at += 5) {
    const bent = Uint8Array.from(sound.proof);
    bent[at] = (bent[at] ?? 0) ^ (1 << (at % 8));
    const report = check(bent, sound.founding);
    assert.equal(report.refusal, letters[at], `byte ${at}`);
    assert.equal(verdict(report), "nothing");
    met += report.refusal;
  }
  for (const letter of "CHKFALW") assert.ok(met.includes(letter), letter);
});
test("the verdict and the steps say how far a proof goes", () => {
  const of = (name: string) => {
    const one = cases.find((each) => each.name === name) ?? assert.fail(name);
    const report = check(one.proof, one.founding);
    return [verdict(report), ...Object.values(report.steps)].join(" ");
  };
  assert.equal(of("sound"), "proven holds holds holds holds holds holds holds holds holds");
  assert.equal(of("one-witness"), "less holds holds holds holds holds holds holds holds lacks");
  assert.equal(of("role-not-held"), "less holds holds holds holds holds holds holds lacks holds");
  assert.equal(of("other-index"), "nothing holds holds holds holds fails untried untried untried untried");
  assert.equal(of("another-election"), "nothing holds holds holds holds holds holds fails untried untried");
});
test("what the header says is shown in full, in whatever script", () => {
  const { header } = check(sound.proof, sound.founding);
  assert.equal(header?.person, "پریزائیڈنگ-24");
  assert.deepEqual([header?.role, header?.area, header?.kind, header?.clockSource, header?.clockAgeS, header?.place.seq], ["PRO", "pk/sindh/sukkur/ps-24", 1200, 3, 95, 123]);
  const rich = cases.find((one) => one.name === "causes-cosigner-extra") ?? assert.fail();
  const more = check(rich.proof, rich.founding).header;
  assert.deepEqual([more?.causes.length, more?.cosigners.length, more?.extras[0]?.key], [2, 1, 7]);
});

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
function base45(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 2) {
    const two = at + 1 < bytes.length;
    const value = two ? (bytes[at] ?? 0) * 256 + (bytes[at + 1] ?? 0) : (bytes[at] ?? 0);
    for (let n = 0, left = value; n < (two ? 3 : 2); n += 1, left = Math.floor(left / 45)) text += DIGITS[left % 45];
  }
  return text;
}
test("codes from paper come together in any order, and a lost, foreign or wrong one is named", async () => {
  const name = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from(sound.proof))).slice(0, 4)).toUpperCase();
  const cut = [0, 1_000, 2_000, sound.proof.length];
  const part = (n: number): string => `PEHRA1:${n}:3:${name}:${base45(sound.proof.slice(cut[n - 1], cut[n]))}`;
  assert.ok(isPaper(`\n${part(2)}`));
  assert.deepEqual(join(`${part(3)}\r\n\n${part(1)}\n${part(3)}\n${part(2)}`), sound.proof);
  const fault = (text: string): string => {
    try {
      join(text);
      return "";
    } catch (error) {
      return error instanceof NotCarried ? `${error.code} ${error.line} ${error.of}` : assert.fail(String(error));
    }
  };
  assert.equal(fault(`${part(1)}\n${part(3)}`), "missing 2 3");
  assert.equal(fault(`${part(1)}\n${part(2).replace(name, "00000000")}`), "other-proof 2 0");
  assert.equal(fault(part(1).toLowerCase()), "not-a-part 1 0");
  assert.equal(fault(`${part(1)}\n${part(2)}\n${part(3).replace(":3:3:", ":2:3:")}\n${part(3)}`), "damaged 0 0");
  assert.equal(fault("\n"), "empty 0 0");
  assert.deepEqual(proofOf(`${part(1)}\n${part(2)}\n${part(3)}`).proof, sound.proof);
});
test("a proof and a founding file as text are read together, and a slip is named by its line", async () => {
  const armour = async (kind: string, bytes: Uint8Array): Promise<string> => {
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", Uint8Array.from([...utf8(kind), 0, ...bytes]))).slice(0, 4);
    return `pehra-${kind}\n# a remark\n${(toHex(bytes).match(/.{1,64}/g) ?? []).join("\n")}\n=${toHex(sum)}\n`;
  };
  const [, , root = ""] = lines.find(([, name]) => name === "sound") ?? [];
  const founding = await armour("election-1", bytesOf(root));
  const whole = `${founding}${await armour("proof-1", sound.proof)}`;
  const read = proofOf(whole);
  assert.deepEqual([read.proof, read.founding?.election, read.founding?.threshold], [sound.proof, "VECTORS-1", 2]);
  assert.match(foundingOf(founding).fingerprint, /^\d{5}( \d{5}){7}$/);
  const code = (text: string): string => {
    try {
      pieces(text);
      return "";
    } catch (error) {
      return error instanceof NotCarried ? `${error.code} ${error.line}` : assert.fail(String(error));
    }
  };
  const rows = founding.split("\n");
  assert.equal(code(founding.replace(/\n=[^\n]+/, "\n=00000000")), `check-sum ${rows.length - 1}`);
  assert.equal(code("hello"), "no-beginning 1");
  assert.equal(code("pehra-proof-1\nxyz"), "not-hex 2");
  assert.equal(code("pehra-proof-1\n00"), "ends 0");
  assert.equal(code(" \n"), "empty 0");
  assert.throws(() => proofOf(founding), { message: "no-proof" });
  const one = `PEHRA-ELECTION-1/${root.toUpperCase()}/${/=(\w+)/.exec(founding)?.[1]?.toUpperCase()}`;
  assert.equal(foundingOf(one).election, "VECTORS-1");
});
test("the small encodings are the standards'", () => {
  // RFC 4648 §10 and RFC 9285 §4.4.
  for (const [plain, text] of [["", ""], ["f", "Zg=="], ["fo", "Zm8="], ["foobar", "Zm9vYmFy"]] as const) assert.equal(base64(utf8(plain)), text);
  assert.deepEqual(fromBase45("QED8WEX0"), utf8("ietf!"));
  for (const bad of ["GGW", ":::", "A", "a00", "BB8A", "::"]) assert.equal(fromBase45(bad), null, bad);
});
