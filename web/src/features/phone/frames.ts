// A parcel as codes on a screen: the frames of crates/link/src/{fountain,screen}.rs. A phone shows the object's own frames in
// turn and no repairing ones: parcels are small, and whoever has all of them needs no decoder. A desk takes them as they are.
import { compare, joined, utf8 } from "../../api/bytes";
import { hash, type Bytes } from "./entry";

const MARK = "PEHRA:";
export const FRAME = /^PEHRA:/;
const SORT = 0xf0;
const HEAD = 15;
const TAG = 4;
/** What one code of version 15 carries (`screen::FRAME_BYTES`). */
const FRAME_BYTES = 396;
const SYMBOL = FRAME_BYTES - HEAD - TAG;
const OBJECT_MAX = 256 * 1024;
const OBJECT = utf8("pehra/object/1\0");
const OPEN = utf8("pehra/frameo/1\0");
const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

export function toText(frame: Bytes): string {
  let text = MARK;
  for (let at = 0; at < frame.length; at += 2) {
    const pair = at + 1 < frame.length;
    let value = pair ? ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0) : (frame[at] ?? 0);
    for (let n = 0; n < (pair ? 3 : 2); n += 1, value = Math.floor(value / 45)) text += DIGITS[value % 45];
  }
  return text;
}
export function fromText(text: string): Bytes | null {
  if (!text.startsWith(MARK)) return null;
  const bytes: number[] = [];
  for (let at = MARK.length; at < text.length; at += 3) {
    const digits = [...text.slice(at, at + 3)].map((letter) => DIGITS.indexOf(letter));
    const value = digits.reduceRight((sum, digit) => sum * 45 + digit, 0);
    if (digits.includes(-1) || digits.length < 2 || value > (digits.length === 3 ? 0xffff : 0xff)) return null;
    if (digits.length === 3) bytes.push(value >> 8);
    bytes.push(value & 255);
  }
  return Uint8Array.from(bytes);
}
const three = (value: number): Bytes => Uint8Array.of((value >> 16) & 255, (value >> 8) & 255, value & 255);
const number = (bytes: Bytes): number => bytes.reduce((sum, byte) => sum * 256 + byte, 0);
export const objectName = async (object: Bytes): Promise<Bytes> => (await hash(OBJECT, object)).slice(0, 8);

/** Every code of an object, in order. */
export async function codesOf(object: Bytes): Promise<string[]> {
  const name = await objectName(object);
  const frames: string[] = [];
  for (let at = 0; at < Math.ceil(object.length / SYMBOL); at += 1) {
    const symbol = new Uint8Array(SYMBOL);
    symbol.set(object.slice(at * SYMBOL, (at + 1) * SYMBOL));
    const frame = joined(Uint8Array.of(SORT), name, three(object.length), three(at), symbol);
    frames.push(toText(joined(frame, (await hash(OPEN, frame)).slice(0, TAG))));
  }
  return frames;
}

/** Collects the frames of one object after another; a frame of a new one begins anew. */
export class Collector {
  #name: Bytes = new Uint8Array();
  #length = 0;
  #parts = new Map<number, Bytes>();
  held = 0;
  needed = 0;
  /** The object, once it is whole. */
  async take(text: string): Promise<Bytes | null> {
    const frame = fromText(text);
    if (!frame || frame.length <= HEAD + TAG || frame[0] !== SORT) return null;
    const [body, tag] = [frame.slice(0, -TAG), frame.slice(-TAG)];
    if (compare((await hash(OPEN, body)).slice(0, TAG), tag) !== 0) return null;
    const [name, length, at, symbol] = [body.slice(1, 9), number(body.slice(9, 12)), number(body.slice(12, 15)), body.slice(HEAD)];
    if (length === 0 || length > OBJECT_MAX) return null;
    if (compare(name, this.#name) !== 0 || length !== this.#length) {
      [this.#name, this.#length] = [name, length];
      this.#parts.clear();
    }
    this.needed = Math.ceil(length / symbol.length);
    // Repairing frames need a decoder that a phone does not carry: the others come round again.
    if (at < this.needed) this.#parts.set(at, symbol);
    this.held = this.#parts.size;
    if (this.held < this.needed) return null;
    const object = joined(...Array.from({ length: this.needed }, (_, n) => this.#parts.get(n) ?? new Uint8Array())).slice(0, length);
    if (compare(await objectName(object), name) === 0) return object;
    this.#parts.clear();
    return null;
  }
}
