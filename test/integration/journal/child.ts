import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'vite';

const repository = new URL('../../../', import.meta.url).pathname;

/**
 * The journal as plain JavaScript in a directory of its own, for processes and threads that run without a loader on
 * every Node the hub supports.
 * @returns the directory, with `journal.js`, `journal-reader.js` and `directory-lock.js`
 */
export async function buildJournal(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'journal-build-'));
  const entry = (name: string) => join(repository, 'server/journal', `${name}.ts`);
  await build({
    configFile: false,
    root: repository,
    logLevel: 'error',
    ssr: { resolve: { conditions: ['source'] } },
    build: {
      ssr: true,
      outDir: directory,
      emptyOutDir: false,
      rollupOptions: {
        input: {
          journal: entry('journal'),
          'journal-reader': entry('journal-reader'),
          'directory-lock': entry('directory-lock'),
        },
        external: ['lmdb'],
      },
    },
  });
  await symlink(join(repository, 'node_modules'), join(directory, 'node_modules'));
  await writeFile(join(directory, 'package.json'), '{"type":"module"}');
  return directory;
}

export async function temporaryDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'journal-'));
  await mkdir(directory, { recursive: true });
  return directory;
}

export const remove = (directory: string) => rm(directory, { recursive: true, force: true });

/** A script run by Node in `directory`; `lines` collects what it prints. */
export class Child {
  readonly lines: string[] = [];
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  #wake: () => void = () => undefined;

  constructor(directory: string, script: string, argv: readonly string[]) {
    this.process = spawn(process.execPath, ['--input-type=module', '-e', script, '--', ...argv], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      if (stream)
        createInterface({ input: stream }).on('line', (line) => {
          this.lines.push(line);
          this.#wake();
        });
    }
    this.exited = once(this.process, 'close').then(([code]) => code as number | null);
    void this.exited.then(() => this.#wake());
  }

  /** Resolves with the first line that matches; rejects when the process ends without one. */
  async line(pattern: RegExp): Promise<string> {
    for (;;) {
      const found = this.lines.find((line) => pattern.test(line));
      if (found !== undefined) return found;
      if (this.process.exitCode !== null || this.process.signalCode !== null) {
        throw new Error(`the child ended without printing ${pattern}:\n${this.lines.join('\n')}`);
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async kill(): Promise<void> {
    this.process.kill('SIGKILL');
    await this.exited;
  }
}
