import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Api } from './api.ts';

/** Where a running hub can be reached; the hub writes it to `endpoints.json` in its data directory when it is ready. */
interface Endpoints {
  readonly http: string;
  readonly mqtt: string | null;
  readonly pid: number;
}

export interface HubOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Kept by the caller, for a second start on the same data; otherwise made and removed. */
  readonly dataDir?: string;
  readonly readyWithinMs?: number;
}

export const ADMIN_PASSWORD = 'mat-khau-quan-tri-thu-nghiem';

/** Tests may stand at different depths below the repository, in source or compiled. */
export const repository = (() => {
  const here = fileURLToPath(import.meta.url);
  return here.slice(0, here.search(/(?:dist\/)?test\/support\//));
})();

/** The real hub as its own process, as `npm run serve` would start it, on free ports and a directory of its own. */
export class HubProcess {
  readonly dataDir: string;
  readonly #child: ChildProcess;
  readonly #ownsDirectory: boolean;
  #output = '';
  #endpoints: Endpoints | null = null;

  private constructor(dataDir: string, ownsDirectory: boolean, options: HubOptions) {
    this.dataDir = dataDir;
    this.#ownsDirectory = ownsDirectory;
    this.#child = spawn(process.execPath, [join(repository, 'dist/server/main.js'), 'serve'], {
      cwd: repository,
      env: {
        PATH: process.env.PATH ?? '',
        HUB_DATA_DIR: dataDir,
        HUB_HTTP_PORT: '0',
        HUB_MQTT_PORT: '0',
        HUB_ADMIN_PASSWORD: ADMIN_PASSWORD,
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const collect = (chunk: Buffer) => {
      this.#output = (this.#output + chunk.toString()).slice(-200_000);
    };
    this.#child.stdout?.on('data', collect);
    this.#child.stderr?.on('data', collect);
  }

  static async start(options: HubOptions = {}): Promise<HubProcess> {
    const hub = await HubProcess.launch(options);
    await hub.ready(options.readyWithinMs ?? 60_000);
    return hub;
  }

  /** Starts without waiting, for hubs that are expected to refuse. */
  static async launch(options: HubOptions = {}): Promise<HubProcess> {
    const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'hub-')));
    await rm(join(dataDir, 'endpoints.json'), { force: true });
    return new HubProcess(dataDir, options.dataDir === undefined, options);
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  get output(): string {
    return this.#output;
  }

  get http(): string {
    return this.#ready().http;
  }

  get mqtt(): string {
    return this.#ready().mqtt ?? '';
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async ready(withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
      if (!this.running) throw new Error(`the hub ended with ${this.#child.exitCode}:\n${this.#output}`);
      const text = await readFile(join(this.dataDir, 'endpoints.json'), 'utf8').catch(() => null);
      if (text) {
        this.#endpoints = JSON.parse(text) as Endpoints;
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the hub was not ready within ${withinMs} ms:\n${this.#output}`);
  }

  /** @returns the exit code. */
  async exit(withinMs = 20_000): Promise<number | null> {
    if (!this.running) return this.#child.exitCode;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the hub did not end:\n${this.#output}`)), withinMs);
      this.#child.once('exit', (code) => {
        clearTimeout(timer);
        resolve(code);
      });
    });
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exit();
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Ctrl-C, and the directory gone when it was ours. */
  async stop(): Promise<number | null> {
    if (this.running) this.#child.kill('SIGINT');
    const code = await this.exit();
    if (this.#ownsDirectory) await rm(this.dataDir, { recursive: true, force: true });
    return code;
  }

  /** A session of the first administrator. */
  async admin(): Promise<Api> {
    return await Api.login(this.http, 'admin', ADMIN_PASSWORD);
  }

  #ready(): Endpoints {
    if (!this.#endpoints) throw new Error('the hub is not ready yet');
    return this.#endpoints;
  }
}
