// What this device keeps: drafts, the lists that were taken along, the forms. IndexedDB, so that a reload, a dead battery
// and an evening without a node lose nothing.
import type { SurveyForms, SurveyPlaces } from "../../api/types";
import type { Draft } from "./draft";

export interface Taken { area: string; name: string; atMs: number; places: SurveyPlaces }
const NAME = "pehra-surveys";
const STORES = ["drafts", "lists", "forms"] as const;
type Store = (typeof STORES)[number];

let opened: Promise<IDBDatabase> | null = null;
function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const store of STORES) request.result.createObjectStore(store);
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("the browser keeps nothing"));
    request.onblocked = () => reject(new Error("another page holds an older shelf open"));
  });
  opened.catch(() => (opened = null));
  return opened;
}
async function ask<T>(store: Store, mode: IDBTransactionMode, deed: (on: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const held = await database();
  return new Promise((resolve, reject) => {
    const transaction = held.transaction(store, mode, { durability: "strict" });
    const request = deed(transaction.objectStore(store));
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error ?? new Error("not kept"));
  });
}

export async function drafts(): Promise<Draft[]> {
  const all = await ask("drafts", "readonly", (on) => on.getAll() as IDBRequest<Draft[]>);
  return all.sort((a, b) => a.changedMs - b.changedMs);
}
export async function keepDraft(draft: Draft): Promise<void> {
  await ask("drafts", "readwrite", (on) => on.put(draft, draft.id));
}
export async function dropDraft(id: string): Promise<void> {
  await ask("drafts", "readwrite", (on) => on.delete(id));
}
export async function lists(): Promise<Taken[]> {
  return ask("lists", "readonly", (on) => on.getAll() as IDBRequest<Taken[]>);
}
export async function keepList(taken: Taken): Promise<void> {
  await ask("lists", "readwrite", (on) => on.put(taken, taken.area));
}
export async function forms(): Promise<SurveyForms | undefined> {
  return ask("forms", "readonly", (on) => on.get("forms") as IDBRequest<SurveyForms | undefined>);
}
export async function keepForms(of: SurveyForms): Promise<void> {
  await ask("forms", "readwrite", (on) => on.put(of, "forms"));
}
/** Asks the browser not to throw the shelf away when space is short. */
export async function holdFast(): Promise<void> {
  await navigator.storage?.persist?.().catch(() => false);
}
