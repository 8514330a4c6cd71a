// Checks a proof step by step, in the order in which every node checks it, and says which step failed first. Mirrors
// crates/ledger/src/proof.rs; both are tested on the same file of good and bad proofs.
import { base64, equal, hash, holds, idOf, joined, toHex, utf8, type Bytes } from "./bytes";
import { Roster, STANDING, type Standing } from "./roster";
import { HeaderUnreadable, PROOF_MAX, readHeader, readProof, type Certificate, type Founding, type Header, type Proof } from "./shapes";

/** The letters by which the shared file of cases names a refusal. */
export type Refusal = "C" | "T" | "H" | "E" | "K" | "F" | "A" | "P" | "L" | "W";
export const STEPS = ["form", "certificates", "author", "path", "log", "witnesses", "election", "right", "enough"] as const;
export type Step = (typeof STEPS)[number];
export type Outcome = "holds" | "fails" | "lacks" | "untried";

/** How many witnesses a proof needs unless the reader wants another number. */
export const WITNESSES = 2;

export interface Signer { id: string; name: string; atMs: number }
export interface Report {
  steps: Record<Step, Outcome>;
  refusal: Refusal | null;
  /** Whose key or signature it was, where the refusal names one. */
  about: string;
  header: Header | null;
  hash: string;
  proof: Proof | null;
  root: string;
  standing: Standing | null;
  logStands: boolean;
  witnesses: Signer[];
  others: Signer[];
  /** What people call a key, by the proof's certificates. */
  name: (id: Bytes) => string;
}

class Refused extends Error {
  readonly refusal: Refusal;
  readonly about: string;
  constructor(refusal: Refusal, about = "") {
    super(refusal);
    this.refusal = refusal;
    this.about = about;
  }
}

const HEADER_LABEL = utf8("pehra/header/1\0");
const AUTHOR_LABEL = utf8("pehra/author/1\0");
const leafOf = (entry: Bytes): Bytes => hash(Uint8Array.of(0), entry);
const nodeOf = (left: Bytes, right: Bytes): Bytes => hash(Uint8Array.of(1), left, right);

/** The root of the tree in which the path puts the leaf at its place; none for a path of another length. */
export function rootOf(leaf: Bytes, index: bigint, size: bigint, path: Bytes[]): Bytes | null {
  if (index >= size || size > 1n << 62n) return null;
  let [node, last, at] = [index, size - 1n, leaf];
  for (const beside of path) {
    if (last === 0n) return null;
    if ((node & 1n) === 1n || node === last) {
      at = nodeOf(beside, at);
      while ((node & 1n) === 0n && node !== 0n) {
        node >>= 1n;
        last >>= 1n;
      }
    } else at = nodeOf(at, beside);
    node >>= 1n;
    last >>= 1n;
  }
  return last === 0n ? at : null;
}

function decode(bytes: Bytes): Proof {
  if (bytes.length > PROOF_MAX) throw new Refused("T");
  try {
    return readProof(bytes);
  } catch {
    throw new Refused("C");
  }
}
const certified = (one: Certificate): boolean => one.signatures.length > 0 && one.signatures.every((by) => holds(by.key, one.signed, by.signature));

/** Checks a proof with the public root alone. */
export function check(bytes: Bytes, founding: Founding, needed = WITNESSES): Report {
  const steps = Object.fromEntries(STEPS.map((step) => [step, "untried"])) as Record<Step, Outcome>;
  const report: Report = {
    steps, refusal: null, about: "", header: null, hash: "", proof: null, root: "", standing: null, logStands: false,
    witnesses: [], others: [], name: () => "",
  };
  const pass = (step: Step, deed: () => void): void => {
    try {
      deed();
      steps[step] = "holds";
    } catch (error) {
      steps[step] = "fails";
      throw error instanceof Refused ? error : new Refused("C");
    }
  };
  try {
    follow(bytes, founding, needed, report, pass);
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    report.refusal = error.refusal;
    report.about = error.about;
  }
  return report;
}

function follow(bytes: Bytes, founding: Founding, needed: number, report: Report, pass: (step: Step, deed: () => void) => void): void {
  let proof!: Proof;
  let header!: Header;
  pass("form", () => {
    proof = decode(bytes);
    report.proof = proof;
    // What it says is shown even where it does not hold; every node judges the header after the certificates.
    report.header = tryHeader(proof);
    report.hash = toHex(hash(HEADER_LABEL, proof.headerBytes));
    const named = proof.certificates;
    report.name = (id) => named.find((one) => equal(idOf(one.key), id))?.name ?? "";
  });
  pass("certificates", () => {
    const broken = proof.certificates.find((one) => !certified(one));
    if (broken) throw new Refused("F", broken.name);
  });
  const keyOf = (id: Bytes): Bytes => {
    const keys = [...proof.certificates.map((one) => one.key), ...founding.keys];
    const found = keys.find((key) => equal(idOf(key), id));
    if (!found) throw new Refused("K", toHex(id));
    return found;
  };
  const entry = hash(HEADER_LABEL, proof.headerBytes);
  pass("author", () => {
    if (!report.header) throw new Refused("H");
    header = report.header;
    if (!holds(keyOf(header.place.device), joined(AUTHOR_LABEL, entry), proof.signature)) throw new Refused("A");
  });
  let text = "";
  const owner = (id: Bytes): string => `pehra/${toHex(header.election)}/${toHex(id)}`;
  pass("path", () => {
    const root = rootOf(leafOf(entry), proof.index, proof.size, proof.path);
    if (!root) throw new Refused("P");
    report.root = toHex(root);
    text = `${owner(proof.device)}/${proof.epoch}\n${proof.size}\n${base64(root)}\n`;
  });
  pass("log", () => {
    if (!holds(keyOf(proof.device), utf8(text), proof.logSignature)) throw new Refused("L", report.name(proof.device));
  });
  pass("witnesses", () => {
    for (const one of proof.witnesses) {
      const signed = utf8(`cosignature/v1\ntime ${one.timeS}\n${text}`);
      if (!holds(keyOf(one.device), signed, one.signature)) throw new Refused("W", report.name(one.device) || toHex(one.device));
    }
  });
  pass("election", () => {
    if (!equal(header.election, founding.name)) throw new Refused("E");
    if (proof.certificates.some((one) => !equal(one.election, founding.name))) throw new Refused("F");
  });
  judge(proof, header, new Roster(founding, proof.certificates), needed, report);
}

function tryHeader(proof: Proof): Header | null {
  try {
    return readHeader(proof.headerBytes);
  } catch (error) {
    if (error instanceof HeaderUnreadable) return null;
    throw error;
  }
}

/** Every signature holds: whether it proves enough. */
function judge(proof: Proof, header: Header, roster: Roster, needed: number, report: Report): void {
  report.standing = roster.standing(header);
  report.logStands = roster.isChained(proof.device) || roster.isRootKey(proof.device);
  for (const one of proof.witnesses) {
    const atMs = one.timeS * 1_000n;
    const party = equal(one.device, header.place.device) || equal(one.device, proof.device);
    const counts = !party && roster.isWitness(one.device, atMs);
    (counts ? report.witnesses : report.others).push({ id: toHex(one.device), name: report.name(one.device), atMs: Number(atMs) });
  }
  report.steps.right = report.standing === STANDING.good && report.logStands ? "holds" : "lacks";
  report.steps.enough = report.witnesses.length >= needed ? "holds" : "lacks";
}

/** In one word: it proves what it says; it is sound and proves less; it proves nothing. */
export function verdict(report: Report): "proven" | "less" | "nothing" {
  if (report.refusal) return "nothing";
  return report.steps.right === "holds" && report.steps.enough === "holds" ? "proven" : "less";
}
