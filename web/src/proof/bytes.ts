// Bytes, hashes and signatures as the record uses them. Pure, and the same on every page: a page that was opened from a
// file or over plain HTTP has no hashes of the browser's own, and browsers follow other rules for odd signatures than
// the record (ZIP-215), so both come from small libraries.
import { hashes, verify } from "@noble/ed25519";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { joined } from "../api/bytes";

export { compare, equal, joined, toHex, utf8 } from "../api/bytes";

hashes.sha512 = sha512;

export type Bytes = Uint8Array;

/** Bytes from hexadecimal digits of either case; none for anything else. */
export function fromHex(text: string): Bytes | null {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = Number.parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}
export const hash = (...parts: Bytes[]): Bytes => sha256(joined(...parts));
/** What a key is called: the first 16 bytes of the SHA-256 of its public half. */
export const idOf = (key: Bytes): Bytes => hash(key).slice(0, 16);

/** Whether a signature holds under ZIP-215, as every node decides it. */
export function holds(key: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    return verify(signature, message, key, { zip215: true });
  } catch {
    return false;
  }
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
export function base64(bytes: Bytes): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = Math.min(3, bytes.length - at);
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let n = 0; n < 4; n += 1) text += n <= left ? LETTERS[(group >> (18 - 6 * n)) & 63] : "=";
  }
  return text;
}

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
/** Base45 of RFC 9285; none for every text that its writer does not write. */
export function fromBase45(text: string): Bytes | null {
  const bytes: number[] = [];
  for (let at = 0; at < text.length; at += 3) {
    const group = text.slice(at, at + 3);
    let value = 0;
    for (const letter of [...group].reverse()) {
      const digit = DIGITS.indexOf(letter);
      if (digit < 0) return null;
      value = value * 45 + digit;
    }
    if (group.length === 3 && value <= 0xffff) bytes.push(value >> 8, value & 0xff);
    else if (group.length === 2 && value <= 0xff) bytes.push(value);
    else return null;
  }
  return Uint8Array.from(bytes);
}
