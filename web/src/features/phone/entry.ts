// An entry of the record as a phone writes it: docs/formats and crates/ledger/src/{header,entry,payload,request}.rs, byte for
// byte. Chance, time and signatures come from the caller; hashes are the browser's own, so that nothing is fetched for them.
import { compare, fromHex, joined, toHex, utf8 } from "../../api/bytes";
import { blob, list, NIL, text, uint } from "../../api/write";

export type Bytes = Uint8Array;
export const hash = async (...parts: Bytes[]): Promise<Bytes> => new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
/** What a key is called: the first 16 bytes of the hash of its public half. */
export const idOf = async (key: Bytes): Promise<Bytes> => (await hash(key)).slice(0, 16);

const HEADER = utf8("pehra/header/1\0");
const AUTHOR = utf8("pehra/author/1\0");
const COSIGN = utf8("pehra/cosign/1\0");
const REQUEST = utf8("pehra/reques/1\0");
const CALLER = utf8("pehra/caller/1\0");
export const ACTOR = "actor";
export const SECOND_PERSON = "second-person";
/** Numbers of a header's own extra fields: the second person's signature, and the mark that every act carries. */
const EXTRA_SECOND = 1;
const EXTRA_MARK = 4;
export const SALT_BYTES = 32;
export const MARK_BYTES = 16;
const RECORD_STATEMENT = 1;
const RECORD_ENTRY = 2;
const CERTIFICATE = 1;

export interface Ref { device: Bytes; epoch: number; seq: number; hash8: Bytes }
/** As the node tells of it. */
export const refOf = (at: { device: string; epoch: number; seq: number; hash8: string }): Ref => ({ device: fromHex(at.device), epoch: at.epoch, seq: at.seq, hash8: fromHex(at.hash8) });
/** Where it stands, as `device/epoch/number`. */
export const placeOf = (at: Omit<Ref, "hash8">): string => `${toHex(at.device)}/${at.epoch}/${at.seq}`;
export interface Draft {
  election: Bytes; device: Bytes; epoch: number; seq: number; previous: Bytes; ms: number; counter: number;
  /** Where the time comes from, and for how many seconds it has run since; none when nobody ever set it. */
  clockSource: number; clockAgeS: number | null;
  area: string; kind: number; person: string; role: string;
  /** What this act takes the place of. */
  after: Ref[]; cosigners: Bytes[]; second: Bytes | null; mark: Bytes; payload: Bytes;
}
export interface Cosigned { key: Bytes; part: string; signature: Bytes }

const SUPERSEDES = 1;
const place = (at: Pick<Ref, "device" | "epoch" | "seq">): Bytes[] => [blob(at.device), uint(at.epoch), uint(at.seq)];
const refOrder = (a: Ref, b: Ref): number => compare(a.device, b.device) || a.epoch - b.epoch || a.seq - b.seq || compare(a.hash8, b.hash8);

export const payloadOf = (salt: Bytes, body: Bytes): Bytes => joined(salt, body);

export async function headerOf(draft: Draft): Promise<Bytes> {
  const causes = [...draft.after].sort(refOrder).map((ref) => list(uint(SUPERSEDES), ...place(ref), blob(ref.hash8)));
  const extras = [...(draft.second ? [list(uint(EXTRA_SECOND), blob(draft.second))] : []), list(uint(EXTRA_MARK), blob(draft.mark))];
  return list(
    uint(1), uint(1), blob(draft.election), ...place(draft), blob(draft.previous),
    uint((BigInt(draft.ms) << 16n) | BigInt(draft.counter)), uint(draft.clockSource), uint(draft.clockAgeS ?? 0xffff_ffff),
    text(draft.area), uint(draft.kind), text(draft.person), text(draft.role), list(...causes), blob(await hash(draft.payload)),
    list(...[...draft.cosigners].sort(compare).map(blob)), list(...extras),
  );
}
export const entryHash = (header: Bytes): Promise<Bytes> => hash(HEADER, header);
/** What the author's key signs. */
export const authorMessage = (named: Bytes): Bytes => joined(AUTHOR, named);
/** What another key signs over the same entry, in a part. */
export const cosignMessage = (named: Bytes, part: string): Bytes => joined(COSIGN, named, utf8(part));
/** The second person's key and signature, as a header carries them. */
export const secondOf = (key: Bytes, signature: Bytes): Bytes => joined(key, signature);

export function entryOf(header: Bytes, signature: Bytes, cosigned: Cosigned[], payload: Bytes | null): Bytes {
  const sorted = [...cosigned].sort((a, b) => compare(a.key, b.key) || (a.part < b.part ? -1 : 1));
  return list(blob(header), blob(signature), list(...sorted.map((one) => list(blob(one.key), text(one.part), blob(one.signature)))), payload ? blob(payload) : NIL);
}

export interface Wish { election: Bytes; subject: number; key: Bytes; name: string; area: string; roles: string[]; fromMs: number; untilMs: number }
export const wishBody = (wish: Wish): Bytes => list(
  uint(1), blob(wish.election), uint(wish.subject), blob(wish.key), text(wish.name), text(wish.area),
  list(...[...wish.roles].sort().map(text)), uint(wish.fromMs), uint(wish.untilMs),
);
export const requestMessage = async (body: Bytes): Promise<Bytes> => joined(REQUEST, await hash(REQUEST, body));
export const requestOf = (body: Bytes, key: Bytes, signature: Bytes): Bytes => list(blob(body), list(list(blob(key), blob(signature))));

/** What a phone signs to be told what concerns it: over a number that the node has just given out. */
export const callerMessage = async (device: Bytes, number: Bytes): Promise<Bytes> => joined(CALLER, await hash(number, device));

const size = (bytes: Bytes): Bytes => {
  const four = new Uint8Array(4);
  new DataView(four.buffer).setUint32(0, bytes.length);
  return four;
};
const record = (sort: number, content: Bytes): Bytes => joined(Uint8Array.of(sort), size(content), content);
const PARCEL = joined(utf8("PhPa"), Uint8Array.of(1));
/** Certificates and entries as one object to hand over (crates/link/src/parcel.rs). */
export const parcelOf = (certificates: Bytes[], entries: Bytes[]): Bytes => joined(
  PARCEL,
  ...certificates.map((one) => record(RECORD_STATEMENT, joined(Uint8Array.of(0, 0, 0, CERTIFICATE), one))),
  ...entries.map((one) => record(RECORD_ENTRY, one)),
);
/** The parts of a parcel; none when it is none or was cut. */
export function openParcel(bytes: Bytes): { certificates: Bytes[]; entries: Bytes[] } | null {
  if (compare(bytes.slice(0, PARCEL.length), PARCEL) !== 0) return null;
  const found = { certificates: [] as Bytes[], entries: [] as Bytes[] };
  let at = PARCEL.length;
  while (at < bytes.length) {
    const [sort, end] = [bytes[at], at + 5];
    if (end > bytes.length) return null;
    const length = new DataView(bytes.buffer, bytes.byteOffset + at + 1, 4).getUint32(0);
    if (end + length > bytes.length) return null;
    const content = bytes.slice(end, end + length);
    if (sort === RECORD_ENTRY) found.entries.push(content);
    else if (sort === RECORD_STATEMENT && content[3] === CERTIFICATE) found.certificates.push(content.slice(4));
    at = end + length;
  }
  return found;
}

const digits = (bytes: Bytes): string => toHex(bytes).toUpperCase();
/** Pieces as one line for a code on a screen (crates/ledger/src/armour.rs). */
export async function codeOf(pieces: { kind: string; bytes: Bytes }[]): Promise<string> {
  const one = async ({ kind, bytes }: { kind: string; bytes: Bytes }): Promise<string> => {
    const sum = (await hash(utf8(kind), Uint8Array.of(0), bytes)).slice(0, 4);
    return `PEHRA-${kind.toUpperCase()}/${digits(bytes)}/${digits(sum)}`;
  };
  return (await Promise.all(pieces.map(one))).join(" ");
}
