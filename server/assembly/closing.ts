/** What was opened, closed in the opposite order; each step once, and a failing step does not keep the others open. */
export class Closing {
  readonly #steps: (readonly [what: string, step: () => unknown])[] = [];
  readonly #onError: (what: string, error: unknown) => void;

  constructor(onError: (what: string, error: unknown) => void) {
    this.#onError = onError;
  }

  add(what: string, step: () => unknown): void {
    this.#steps.push([what, step]);
  }

  async run(): Promise<void> {
    for (let next = this.#steps.pop(); next; next = this.#steps.pop()) {
      const [what, step] = next;
      try {
        await step();
      } catch (error) {
        this.#onError(what, error);
      }
    }
  }
}
