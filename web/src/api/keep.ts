// Keys that this browser keeps and never shows: one for each person and election, in IndexedDB.

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

/** What one database keeps under a person and an election. */
export class Keep<T> {
  readonly #name: string;
  constructor(name: string) {
    this.#name = name;
  }
  #open(): Promise<IDBDatabase> {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore("own");
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error("the browser keeps no keys"));
    });
  }
  async #ask<R>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<R>): Promise<R> {
    const database = await this.#open();
    try {
      return await new Promise<R>((resolve, reject) => {
        const transaction = database.transaction("own", mode);
        const request = work(transaction.objectStore("own"));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onerror = () => reject(transaction.error ?? new Error("the browser kept nothing"));
      });
    } finally {
      database.close();
    }
  }
  /** None, too, where the browser keeps nothing at all. */
  async get(election: string, person: string): Promise<T | null> {
    try {
      return (await this.#ask("readonly", (store) => store.get(slot(election, person)) as IDBRequest<T | undefined>)) ?? null;
    } catch {
      return null;
    }
  }
  async put(election: string, person: string, value: T): Promise<void> {
    await this.#ask("readwrite", (store) => store.put(value, slot(election, person)));
  }
  async forget(election: string, person: string): Promise<void> {
    await this.#ask("readwrite", (store) => store.delete(slot(election, person)));
  }
}
const slot = (election: string, person: string): string => `${election}/${person}`;
