// What the phone keeps: its keys, what it was told, its own log, and what it carries for others.
import { Shelf } from "../../api/shelf";
import type { PhoneHello, PhoneOwn } from "../../api/types";
import type { Bytes } from "./entry";
import type { Keys } from "./signer";

export type Fate = "kept" | "handed" | "received" | "read" | "no-effect" | "refused";
export type What =
  | { is: "check-in"; code: string; trouble: boolean; counts: (number | null)[] }
  | { is: "report"; id: string; code: string }
  | { is: "order"; id: string; text: string; acted: boolean }
  | { is: "offer"; step: string; items: string[]; to: string }
  | { is: "receipt"; step: string; items: string[]; from: string; offer: string };
/** An entry of this phone's own log. */
export interface Kept { epoch: number; seq: number; hash: Bytes; bytes: Bytes; atMs: number; what: What; fate: Fate; whyEn: string; whyUr: string }
/** An entry of somebody else's, on its way. */
export interface Carried { id: string; bytes: Bytes; certificates: Bytes[]; fate: Fate }
/** What the phone asks to be. */
export interface Profile { person: string; station: string; role: string }
/** What it is, by its certificate. */
export interface Enrolled { name: string; person: string; station: string; area: string; role: string; untilMs: number }
export interface Own {
  device: Keys; person: Keys; profile: Profile; hello: PhoneHello; told: PhoneOwn;
  enrolled: Enrolled;
  certificates: { device: Bytes | null; person: Bytes | null; behind: Bytes[] };
  /** How far this phone's clock stands behind the node's, and when that was found by the phone's own. */
  clock: { aheadMs: number; setMs: number; lastMs: number; counter: number };
  epoch: number;
}
const SHELF = new Shelf("pehra-phone", ["own", "log", "carried"]);
const place = (one: Pick<Kept, "epoch" | "seq">): number[] => [one.epoch, one.seq];

export const get = <K extends keyof Own>(key: K): Promise<Own[K] | undefined> => SHELF.ask("own", "readonly", (on) => on.get(key) as IDBRequest<Own[K] | undefined>);
export async function put<K extends keyof Own>(key: K, value: Own[K]): Promise<void> {
  await SHELF.ask("own", "readwrite", (on) => on.put(value, key));
}
export const log = (): Promise<Kept[]> => SHELF.ask("log", "readonly", (on) => on.getAll() as IDBRequest<Kept[]>);
/** A new entry: a place that is taken already is never written again. */
export async function add(entry: Kept): Promise<void> {
  await SHELF.ask("log", "readwrite", (on) => on.add(entry, place(entry)));
}
export async function mark(entry: Kept): Promise<void> {
  await SHELF.ask("log", "readwrite", (on) => on.put(entry, place(entry)));
}
export const carried = (): Promise<Carried[]> => SHELF.ask("carried", "readonly", (on) => on.getAll() as IDBRequest<Carried[]>);
export async function carry(entry: Carried): Promise<void> {
  await SHELF.ask("carried", "readwrite", (on) => on.put(entry, entry.id));
}
