import { deserialize, serialize } from 'node:v8';
import type { AlertState } from './alert-state.ts';
import type { SavedRetention } from './retention.ts';

const VERSION = 2;

/** The recent changes are left out: after a restart a client takes a snapshot instead. */
export interface SavedBook<Answer> {
  readonly seq: number;
  readonly completeFrom: number;
  readonly alerts: readonly AlertState[];
  readonly retention: SavedRetention;
  readonly answers: readonly (readonly [string, Answer])[];
}

export function writeSnapshot<Answer>(book: SavedBook<Answer>): Uint8Array {
  return serialize({ version: VERSION, ...book });
}

/** @throws RangeError for bytes of another version. */
export function readSnapshot<Answer>(bytes: Uint8Array): SavedBook<Answer> {
  const saved = deserialize(bytes) as SavedBook<Answer> & { readonly version: number };
  if (saved.version !== VERSION) throw new RangeError(`alert snapshot of version ${saved.version} is not known here`);
  return saved;
}
