// Writes the record's canonical CBOR: whole numbers shortest, byte strings, texts, lists of known length. Pure.
import { joined, utf8 } from "./bytes";

function head(major: number, value: bigint): Uint8Array<ArrayBuffer> {
  const top = major << 5;
  if (value < 24n) return Uint8Array.of(top | Number(value));
  const size = value < 0x100n ? 1 : value < 0x1_0000n ? 2 : value < 0x1_0000_0000n ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = top | (23 + [1, 2, 4, 8].indexOf(size) + 1);
  for (let at = size, left = value; at > 0; at -= 1, left >>= 8n) bytes[at] = Number(left & 255n);
  return bytes;
}
export const uint = (value: number | bigint): Uint8Array<ArrayBuffer> => head(0, BigInt(value));
export const blob = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => joined(head(2, BigInt(bytes.length)), bytes);
export const text = (words: string): Uint8Array<ArrayBuffer> => {
  const bytes = utf8(words);
  return joined(head(3, BigInt(bytes.length)), bytes);
};
export const list = (...items: Uint8Array[]): Uint8Array<ArrayBuffer> => joined(head(4, BigInt(items.length)), ...items);
export const NIL = Uint8Array.of(0xf6);
/** A list whose last items may be missing: what is absent at its end is not written. */
export function fields(...items: (Uint8Array | null)[]): Uint8Array<ArrayBuffer> {
  let length = items.length;
  while (length > 0 && !items[length - 1]) length -= 1;
  return list(...items.slice(0, length).map((item) => item ?? NIL));
}
