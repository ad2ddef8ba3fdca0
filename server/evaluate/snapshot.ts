import { deserialize, serialize } from 'node:v8';
import type { Subject } from '#contract/verdict.ts';
import type { Instance } from './carry-over.ts';
import { History } from './history.ts';
import type { RuleMemory } from './rule-set.ts';
import { ARMED, type SeriesTable, STRIDE, WAKE } from './tables.ts';

const VERSION = 1;
/** Numbers of an instance, in the order of its columns. */
const COLUMNS = ['phase', 'flags', 'start', 'due', 'settled', 'missingSince'] as const;

/** State by columns: one object an instance would cost ten times the bytes. */
interface Saved {
  readonly version: number;
  readonly holdUntil: number;
  /** Serialised apart: they seldom change, so their bytes are made once. */
  readonly subjects: Uint8Array;
  readonly cells: Float64Array;
  /** Instances of each subject, in the subjects' order. */
  readonly counts: Uint32Array;
  readonly rules: readonly RuleMemory[];
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

  forgetSubjects(): void {
    this.#subjects = null;
  }

  /** @param instances by subject, in the order of the subjects' numbers */
  write(series: SeriesTable, instances: readonly (readonly Instance[])[], holdUntil: number): Uint8Array {
    const subjects = series.subjects.filter((subject) => subject !== undefined);
    this.#subjects ??= serialize(subjects);
    const all = instances.flat();
    const rules = new Map(all.map(({ rule }) => [rule.id, rule]));
    const index = new Map([...rules.keys()].map((id, k) => [id, k]));
    const saved: Saved = {
      version: VERSION,
      holdUntil,
      subjects: this.#subjects,
      cells: gatherCells(series, subjects),
      counts: Uint32Array.from(instances, (own) => own.length),
      rules: [...rules.values()].map(remember),
      rule: Uint32Array.from(all, ({ rule }) => index.get(rule.id)!),
      columns: Float64Array.from(all.flatMap((instance) => COLUMNS.map((column) => instance[column]))),
      histories: all.flatMap(({ history }, instance) =>
        history === null ? [] : [{ instance, limit: history.limit, ...history.toColumns() }],
      ),
    };
    return serialize(saved);
  }
}

/** @throws RangeError for bytes of another version. */
export function readSnapshot(bytes: Uint8Array): { holdUntil: number; series: RestoredSeries[] } {
  const saved = deserialize(bytes) as Saved;
  if (saved.version !== VERSION) throw new RangeError(`engine snapshot of version ${saved.version} is not known here`);
  const subjects = deserialize(saved.subjects) as Subject[];
  const histories = new Map(saved.histories.map((history) => [history.instance, restoreHistory(history)]));
  let next = 0;
  const series = subjects.map((subject, k): RestoredSeries => {
    const first = next;
    next += saved.counts[k]!;
    return {
      subject,
      cells: saved.cells.subarray(k * STRIDE, (k + 1) * STRIDE),
      instances: Array.from({ length: next - first }, (_, j) => restoreInstance(saved, first + j, histories)),
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

function restoreInstance(saved: Saved, at: number, histories: ReadonlyMap<number, History>): Instance {
  const [phase, flags, start, due, settled, missingSince] = saved.columns.subarray(at * COLUMNS.length);
  return {
    rule: saved.rules[saved.rule[at]!]!,
    phase: phase!,
    flags: flags!,
    start: start!,
    due: due!,
    settled: settled!,
    missingSince: missingSince!,
    history: histories.get(at) ?? null,
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
