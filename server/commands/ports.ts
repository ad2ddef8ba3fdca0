import type { Alert, AlertChange, JournalledCommand } from '#contract/alert.ts';

/** What this room needs of others; `app.ts` wires it. */

export interface CommandLog {
  /**
   * Puts the command into the journal and answers once it is durable and the alert book has judged it. The same
   * command id again has the same answer. Rejects while the journal takes nothing in.
   */
  submit(
    command: JournalledCommand,
  ): Promise<
    | { readonly change: AlertChange }
    | { readonly refused: { readonly code: 'not-found' | 'not-allowed-now'; readonly reason: string } }
  >;
}

export interface AlertLookup {
  get(id: string): Alert | null | undefined;
}

export interface PeopleLookup {
  unitExists(unit: string): boolean;
  /** @returns the unit of an active user, undefined when there is no such user. */
  unitOfUser(username: string): string | null | undefined;
}
