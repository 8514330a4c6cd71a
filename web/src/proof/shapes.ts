// What a proof, its header, its certificates and a founding file hold. Reading checks the form alone, no signature.
import { compare, hash, joined, utf8, type Bytes } from "./bytes";
import { byText, NotCanonical, Reader, U64 } from "./reader";

export const U32 = 0xffff_ffff;
const SEQ_MAX = 2 ** 53 - 1;
const SIZE_MAX = 1n << 62n;
const NAME_MAX = 64;
const STATEMENT_MAX = 8_192;

export interface Place { device: Bytes; epoch: number; seq: number }
export interface Header {
  election: Bytes; place: Place; previous: Bytes; atMs: number; counter: number; clockSource: number; clockAgeS: number;
  area: string; kind: number; person: string; role: string; causes: { relation: number; place: Place }[];
  payloadHash: Bytes; cosigners: Bytes[]; extras: { key: number; value: Bytes }[];
}
/** The header is of a format that this page does not know, or not in its form. */
export class HeaderUnreadable extends Error {}

function place(r: Reader): Place {
  return { device: r.exact(16), epoch: r.small(U32), seq: r.small(SEQ_MAX) };
}
interface Cause { relation: number; place: Place; hash8: Bytes }
function causeOrder(a: Cause, b: Cause): number {
  return a.relation - b.relation || compare(a.place.device, b.place.device) || a.place.epoch - b.place.epoch
    || a.place.seq - b.place.seq || compare(a.hash8, b.hash8);
}

export function readHeader(bytes: Bytes): Header {
  try {
    if (bytes.length > 2_048) throw new HeaderUnreadable();
    const r = new Reader(bytes);
    r.listOf(18);
    // Version and suite: a newer one is said to be newer, and not guessed at.
    r.constant(1);
    r.constant(1);
    const [election, at, previous, clock] = [r.exact(16), place(r), r.exact(32), r.uint(U64)];
    const [clockSource, clockAgeS, area] = [r.small(255), r.small(U32), r.text(NAME_MAX)];
    if (area === "") throw new HeaderUnreadable();
    const [kind, person, role] = [r.small(U32), r.text(NAME_MAX), r.text(NAME_MAX)];
    const cause = (): Cause => {
      r.listOf(5);
      return { relation: r.small(255), place: place(r), hash8: r.exact(8) };
    };
    const causes = r.ascending(4, cause, causeOrder);
    const payloadHash = r.exact(32);
    const cosigners = r.ascending(4, () => r.exact(16), compare);
    const extra = (): { key: number; value: Bytes } => {
      r.listOf(2);
      return { key: r.small(U32), value: r.blob(128) };
    };
    const extras = r.ascending(8, extra, (a, b) => a.key - b.key);
    r.end();
    return {
      election, place: at, previous, atMs: Number(clock >> 16n), counter: Number(clock & 0xffffn), clockSource, clockAgeS,
      area, kind, person, role, causes, payloadHash, cosigners, extras,
    };
  } catch {
    throw new HeaderUnreadable();
  }
}

export interface Certificate {
  election: Bytes; subject: number; key: Bytes; name: string; area: string; roles: string[]; notBeforeMs: bigint; notAfterMs: bigint;
  signatures: { key: Bytes; signature: Bytes }[];
  /** What its issuers signed. */
  signed: Bytes;
}
export const SUBJECT = { device: 0, person: 1, office: 2 } as const;
const CERTIFICATE_LABEL = utf8("pehra/certif/1\0");

export function readCertificate(bytes: Bytes): Certificate {
  const r = new Reader(bytes);
  r.listOf(2);
  const body = r.blob(STATEMENT_MAX);
  const signature = (): { key: Bytes; signature: Bytes } => {
    r.listOf(2);
    return { key: r.exact(32), signature: r.exact(64) };
  };
  const read = readBody(body);
  const signatures = r.ascending(16, signature, (a, b) => compare(a.key, b.key));
  r.end();
  return { ...read, signatures, signed: joined(CERTIFICATE_LABEL, hash(CERTIFICATE_LABEL, body)) };
}
function readBody(bytes: Bytes): Omit<Certificate, "signatures" | "signed"> {
  let r = new Reader(bytes);
  const seals = r.list(10) === 10;
  if (!seals) {
    r = new Reader(bytes);
    r.listOf(9);
  }
  r.constant(seals ? 2 : 1);
  const body = {
    election: r.exact(16), subject: r.small(255), key: r.exact(32), name: r.text(NAME_MAX), area: r.text(NAME_MAX),
    roles: r.ascending(32, () => r.text(NAME_MAX), byText), notBeforeMs: r.uint(U64), notAfterMs: r.uint(U64),
  };
  if (seals) r.exact(32);
  r.end();
  return body;
}

export interface Cosigned { device: Bytes; timeS: bigint; signature: Bytes }
export interface Proof {
  headerBytes: Bytes; signature: Bytes; index: bigint; path: Bytes[]; device: Bytes; epoch: number; size: bigint;
  logSignature: Bytes; witnesses: Cosigned[]; certificates: Certificate[];
}
export const PROOF_MAX = 64 << 10;

export function readProof(bytes: Bytes): Proof {
  const r = new Reader(bytes);
  r.listOf(11);
  r.constant(1);
  const [headerBytes, signature, index, run] = [r.blob(2_048), r.exact(64), r.uint(SIZE_MAX), r.blob(62 * 32)];
  if (run.length % 32 !== 0) throw new NotCanonical(r.at);
  const path = Array.from({ length: run.length / 32 }, (_, n) => run.slice(32 * n, 32 * n + 32));
  const [device, epoch, size, logSignature] = [r.exact(16), r.small(U32), r.uint(SIZE_MAX), r.exact(64)];
  const cosigned = (): Cosigned => {
    r.listOf(3);
    return { device: r.exact(16), timeS: r.uint(U64), signature: r.exact(64) };
  };
  const witnesses = r.ascending(16, cosigned, (a, b) => compare(a.device, b.device));
  const count = r.list(64);
  const certificates = Array.from({ length: count }, () => readCertificate(r.blob(STATEMENT_MAX)));
  r.end();
  return { headerBytes, signature, index, path, device, epoch, size, logSignature, witnesses, certificates };
}

export interface Founding { election: string; threshold: number; keys: Bytes[]; name: Bytes; fingerprint: string }
const GENESIS_LABEL = utf8("pehra/genesi/1\0");

/** Reads a founding file's bytes; none when they found nothing. */
export function readFounding(bytes: Bytes): Founding | null {
  try {
    const r = new Reader(bytes);
    r.listOf(4);
    r.constant(1);
    const [election, threshold] = [r.text(NAME_MAX), r.small(255)];
    const keys = r.ascending(16, () => r.exact(32), compare);
    r.end();
    if (election === "" || keys.length === 0 || threshold === 0 || threshold > keys.length) return null;
    const named = hash(GENESIS_LABEL, bytes);
    const group = (n: number): string => String(((named[2 * n] ?? 0) << 8) | (named[2 * n + 1] ?? 0)).padStart(5, "0");
    const fingerprint = Array.from({ length: 8 }, (_, n) => group(n)).join(" ");
    return { election, threshold, keys, name: hash(utf8("pehra/election/1"), utf8(election)).slice(0, 16), fingerprint };
  } catch {
    return null;
  }
}

