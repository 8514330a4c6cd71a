// How proofs and founding files are carried: as text with a check sum, or as lines from several codes on paper. The
// same forms as crates/ledger/src/armour.rs and paper.rs.
import { fromBase45, fromHex, hash, joined, toHex, utf8, type Bytes } from "./bytes";
import { readFounding, type Founding } from "./shapes";

export type CarryFault = "no-beginning" | "not-hex" | "check-sum" | "ends" | "empty" | "not-a-part" | "other-proof" | "missing" | "damaged" | "no-proof" | "no-founding";
/** Why a text cannot be read, in which line (from 1), or which part of how many is missing. */
export class NotCarried extends Error {
  readonly code: CarryFault;
  readonly line: number;
  readonly of: number;
  constructor(code: CarryFault, line = 0, of = 0) {
    super(code);
    this.code = code;
    this.line = line;
    this.of = of;
  }
}

export interface Piece { kind: string; bytes: Bytes }
const MARK = "PEHRA1";
const PARTS_MAX = 64;
export const isPaper = (text: string): boolean => text.trimStart().startsWith(MARK);

const sum = (kind: string, bytes: Bytes): string => toHex(hash(utf8(kind), Uint8Array.of(0), bytes).slice(0, 4));

/** A code's one line as the text that it stands for. */
function ofCode(text: string): string | null {
  const trimmed = text.trim();
  if (!trimmed.startsWith("PEHRA-")) return null;
  const pieces = trimmed.slice(6).split(" PEHRA-").map((code) => code.trim().split("/"));
  if (pieces.some((parts) => parts.length < 3)) return null;
  return pieces.map(([kind, digits, check]) => `pehra-${kind}\n${digits}\n=${check}\n`.toLowerCase()).join("");
}

/** Every piece of a text. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let open: { kind: string; parts: Bytes[] } | null = null;
  for (const [n, raw] of (ofCode(text) ?? text).split("\n").entries()) {
    const [line, number] = [raw.trim(), n + 1];
    if (line === "" || line.startsWith("#")) continue;
    if (!open) {
      if (!line.startsWith("pehra-") || line.length === 6) throw new NotCarried("no-beginning", number);
      open = { kind: line.slice(6), parts: [] };
    } else if (line.startsWith("=")) {
      const bytes = joined(...open.parts);
      if (line.slice(1) !== sum(open.kind, bytes)) throw new NotCarried("check-sum", number);
      found.push({ kind: open.kind, bytes });
      open = null;
    } else {
      const bytes = fromHex(line);
      if (!bytes) throw new NotCarried("not-hex", number);
      open.parts.push(bytes);
    }
  }
  if (open) throw new NotCarried("ends");
  if (found.length === 0) throw new NotCarried("empty");
  return found;
}

export interface Part { part: number; parts: number; name: string; bytes: Bytes }
/** One code's line; none when it is not one of ours. */
export function readPart(line: string): Part | null {
  const [mark, part, parts, name] = line.split(":", 4);
  const head = `${mark}:${part}:${parts}:${name}:`;
  if (mark !== MARK || !/^\d{1,3}$/.test(part ?? "") || !/^\d{1,3}$/.test(parts ?? "") || name === undefined || !line.startsWith(head)) return null;
  const [n, of, bytes] = [Number(part), Number(parts), fromBase45(line.slice(head.length))];
  return bytes && n >= 1 && n <= of && of <= PARTS_MAX ? { part: n, parts: of, name, bytes } : null;
}

/** Puts the lines of codes together, in whatever order and however often each was scanned. */
export function join(text: string): Bytes {
  const found = new Map<number, Bytes>();
  let of: Part | null = null;
  for (const [n, raw] of text.split("\n").entries()) {
    const line = raw.replace(/\r+$/, "");
    if (line.trim() === "") continue;
    const part = readPart(line);
    if (!part) throw new NotCarried("not-a-part", n + 1);
    of ??= part;
    if (part.parts !== of.parts || part.name !== of.name) throw new NotCarried("other-proof", n + 1);
    found.set(part.part, part.bytes);
  }
  if (!of) throw new NotCarried("empty");
  for (let n = 1; n <= of.parts; n += 1) if (!found.has(n)) throw new NotCarried("missing", n, of.parts);
  const whole = joined(...Array.from({ length: of.parts }, (_, n) => found.get(n + 1) ?? new Uint8Array()));
  if (toHex(hash(whole).slice(0, 4)).toUpperCase() !== of.name) throw new NotCarried("damaged");
  return whole;
}

/** The proof in a text, and the founding file if it came along. */
export function proofOf(text: string): { proof: Bytes; founding: Founding | null } {
  if (isPaper(text)) return { proof: join(text), founding: null };
  const all = pieces(text);
  const proof = all.find((piece) => piece.kind === "proof-1");
  if (!proof) throw new NotCarried("no-proof");
  return { proof: proof.bytes, founding: foundingIn(all) };
}
export function foundingOf(text: string): Founding {
  const founding = foundingIn(pieces(text));
  if (!founding) throw new NotCarried("no-founding");
  return founding;
}
function foundingIn(all: Piece[]): Founding | null {
  const piece = all.find((one) => one.kind === "election-1");
  return piece ? readFounding(piece.bytes) : null;
}
