// The signed-in person's reading key in this browser: an X25519 pair that cannot be taken out, one for each person
// and election. What is sealed to it opens here and nowhere else.
import { fromHex, toHex } from "./bytes";
import { canKeep, Keep } from "./keep";
import { openSealed, type Reader } from "./seal";

export interface SealedWords { body: string; election: string; author: string; kind: number; compartment: string }
interface Kept { publicHex: string; pair: CryptoKeyPair }

const KIND = { name: "X25519" } as const;

const KEPT = new Keep<Kept>("pehra-reading");

export const canRead = (): Promise<boolean> => canKeep(KIND, ["deriveBits"]);
/** The public half of the person's key in this browser; empty when there is none. */
export const readingKey = async (election: string, person: string): Promise<string> => (await KEPT.get(election, person))?.publicHex ?? "";

/** Makes a key, or gives the one that is there: what was sealed to it must go on opening. */
export async function makeReadingKey(election: string, person: string): Promise<string> {
  const known = await KEPT.get(election, person);
  if (known) return known.publicHex;
  const pair = (await crypto.subtle.generateKey(KIND, false, ["deriveBits"])) as CryptoKeyPair;
  const publicHex = toHex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  await KEPT.put(election, person, { publicHex, pair });
  return publicHex;
}

/** Agrees by the browser's own X25519. */
export const readerOf = (pair: CryptoKeyPair, publicKey: Uint8Array): Reader => ({
  publicKey,
  agree: async (other) => {
    const theirs = await crypto.subtle.importKey("raw", new Uint8Array(other), KIND, false, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: theirs }, pair.privateKey, 256));
  },
});

/** The words as text; null when they were not sealed to this browser's key. */
export async function readWords(election: string, person: string, words: SealedWords): Promise<string | null> {
  const own = await KEPT.get(election, person);
  if (!own) return null;
  const binding = { election: fromHex(words.election), author: fromHex(words.author), kind: words.kind, compartment: fromHex(words.compartment) };
  const opened = await openSealed(fromHex(words.body), binding, readerOf(own.pair, fromHex(own.publicHex)));
  return opened && new TextDecoder("utf-8", { fatal: true }).decode(opened);
}
