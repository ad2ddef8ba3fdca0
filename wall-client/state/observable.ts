/** Something that tells when it changed. Listeners read the present state from the store itself. */
export class Observable {
  readonly #listeners = new Set<() => void>();
  #revision = 0;

  /** Grows with every change; cheap to compare. */
  get revision(): number {
    return this.#revision;
  }

  /** @returns stops listening. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  protected changed(): void {
    this.#revision++;
    // A copy: a listener may unsubscribe itself or another while being told.
    for (const listener of [...this.#listeners]) listener();
  }
}
