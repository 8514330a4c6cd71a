// Reads one list of the record's canonical CBOR: whole numbers, byte strings, texts, lists. Pure.

export type Item = number | bigint | string | Uint8Array | boolean | null | Item[];

class Cursor {
  at = 0;
  readonly bytes: Uint8Array;
  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }
  take(count: number): Uint8Array {
    if (count > this.bytes.length - this.at) throw new Error("the bytes end in the middle");
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }
  head(): { major: number; value: number | bigint } {
    const first = this.take(1)[0] ?? 0;
    const major = first >> 5;
    const short = first & 31;
    if (short < 24) return { major, value: short };
    if (short > 27) throw new Error("a length that the record does not use");
    let value = 0n;
    for (const byte of this.take(1 << (short - 24))) value = (value << 8n) | BigInt(byte);
    return { major, value: value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value };
  }
  item(depth = 0): Item {
    if (depth > 8) throw new Error("lists within lists without end");
    const { major, value } = this.head();
    const count = Number(value);
    if (major === 0) return value;
    if (major === 2) return this.take(count);
    if (major === 3) return new TextDecoder("utf-8", { fatal: true }).decode(this.take(count));
    if (major === 4) {
      const list: Item[] = [];
      for (let i = 0; i < count; i += 1) list.push(this.item(depth + 1));
      return list;
    }
    if (major === 7 && (count === 20 || count === 21)) return count === 21;
    if (major === 7 && count === 22) return null;
    throw new Error("something that the record does not use");
  }
}

export function readArray(bytes: Uint8Array): Item[] {
  const cursor = new Cursor(bytes);
  const item = cursor.item();
  if (!Array.isArray(item) || cursor.at !== bytes.length) throw new Error("no list, or something after it");
  return item;
}

interface Kinds { number: number | bigint; string: string }
/** A field of a list, of the kind that it must have. */
export function field<K extends keyof Kinds>(fields: Item[], at: number, kind: K): K extends "number" ? number : string {
  const value = fields[at];
  if (kind === "number" && typeof value === "bigint") return value as never;
  if (typeof value !== kind) throw new Error(`field ${at} is no ${kind}`);
  return value as never;
}
