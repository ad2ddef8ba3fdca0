import { deserialize, serialize } from 'node:v8';
import type { AlertState } from './alert-state.ts';
import type { CommandAnswer } from './book.ts';
import type { SavedRetention } from './retention.ts';

const VERSION = 2;

/** The recent changes are left out: after a restart a client takes a snapshot instead. */
export interface SavedBook {
  readonly seq: number;
  readonly completeFrom: number;
  readonly alerts: readonly AlertState[];
  readonly retention: SavedRetention;
  readonly answers: readonly (readonly [string, CommandAnswer])[];
}

export function writeSnapshot(book: SavedBook): Uint8Array {
  return serialize({ version: VERSION, ...book });
}

/** @throws RangeError for bytes of another version. */
export function readSnapshot(bytes: Uint8Array): SavedBook {
  const saved = deserialize(bytes) as SavedBook & { readonly version: number };
  if (saved.version !== VERSION) throw new RangeError(`alert snapshot of version ${saved.version} is not known here`);
  return saved;
}
