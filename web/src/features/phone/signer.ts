// A phone's keys: Ed25519 in the browser, where they cannot be taken out; where a browser has no Ed25519, a small library
// signs, and the secret lies encrypted under a key of the browser's that cannot be taken out either.
import { idOf, type Bytes } from "./entry";

const KIND = { name: "Ed25519" } as const;
const WRAP = { name: "AES-GCM", length: 256 } as const;

interface Own { id: Bytes; publicKey: Bytes }
/** As it lies in the browser's store. */
export type Keys = Own & ({ by: "browser"; pair: CryptoKeyPair } | { by: "library"; wrap: CryptoKey; nonce: Bytes; sealed: Bytes });

const library = () => import("@noble/ed25519");
async function browsers(): Promise<CryptoKeyPair | null> {
  try {
    return (await crypto.subtle.generateKey(KIND, false, ["sign", "verify"])) as CryptoKeyPair;
  } catch {
    return null;
  }
}
export const chance = (count: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(count));

export async function makeKeys(): Promise<Keys> {
  const pair = await browsers();
  if (pair) {
    const publicKey = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    return { by: "browser", pair, publicKey, id: await idOf(publicKey) };
  }
  const secret = chance(32);
  const wrap = await crypto.subtle.generateKey(WRAP, false, ["encrypt", "decrypt"]);
  const nonce = chance(12);
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: WRAP.name, iv: nonce }, wrap, secret));
  const publicKey = await (await library()).getPublicKeyAsync(secret);
  secret.fill(0);
  return { by: "library", wrap, nonce, sealed, publicKey, id: await idOf(publicKey) };
}

const own = (bytes: Bytes): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
export async function signWith(keys: Keys, message: Bytes): Promise<Bytes> {
  if (keys.by === "browser") return new Uint8Array(await crypto.subtle.sign(KIND, keys.pair.privateKey, own(message)));
  const secret = new Uint8Array(await crypto.subtle.decrypt({ name: WRAP.name, iv: own(keys.nonce) }, keys.wrap, own(keys.sealed)));
  try {
    return await (await library()).signAsync(message, secret);
  } finally {
    secret.fill(0);
  }
}
