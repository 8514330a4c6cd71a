// The signed-in person's reading key in this browser: an X25519 pair that cannot be taken out, kept in IndexedDB, one for
// each person and election. What is sealed to it opens here and nowhere else.
import { fromHex } from "./key";
import { toHex } from "./bytes";
import { openSealed, type Reader } from "./seal";

export interface SealedWords { body: string; election: string; author: string; kind: number; compartment: string }
interface Kept { publicHex: string; pair: CryptoKeyPair }

const KIND = { name: "X25519" } as const;

/** Whether this page can hold a reading key. */
export async function canRead(): Promise<boolean> {
  try {
    if (!globalThis.isSecureContext || !indexedDB) return false;
    await crypto.subtle.generateKey(KIND, false, ["deriveBits"]);
    return true;
  } catch {
    return false;
  }
}

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("pehra-reading", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("own");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser keeps no keys"));
  });
}
async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction("own", mode);
      const request = work(transaction.objectStore("own"));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onerror = () => reject(transaction.error ?? new Error("the browser kept nothing"));
    });
  } finally {
    database.close();
  }
}
const slot = (election: string, person: string): string => `${election}/${person}`;

async function kept(election: string, person: string): Promise<Kept | null> {
  try {
    return ((await inStore("readonly", (store) => store.get(slot(election, person)) as IDBRequest<Kept | undefined>)) as Kept | undefined) ?? null;
  } catch {
    return null;
  }
}
/** The public half of the person's key in this browser; empty when there is none. */
export const readingKey = async (election: string, person: string): Promise<string> => (await kept(election, person))?.publicHex ?? "";

/** Makes a key, or gives the one that is there: what was sealed to it must go on opening. */
export async function makeReadingKey(election: string, person: string): Promise<string> {
  const known = await kept(election, person);
  if (known) return known.publicHex;
  const pair = (await crypto.subtle.generateKey(KIND, false, ["deriveBits"])) as CryptoKeyPair;
  const publicHex = toHex(new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  await inStore("readwrite", (store) => store.put({ publicHex, pair } satisfies Kept, slot(election, person)));
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
  const own = await kept(election, person);
  if (!own) return null;
  const binding = { election: fromHex(words.election), author: fromHex(words.author), kind: words.kind, compartment: fromHex(words.compartment) };
  const opened = await openSealed(fromHex(words.body), binding, readerOf(own.pair, fromHex(own.publicHex)));
  return opened && new TextDecoder("utf-8", { fatal: true }).decode(opened);
}
