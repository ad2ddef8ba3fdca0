import { InvalidSettings } from '../config/settings.ts';
import { InvalidConfig } from '../config/yaml-document.ts';

/** What a command needs of the process; injected so that commands can be tested. */
export interface Program {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Folder of the installed package: pages, default configuration and rules lie below it. */
  readonly root: string;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
}

/** @returns the process's exit code. */
export type Command = (args: readonly string[], program: Program) => Promise<number>;

export const EXIT = { ok: 0, failed: 1, usage: 2, invalidConfiguration: 78 } as const;

/** Errors whose message is written for the administrator; a stack would only hide it. */
const REFUSALS: ReadonlySet<string> = new Set([
  'DirectoryHeld',
  'embedded-database-unusable',
  'InvalidRules',
  'store-refused',
]);

/** Tells of a failure in words an administrator can act on; a stack only for what we did not expect. */
export function explainFailure(error: unknown, program: Program): number {
  if (error instanceof InvalidSettings) {
    program.err('The hub does not start with these settings:');
    for (const { variable, reason } of error.problems) program.err(`  ${variable} ${reason}`);
    return EXIT.invalidConfiguration;
  }
  if (error instanceof InvalidConfig) {
    program.err('The hub does not start with this configuration:');
    for (const { file, line, column, reason } of error.findings) program.err(`  ${file}:${line}:${column} ${reason}`);
    return EXIT.invalidConfiguration;
  }
  if (error instanceof Error && (REFUSALS.has(error.name) || ('code' in error && REFUSALS.has(String(error.code))))) {
    program.err(error.message);
    return EXIT.invalidConfiguration;
  }
  program.err(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.failed;
}
