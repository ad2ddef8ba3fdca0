import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { Server } from 'socket.io';
import { build, type UserConfig } from 'vite';
import type { Alert } from '#contract/alert.ts';
import type { AgeMessage, WatchReply } from '#contract/live.ts';
import { LIVE_EVENTS, LIVE_NAMESPACE } from '#contract/names.ts';
import config from '../../wall-client/vite.config.ts';

/** What a page asked of the hub. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly headers: IncomingMessage['headers'];
}

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** `GET /units` → answer; `:id` matches one level. A handler may look at what was received and at the script's state. */
export type Routes = Record<string, (received: Received, parts: readonly string[]) => Answer | Promise<Answer>>;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.woff2': 'font/woff2',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
  '.geojson': 'application/geo+json',
};

/** As strict as the hub's own, so that a page which needs more fails here. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'";

const PAGES: Readonly<Record<string, string>> = {
  '/login': 'login.html',
  '/desk': 'desk.html',
  '/m/': 'mobile.html',
};

/** Builds pages as for production, into a directory of their own. @returns the directory. */
export async function buildPages(pages: readonly ('login' | 'desk' | 'mobile' | 'service-worker')[]): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'pages-'));
  const base = config as UserConfig;
  const root = base.root!;
  const file = (page: string) => (page === 'service-worker' ? 'entry/service-worker.ts' : `${page}.html`);
  await build({
    ...base,
    configFile: false,
    logLevel: 'error',
    mode: 'production',
    // The test runner's NODE_ENV would choose the libraries' development builds.
    resolve: { conditions: ['source', 'module', 'browser', 'production'] },
    build: {
      ...base.build,
      outDir,
      rolldownOptions: {
        ...base.build?.rolldownOptions,
        input: Object.fromEntries(pages.map((page) => [page, join(root, file(page))])),
      },
    },
  });
  return outDir;
}

/**
 * A hub that does what a script says: serves built pages with the hub's content policy, answers and records what pages
 * ask, and speaks `/live` through a real Socket.IO server. It can go away and come back on the same port.
 */
export class ScriptedHub {
  readonly received: Received[] = [];
  readonly routes: Routes;
  alerts: Alert[] = [];
  age: Omit<AgeMessage, 'serverTime'> = { sources: [], degraded: [], evaluation: false };
  readonly #pages: string;
  readonly #server = createServer((request, response) => void this.#answer(request, response));
  readonly #io = new Server(this.#server, {
    serveClient: false,
    allowRequest: (_, admit) => admit(null, !this.#away),
  });
  readonly #timer: ReturnType<typeof setInterval>;
  #away = false;

  private constructor(pages: string, routes: Routes) {
    this.#pages = pages;
    this.routes = routes;
    const live = this.#io.of(LIVE_NAMESPACE);
    live.use((socket, next) => {
      const known = /ioc_session=/.test(socket.handshake.headers.cookie ?? '');
      next(known ? undefined : Object.assign(new Error('log in'), { data: { code: 'unauthenticated' } }));
    });
    live.on('connection', (socket) => {
      socket.on(LIVE_EVENTS.watch, (_request: unknown, answer: (reply: WatchReply) => void) => {
        const seq = Math.max(0, ...this.alerts.map((alert) => alert.seq));
        answer({
          seq,
          serverTime: new Date().toISOString(),
          snapshot: true,
          alerts: this.alerts,
          gone: [],
          omitted: 0,
        });
        this.sendAge();
      });
    });
    this.#timer = setInterval(() => this.sendAge(), 1000);
  }

  static async start(pages: string, routes: Routes): Promise<ScriptedHub> {
    const hub = new ScriptedHub(pages, routes);
    await new Promise<void>((resolve) => hub.#server.listen(0, '127.0.0.1', resolve));
    return hub;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  sendAge(): void {
    if (this.#away) return;
    this.#io.of(LIVE_NAMESPACE).emit(LIVE_EVENTS.age, { serverTime: new Date().toISOString(), ...this.age });
  }

  /** Changes or adds an alert and tells every page, as the hub would. */
  change(alert: Alert, kind: string): void {
    const after = Math.max(0, ...this.alerts.map(({ seq }) => seq));
    const next = { ...alert, seq: after + 1 };
    this.alerts = [...this.alerts.filter(({ id }) => id !== alert.id), next];
    this.#io.of(LIVE_NAMESPACE).emit(LIVE_EVENTS.alert, { seq: next.seq, after, kind, alert: next });
  }

  /** Away: every request is cut without an answer and every socket is closed. */
  set away(away: boolean) {
    this.#away = away;
    if (away) this.#io.of(LIVE_NAMESPACE).disconnectSockets(true);
  }

  /** What was received on a path, such as `POST /alerts/1/commands`. */
  got(call: string): Received[] {
    return this.received.filter(({ method, path }) => `${method} ${path.split('?')[0]}` === call);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#io.close();
    this.#server.closeAllConnections();
    await rm(this.#pages, { recursive: true, force: true });
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, search } = new URL(request.url ?? '/', 'http://hub');
    if (pathname.startsWith('/socket.io/')) return;
    if (this.#away) {
      request.socket.destroy();
      return;
    }
    if (!pathname.startsWith('/api/v1/')) return this.#file(pathname, response);
    const body = await readBody(request);
    const method = request.method ?? 'GET';
    const path = pathname.slice('/api/v1'.length);
    const received: Received = { method, path: path + search, body, headers: request.headers };
    this.received.push(received);
    const { status = 200, body: answer, headers = {} } = await this.#route(method, path, received);
    const type = status >= 400 ? 'application/problem+json' : 'application/json';
    response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', ...headers });
    response.end(answer === undefined ? undefined : JSON.stringify(answer));
  }

  async #route(method: string, path: string, received: Received): Promise<Answer> {
    for (const [pattern, handler] of Object.entries(this.routes)) {
      const [wanted, template = ''] = pattern.split(' ');
      if (wanted !== method) continue;
      const parts = matchPath(template, path);
      if (parts !== null) return await handler(received, parts);
    }
    return { status: 404, body: { type: 'urn:ioc:problem:not-found', title: 'Not found', status: 404 } };
  }

  #file(pathname: string, response: ServerResponse): void {
    const page = PAGES[pathname];
    const basemap = /^\/basemap\/([a-z]+\.geojson)$/.exec(pathname)?.[1];
    const file = basemap
      ? new URL(`../../config/basemap/${basemap}`, import.meta.url).pathname
      : join(this.#pages, normalize(page ?? pathname));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'cache-control': 'no-cache',
    });
    createReadStream(file).pipe(response);
  }
}

function matchPath(template: string, path: string): string[] | null {
  const wanted = template.split('/');
  const levels = path.split('/');
  if (wanted.length !== levels.length) return null;
  const parts: string[] = [];
  for (const [at, level] of wanted.entries()) {
    if (level.startsWith(':')) parts.push(decodeURIComponent(levels[at]!));
    else if (level !== levels[at]) return null;
  }
  return parts;
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}
