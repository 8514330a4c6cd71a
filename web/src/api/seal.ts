// Opens what was sealed to a reader (docs/formats/compartment.md): each place by HPKE (RFC 9180: X25519, HKDF-SHA256,
// ChaCha20-Poly1305), then the text by XChaCha20-Poly1305. The reader's private key never leaves the browser's keeping.
import { chacha20poly1305, xchacha20poly1305 } from "@noble/ciphers/chacha.js";
import { expand, extract } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { joined, utf8 } from "./bytes";
import { field, readArray, type Item } from "./canonical";

/** What sealed words are bound to: they open nowhere else. */
export interface Binding { election: Uint8Array; author: Uint8Array; kind: number; compartment: Uint8Array }
/** Agrees on a secret with whoever holds the other key. */
export interface Reader { publicKey: Uint8Array; agree: (other: Uint8Array) => Promise<Uint8Array> }

const EMPTY = new Uint8Array(0);
const KEM = joined(utf8("KEM"), Uint8Array.of(0, 0x20));
const HPKE = joined(utf8("HPKE"), Uint8Array.of(0, 0x20, 0, 1, 0, 3));
const VERSION = utf8("HPKE-v1");

const labeled = (suite: Uint8Array, salt: Uint8Array, label: string, secret: Uint8Array): Uint8Array => extract(sha256, joined(VERSION, suite, utf8(label), secret), salt);
const derived = (suite: Uint8Array, key: Uint8Array, label: string, info: Uint8Array, length: number): Uint8Array =>
  expand(sha256, key, joined(Uint8Array.of(length >> 8, length & 255), VERSION, suite, utf8(label), info), length);

/** A byte string or a text as the record writes it: head with the shortest length. */
function item(major: number, bytes: Uint8Array): Uint8Array {
  return joined(uint(major, bytes.length), bytes);
}
function uint(major: number, value: number): Uint8Array {
  const top = major << 5;
  if (value < 24) return Uint8Array.of(top | value);
  if (value < 256) return Uint8Array.of(top | 24, value);
  if (value < 65_536) return Uint8Array.of(top | 25, value >> 8, value & 255);
  return Uint8Array.of(top | 26, value >>> 24, (value >> 16) & 255, (value >> 8) & 255, value & 255);
}
function tie(binding: Binding, commitment: Uint8Array): Uint8Array {
  return joined(uint(4, 6), item(3, utf8("pehra/compartment/1")), item(2, binding.election), item(2, binding.author), uint(0, binding.kind), item(2, binding.compartment), item(2, commitment));
}
const bytesOf = (value: Item | undefined, what: string): Uint8Array => {
  if (!(value instanceof Uint8Array)) throw new Error(`${what} is missing`);
  return value;
};
const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((byte, at) => byte === b[at]);

/** The key in a place, if the place is the reader's. */
async function unwrapped(place: Item[], reader: Reader, info: Uint8Array): Promise<Uint8Array | null> {
  const [enc, wrapped] = [bytesOf(place[0], "a place"), bytesOf(place[1], "a place")];
  try {
    const shared = await reader.agree(enc);
    const secret = derived(KEM, labeled(KEM, EMPTY, "eae_prk", shared), "shared_secret", joined(enc, reader.publicKey), 32);
    const context = joined(Uint8Array.of(0), labeled(HPKE, EMPTY, "psk_id_hash", EMPTY), labeled(HPKE, EMPTY, "info_hash", info));
    const schedule = labeled(HPKE, secret, "secret", EMPTY);
    const key = derived(HPKE, schedule, "key", context, 32);
    return chacha20poly1305(key, derived(HPKE, schedule, "base_nonce", context, 12)).decrypt(wrapped);
  } catch {
    return null;
  }
}

function unpadded(padded: Uint8Array): Uint8Array {
  const length = new DataView(padded.buffer, padded.byteOffset, padded.byteLength).getUint32(0);
  if (length > padded.length - 4 || padded.slice(4 + length).some((byte) => byte !== 0)) throw new Error("the sealed words were altered");
  return padded.slice(4, 4 + length);
}

/** The words, or null when none of the places is the reader's. */
export async function openSealed(body: Uint8Array, binding: Binding, reader: Reader): Promise<Uint8Array | null> {
  const fields = readArray(body);
  if (field(fields, 0, "number") !== 1 || !same(bytesOf(fields[1], "the compartment"), binding.compartment)) throw new Error("these words belong elsewhere");
  const commitment = bytesOf(fields[2], "the commitment");
  const info = tie(binding, commitment);
  const named = (label: string, key: Uint8Array, length: number): Uint8Array => expand(sha256, key, utf8(label), length);
  for (const place of fields[3] as Item[][]) {
    const key = await unwrapped(place, reader, info);
    // A place that was forged gives a key without the commitment.
    if (key && same(named("pehra/seal/commitment/1", key, 32), commitment)) {
      const text = xchacha20poly1305(named("pehra/seal/text/1", key, 32), named("pehra/seal/nonce/1", key, 24), info);
      return unpadded(text.decrypt(bytesOf(fields[4], "the text")));
    }
  }
  return null;
}
