/**
 * Up to where everything is dealt with, when things begin in order and end in any order. The position is told on, and
 * only ever forward.
 */
export class OpenPositions {
  readonly #open = new Map<number, number>();
  readonly #advance: (position: number) => void;
  #reached = 0;
  #told = -1;

  constructor(advance: (position: number) => void) {
    this.#advance = advance;
  }

  /** Everything up to here was looked at. */
  reached(position: number): void {
    this.#reached = position;
    this.#tell();
  }

  /** One more thing of this position is under way. Positions begin in ascending order, before they are reached. */
  begin(position: number): void {
    this.#open.set(position, (this.#open.get(position) ?? 0) + 1);
  }

  end(position: number): void {
    const left = (this.#open.get(position) ?? 1) - 1;
    if (left > 0) {
      this.#open.set(position, left);
      return;
    }
    this.#open.delete(position);
    this.#tell();
  }

  #tell(): void {
    const [oldest] = this.#open.keys();
    const done = oldest === undefined ? this.#reached : Math.min(this.#reached, oldest - 1);
    if (done <= this.#told) return;
    this.#told = done;
    this.#advance(done);
  }
}
