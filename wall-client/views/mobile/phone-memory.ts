import type { Alert, AlertCommand } from '#contract/alert.ts';
import type { Principal } from '#contract/people.ts';

export type Person = Exclude<Principal, { readonly kind: 'wall' }>;

/** The list of alerts as this phone last had it, and whose it is. `at`: hub clock, ms since the Unix epoch. */
export interface RememberedList {
  readonly person: Person;
  readonly at: number;
  readonly alerts: readonly Alert[];
}

/** A command tapped while the hub could not be reached, or refused when it at last could. */
export interface PendingCommand {
  /** Also its `Idempotency-Key`. */
  readonly id: string;
  readonly username: string;
  readonly alert: string;
  readonly command: AlertCommand;
  /** Page clock, ms since the Unix epoch. */
  readonly at: number;
  /** Why the hub refused it; null: not sent yet. */
  readonly refused: string | null;
}

/** What a phone keeps between two openings. Nothing of it outlives a logout. */
export interface PhoneMemory {
  list(): Promise<RememberedList | null>;
  keepList(list: RememberedList): Promise<void>;
  /** Oldest first. */
  pending(): Promise<readonly PendingCommand[]>;
  putPending(command: PendingCommand): Promise<void>;
  dropPending(id: string): Promise<void>;
  /** Everything. */
  forget(): Promise<void>;
}

const DATABASE = 'ioc-phone';
const FACTS = 'facts';
const PENDING = 'pending';
const LIST = 'list';

/** {@link PhoneMemory} in IndexedDB, which the service worker's cache is not: it is cleared by the person's logout. */
export class IndexedPhoneMemory implements PhoneMemory {
  readonly #database: Promise<IDBDatabase>;

  constructor(factory: IDBFactory) {
    this.#database = openDatabase(factory);
    // Where storage is refused (private windows) every use fails by itself; the opening must not fail unheard.
    this.#database.catch(() => {});
  }

  async list(): Promise<RememberedList | null> {
    return (await this.#run<RememberedList | undefined>(FACTS, 'readonly', (store) => store.get(LIST))) ?? null;
  }

  async keepList(list: RememberedList): Promise<void> {
    await this.#run(FACTS, 'readwrite', (store) => store.put(list, LIST));
  }

  async pending(): Promise<readonly PendingCommand[]> {
    const all = await this.#run<PendingCommand[]>(PENDING, 'readonly', (store) => store.getAll());
    return all.sort((a, b) => a.at - b.at);
  }

  async putPending(command: PendingCommand): Promise<void> {
    await this.#run(PENDING, 'readwrite', (store) => store.put(command));
  }

  async dropPending(id: string): Promise<void> {
    await this.#run(PENDING, 'readwrite', (store) => store.delete(id));
  }

  async forget(): Promise<void> {
    await this.#run(FACTS, 'readwrite', (store) => store.clear());
    await this.#run(PENDING, 'readwrite', (store) => store.clear());
  }

  async #run<T>(name: string, mode: IDBTransactionMode, use: (store: IDBObjectStore) => IDBRequest): Promise<T> {
    const database = await this.#database;
    return await new Promise<T>((resolve, reject) => {
      const transaction = database.transaction(name, mode);
      const request = use(transaction.objectStore(name));
      // Not the request's success: only the transaction's end means that it is kept.
      transaction.oncomplete = () => resolve(request.result as T);
      transaction.onabort = () => reject(transaction.error ?? request.error);
      transaction.onerror = () => reject(transaction.error ?? request.error);
    });
  }
}

function openDatabase(factory: IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = factory.open(DATABASE, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(FACTS);
      request.result.createObjectStore(PENDING, { keyPath: 'id' });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
