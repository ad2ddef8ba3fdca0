/** One part of the hub that may not work, and why. */
export interface Deficiency {
  readonly part: string;
  readonly reason: string;
  /** Without it the hub cannot do its work at all; otherwise it goes on, and says so. */
  readonly fatal: boolean;
}

export interface Part {
  readonly name: string;
  readonly fatal: boolean;
  /** @returns null while it works, otherwise the reason in a sentence. */
  readonly check: () => string | null;
}

/** Asks every part. `/readyz`, `/metrics`, the doctor and the screens tell the same truth because they all ask here. */
export class Readiness {
  readonly #parts: Part[] = [];

  add(part: Part): void {
    this.#parts.push(part);
  }

  deficiencies(): Deficiency[] {
    const found: Deficiency[] = [];
    for (const { name, fatal, check } of this.#parts) {
      const reason = check();
      if (reason !== null) found.push({ part: name, reason, fatal });
    }
    return found;
  }

  get parts(): readonly string[] {
    return this.#parts.map((part) => part.name);
  }
}
