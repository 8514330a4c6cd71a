// Keys that this browser keeps and never shows: one for each person and election.
import { Shelf } from "./shelf";

/** Whether this page can hold such a key: a secure address and a browser that knows the algorithm. */
export async function canKeep(kind: { name: string }, usages: KeyUsage[]): Promise<boolean> {
  try {
    if (!globalThis.isSecureContext || !indexedDB) return false;
    await crypto.subtle.generateKey(kind, false, usages);
    return true;
  } catch {
    return false;
  }
}

/** What one shelf keeps under a person and an election. */
export class Keep<T> {
  readonly #shelf: Shelf<"own">;
  constructor(name: string) {
    this.#shelf = new Shelf(name, ["own"]);
  }
  /** None, too, where the browser keeps nothing at all. */
  async get(election: string, person: string): Promise<T | null> {
    try {
      return (await this.#shelf.ask("own", "readonly", (on) => on.get(slot(election, person)) as IDBRequest<T | undefined>)) ?? null;
    } catch {
      return null;
    }
  }
  async put(election: string, person: string, value: T): Promise<void> {
    await this.#shelf.ask("own", "readwrite", (on) => on.put(value, slot(election, person)));
  }
  async forget(election: string, person: string): Promise<void> {
    await this.#shelf.ask("own", "readwrite", (on) => on.delete(slot(election, person)));
  }
}
const slot = (election: string, person: string): string => `${election}/${person}`;
