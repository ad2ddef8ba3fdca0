import { base } from './0001-base.ts';

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** In order; forward only. A number that was released never changes: its checksum is in every database. */
export const MIGRATIONS: readonly Migration[] = [{ number: 1, name: 'base', sql: base }];
