// A shelf that a page has in this browser: an IndexedDB with some named stores. Each write is on the disk before anybody is
// told that it is kept.

/** Opened when it is first asked for, and anew after it could not be opened. */
export class Shelf<Store extends string> {
  readonly #name: string;
  readonly #stores: readonly Store[];
  #opened: Promise<IDBDatabase> | null = null;
  constructor(name: string, stores: readonly Store[]) {
    this.#name = name;
    this.#stores = stores;
  }
  #database(): Promise<IDBDatabase> {
    this.#opened ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(this.#name, 1);
      request.onupgradeneeded = () => {
        for (const store of this.#stores) request.result.createObjectStore(store);
      };
      request.onsuccess = () => {
        // Whoever clears the browser's data closes it, too.
        request.result.onclose = () => (this.#opened = null);
        resolve(request.result);
      };
      request.onerror = () => reject(request.error ?? new Error("the browser keeps nothing"));
      request.onblocked = () => reject(new Error("another page holds an older shelf open"));
    });
    this.#opened.catch(() => (this.#opened = null));
    return this.#opened;
  }
  async ask<T>(store: Store, mode: IDBTransactionMode, deed: (on: IDBObjectStore) => IDBRequest<T>): Promise<T> {
    const held = await this.#database();
    return new Promise((resolve, reject) => {
      const transaction = held.transaction(store, mode, { durability: "strict" });
      const request = deed(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error ?? request.error ?? new Error("not kept"));
    });
  }
}
/** Asks the browser not to throw shelves away when space is short; answers whether it agreed. */
export const holdFast = (): Promise<boolean> => navigator.storage?.persist?.().catch(() => false) ?? Promise.resolve(false);
