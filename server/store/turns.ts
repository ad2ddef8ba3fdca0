/**
 * Shares one connection between the writer and everybody who asks. After each turn of the writer, those who asked until
 * then go first; so a query waits for at most one write, and the writer for at most the queries that stood before it.
 */
export class Turns {
  #busy = false;
  #wasWriter = false;
  /** How many queries may still go before a waiting writer. */
  #allowance = 0;
  readonly #writers: (() => void)[] = [];
  readonly #readers: (() => void)[] = [];

  async take<T>(kind: 'write' | 'read', work: () => Promise<T>): Promise<T> {
    await this.#enter(kind);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #enter(kind: 'write' | 'read'): Promise<void> | undefined {
    if (!this.#busy) {
      this.#busy = true;
      this.#wasWriter = kind === 'write';
      return undefined;
    }
    return new Promise((go) => (kind === 'write' ? this.#writers : this.#readers).push(go));
  }

  #leave(): void {
    if (this.#wasWriter) this.#allowance = this.#readers.length;
    const readerFirst = this.#readers.length > 0 && (this.#allowance > 0 || this.#writers.length === 0);
    const next = readerFirst ? this.#readers.shift() : this.#writers.shift();
    if (readerFirst && this.#allowance > 0) this.#allowance--;
    this.#wasWriter = next !== undefined && !readerFirst;
    this.#busy = next !== undefined;
    next?.();
  }
}
