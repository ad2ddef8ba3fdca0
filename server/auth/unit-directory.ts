import type { NewUnit, Unit } from '#contract/people.ts';
import type { Audit, Caller } from './caller.ts';
import type { UnitStore } from './ports.ts';
import { Refused, refuseField } from './refusal.ts';

export interface UnitDirectoryOptions {
  readonly store: UnitStore;
  readonly audit: Audit;
}

/** Units of the configuration and those added through the interface. The file's win: it is what the province decided. */
export class UnitDirectory {
  readonly #store: UnitStore;
  readonly #audit: Audit;
  readonly #configured = new Map<string, Unit>();
  readonly #added = new Map<string, Unit>();

  constructor(options: UnitDirectoryOptions) {
    this.#store = options.store;
    this.#audit = options.audit;
  }

  restore(units: readonly Unit[]): void {
    for (const unit of units) this.#added.set(unit.id, unit);
  }

  /** Takes over the configuration's units, at start and after a reload. */
  configure(units: readonly Unit[]): void {
    this.#configured.clear();
    for (const unit of units) this.#configured.set(unit.id, unit);
  }

  get(id: string): Unit | undefined {
    return this.#configured.get(id) ?? this.#added.get(id);
  }

  has(id: string): boolean {
    return this.#configured.has(id) || this.#added.has(id);
  }

  /** @returns sorted by id. */
  list(): Unit[] {
    return [...new Map([...this.#added, ...this.#configured]).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @throws Refused `conflict` or `invalid-request`; what the store throws */
  async create(unit: NewUnit, by: Caller): Promise<Unit> {
    const parent = unit.parent ?? null;
    if (this.has(unit.id)) throw new Refused('conflict', `there is a unit "${unit.id}" already`);
    if (parent !== null && !this.has(parent)) throw refuseField('/parent', `there is no unit "${parent}"`);
    const record: Unit = {
      id: unit.id,
      kind: unit.kind,
      name: { vi: unit.name.vi.normalize('NFC'), en: unit.name.en.normalize('NFC') },
      parent,
    };
    await this.#store.create(record);
    this.#added.set(record.id, record);
    this.#audit(by, 'unit.create', record.id, { kind: record.kind, parent });
    return record;
  }
}
