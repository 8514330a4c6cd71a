// The signed-in person's own key in this browser: an Ed25519 pair that cannot be taken out, one for each person
// and election. Signs headers of acts that this page asked for, after looking at whose they are.
import { fromHex, joined, toHex, utf8 } from "./bytes";
import { field, readArray } from "./canonical";
import { canKeep, Keep } from "./keep";

export interface SignPart { part: string; header: string; payload?: string | null }
export interface ToSign { draft: string; key: string; parts: SignPart[] }
export interface OwnKey { id: string; publicHex: string; pair: CryptoKeyPair }

export const ACTOR = "actor";
const SECOND = "second-person";
const HEADER_LABEL = "pehra/header/1\0";
const COSIGN_LABEL = "pehra/cosign/1\0";
const KIND = { name: "Ed25519" } as const;
const PERSON_AT = 12;
const PAYLOAD_AT = 15;
const COSIGNERS_AT = 16;

const sha256 = async (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

const KEPT = new Keep<OwnKey>("pehra-keys");

export const canHold = (): Promise<boolean> => canKeep(KIND, ["sign", "verify"]);
/** The key of a person in this browser, if there is one. */
export const ownKey = (election: string, person: string): Promise<OwnKey | null> => KEPT.get(election, person);
/** Makes a new key; the one before, if there was any, is gone. */
export async function makeKey(election: string, person: string): Promise<OwnKey> {
  const pair = (await crypto.subtle.generateKey(KIND, false, ["sign", "verify"])) as CryptoKeyPair;
  const bytes = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const key: OwnKey = { id: toHex((await sha256(bytes)).slice(0, 16)), publicHex: toHex(bytes), pair };
  await KEPT.put(election, person, key);
  return key;
}
export const forgetKey = (election: string, person: string): Promise<void> => KEPT.forget(election, person);

async function signBytes(key: OwnKey, bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.sign(KIND, key.pair.privateKey, bytes)));
}
/** Signs a wish to be enrolled, exactly as the node prepared it. */
export const signWish = (key: OwnKey, toSign: string): Promise<string> => {
  const bytes = fromHex(toSign);
  // A hostile node must not get an act signed under the name of a wish.
  if (new TextDecoder().decode(bytes.slice(0, 15)) !== "pehra/reques/1\0") throw new Error("this is no wish to be enrolled");
  return signBytes(key, bytes);
};

/** What one header says, as far as the signer must look. */
export interface Looked { kind: number; area: string; role: string; person: string; atMs: number }
export function look(header: Uint8Array): Looked {
  const fields = readArray(header);
  return {
    kind: field(fields, 11, "number"), area: field(fields, 10, "string"), role: field(fields, 13, "string"),
    // 48 bits of milliseconds above 16 of counter.
    person: field(fields, PERSON_AT, "string"), atMs: Number(BigInt(field(fields, 7, "number")) >> 16n),
  };
}

/** Signs every part, or refuses with the reason: a header in another name, a payload that is not the one named. */
export async function signParts(key: OwnKey, person: string, toSign: ToSign): Promise<string[]> {
  const signatures: string[] = [];
  for (const part of toSign.parts) {
    const header = fromHex(part.header);
    const fields = readArray(header);
    const own = field(fields, PERSON_AT, "string") === person;
    if (part.part === ACTOR) {
      const cosigners = (fields[COSIGNERS_AT] as Uint8Array[]).map(toHex);
      if (!own || !cosigners.includes(key.id)) throw new Error("the node asks for a signature in another person's name");
    } else if (part.part !== SECOND || own) throw new Error(`the node asks for a signature as ${part.part}`);
    if (part.payload) {
      const named = toHex(fields[PAYLOAD_AT] as Uint8Array);
      if (named !== toHex(await sha256(fromHex(part.payload)))) throw new Error("the act is not the one that its header names");
    }
    const hash = await sha256(joined(utf8(HEADER_LABEL), header));
    signatures.push(await signBytes(key, joined(utf8(COSIGN_LABEL), hash, utf8(part.part))));
  }
  return signatures;
}
