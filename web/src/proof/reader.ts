// Reads the record's canonical CBOR strictly: whatever its writer would not have written is refused, so that one value
// has one spelling. The same limits as in crates/ledger/src/canonical.rs.
import { compare, type Bytes } from "./bytes";

/** The bytes are not what the format has there. `at` counts from zero. */
export class NotCanonical extends Error {
  readonly at: number;
  constructor(at: number) {
    super(`byte ${at} is not in its canonical form`);
    this.at = at;
  }
}

const MAJOR = { uint: 0, bytes: 2, text: 3, list: 4 } as const;
export const U64 = (1n << 64n) - 1n;

export class Reader {
  at = 0;
  readonly bytes: Bytes;
  constructor(bytes: Bytes) {
    this.bytes = bytes;
  }
  end(): void {
    if (this.at !== this.bytes.length) throw new NotCanonical(this.at);
  }
  #take(count: number): Bytes {
    if (count > this.bytes.length - this.at) throw new NotCanonical(this.at);
    this.at += count;
    return this.bytes.slice(this.at - count, this.at);
  }
  #head(major: number, max: bigint): bigint {
    const at = this.at;
    const [first] = this.#take(1);
    if (first === undefined || first >> 5 !== major) throw new NotCanonical(at);
    const short = first & 31;
    if (short > 27) throw new NotCanonical(at);
    let value = BigInt(short);
    if (short >= 24) {
      const wide = 1 << (short - 24);
      value = this.#take(wide).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
      // In a shorter form it would have fitted.
      if (value < (wide === 1 ? 24n : 1n << BigInt(4 * wide))) throw new NotCanonical(at);
    }
    if (value > max) throw new NotCanonical(at);
    return value;
  }
  uint(max: bigint): bigint {
    return this.#head(MAJOR.uint, max);
  }
  small(max: number): number {
    return Number(this.uint(BigInt(max)));
  }
  constant(value: number): void {
    const at = this.at;
    if (this.uint(U64) !== BigInt(value)) throw new NotCanonical(at);
  }
  blob(max: number): Bytes {
    return this.#take(Number(this.#head(MAJOR.bytes, BigInt(max))));
  }
  exact(count: number): Bytes {
    const at = this.at;
    const bytes = this.blob(count);
    if (bytes.length !== count) throw new NotCanonical(at);
    return bytes;
  }
  text(max: number): string {
    const at = this.at;
    const bytes = this.#take(Number(this.#head(MAJOR.text, BigInt(max))));
    let text = "";
    try {
      text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    } catch {
      throw new NotCanonical(at);
    }
    if (/\p{Cc}/u.test(text)) throw new NotCanonical(at);
    return text;
  }
  list(max: number): number {
    return Number(this.#head(MAJOR.list, BigInt(max)));
  }
  listOf(items: number): void {
    const at = this.at;
    if (this.list(items) !== items) throw new NotCanonical(at);
  }
  /** A list whose items come strictly one after the other. */
  ascending<T>(max: number, item: () => T, order: (a: T, b: T) => number): T[] {
    const count = this.list(max);
    const items: T[] = [];
    for (let n = 0; n < count; n += 1) {
      const at = this.at;
      const next = item();
      const last = items[items.length - 1];
      if (last !== undefined && order(last, next) >= 0) throw new NotCanonical(at);
      items.push(next);
    }
    return items;
  }
}

export const byText = (a: string, b: string): number => compare(new TextEncoder().encode(a), new TextEncoder().encode(b));
