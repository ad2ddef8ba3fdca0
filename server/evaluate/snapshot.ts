import { deserialize, serialize } from 'node:v8';
import type { Subject } from '#contract/verdict.ts';
import type { Instance } from './carry-over.ts';
import { History } from './history.ts';
import type { CompiledRule, RuleMemory } from './rule-set.ts';
import { ARMED, type InstanceTable, type SeriesTable, STRIDE, WAKE } from './tables.ts';

const VERSION = 1;
/** Columns of an instance: phase, flags, start, due, settled, missingSince. */
const WIDTH = 6;

/** State by columns: one object an instance would cost ten times the bytes. */
interface Saved {
  readonly version: number;
  readonly holdUntil: number;
  /** Serialised apart: they seldom change, so their bytes are made once. */
  readonly subjects: Uint8Array;
  readonly cells: Float64Array;
  /** Instances of each subject, in the subjects' order. */
  readonly counts: Uint32Array;
  /** Serialised apart, like the subjects. */
  readonly rules: Uint8Array;
  /** Each instance's place among the rules. */
  readonly rule: Uint32Array;
  readonly columns: Float64Array;
  readonly histories: readonly SavedHistory[];
}

interface SavedHistory {
  readonly instance: number;
  readonly limit: number;
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly judged: number;
}

export interface RestoredSeries {
  readonly subject: Subject;
  readonly cells: Float64Array;
  readonly instances: Instance[];
}

/** Writes an engine's state. Timers are left out: they follow from the rest. */
export class SnapshotWriter {
  #subjects: Uint8Array | null = null;
  #rules: {
    readonly of: readonly CompiledRule[];
    readonly bytes: Uint8Array;
    readonly index: Map<string, number>;
  } | null = null;

  forgetSubjects(): void {
    this.#subjects = null;
  }

  /** @param rules the rules in force, of which all instances are */
  write(series: SeriesTable, table: InstanceTable, rules: readonly CompiledRule[], holdUntil: number): Uint8Array {
    const subjects = series.subjects.filter((subject) => subject !== undefined);
    this.#subjects ??= serialize(subjects);
    if (this.#rules?.of !== rules) {
      const index = new Map(rules.map(({ id }, k) => [id, k]));
      this.#rules = { of: rules, bytes: serialize(rules.map(remember)), index };
    }
    return serialize({
      version: VERSION,
      holdUntil,
      subjects: this.#subjects,
      cells: gatherCells(series, subjects),
      counts: Uint32Array.from(subjects, ({ number }) => series.count[number]!),
      rules: this.#rules.bytes,
      ...gatherInstances(series, table, subjects, this.#rules.index),
    } satisfies Saved);
  }
}

/** @throws RangeError for bytes of another version. */
export function readSnapshot(bytes: Uint8Array): { holdUntil: number; series: RestoredSeries[] } {
  const saved = deserialize(bytes) as Saved;
  if (saved.version !== VERSION) throw new RangeError(`engine snapshot of version ${saved.version} is not known here`);
  const subjects = deserialize(saved.subjects) as Subject[];
  const rules = deserialize(saved.rules) as RuleMemory[];
  const histories = new Map(saved.histories.map((history) => [history.instance, restoreHistory(history)]));
  let next = 0;
  const series = subjects.map((subject, k): RestoredSeries => {
    const first = next;
    next += saved.counts[k]!;
    return {
      subject,
      cells: saved.cells.subarray(k * STRIDE, (k + 1) * STRIDE),
      instances: Array.from({ length: next - first }, (_, j) => restoreInstance(saved, rules, first + j, histories)),
    };
  });
  return { holdUntil: saved.holdUntil, series };
}

function gatherCells(series: SeriesTable, subjects: readonly Subject[]): Float64Array {
  const cells = new Float64Array(subjects.length * STRIDE);
  subjects.forEach(({ number }, k) => {
    cells.set(series.cells.subarray(number * STRIDE, (number + 1) * STRIDE), k * STRIDE);
    cells[k * STRIDE + WAKE] = -Infinity;
    cells[k * STRIDE + ARMED] = Infinity;
  });
  return cells;
}

/** Straight from the tables: an object an instance would make the hub stand still for a tenth of a second. */
function gatherInstances(
  series: SeriesTable,
  table: InstanceTable,
  subjects: readonly Subject[],
  index: ReadonlyMap<string, number>,
): Pick<Saved, 'rule' | 'columns' | 'histories'> {
  const rule = new Uint32Array(series.instances);
  const columns = new Float64Array(series.instances * WIDTH);
  const histories: SavedHistory[] = [];
  let instance = 0;
  for (const { number } of subjects) {
    const end = series.first[number]! + series.count[number]!;
    for (let i = series.first[number]!; i < end; i++, instance++) {
      const at = instance * WIDTH;
      rule[instance] = index.get(table.rules[i]!.id)!;
      columns[at] = table.phase[i]!;
      columns[at + 1] = table.flags[i]!;
      columns[at + 2] = table.start[i]!;
      columns[at + 3] = table.due[i]!;
      columns[at + 4] = table.settled[i]!;
      columns[at + 5] = table.missingSince[i]!;
      const history = table.histories[i];
      if (history) histories.push({ instance, limit: history.limit, ...history.toColumns() });
    }
  }
  return { rule, columns, histories };
}

function restoreInstance(
  saved: Saved,
  rules: readonly RuleMemory[],
  instance: number,
  histories: ReadonlyMap<number, History>,
): Instance {
  const at = instance * WIDTH;
  return {
    rule: rules[saved.rule[instance]!]!,
    phase: saved.columns[at]!,
    flags: saved.columns[at + 1]!,
    start: saved.columns[at + 2]!,
    due: saved.columns[at + 3]!,
    settled: saved.columns[at + 4]!,
    missingSince: saved.columns[at + 5]!,
    history: histories.get(instance) ?? null,
  };
}

function restoreHistory(saved: SavedHistory): History {
  const history = new History(saved.limit);
  for (let k = 0; k < saved.times.length; k++) history.push(saved.times[k]!, saved.values[k]!, 'drop');
  history.judged = saved.judged;
  return history;
}

function remember({ id, judgement, forMs, keepMs, template, missingTemplate }: RuleMemory): RuleMemory {
  return { id, judgement, forMs, keepMs, template, missingTemplate };
}
