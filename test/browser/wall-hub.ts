import { createReadStream, existsSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { Server } from 'socket.io';
import { build, type UserConfig } from 'vite';
import type { Alert } from '#contract/alert.ts';
import type { WatchReply, WatchRequest } from '#contract/live.ts';
import { LIVE_EVENTS, LIVE_NAMESPACE } from '#contract/names.ts';
import type { WallConfig, WallPairing } from '#contract/wall.ts';
import config from '../../wall-client/vite.config.ts';
import { catalogues, history, sources, units, wholeFrame } from './wall-script.ts';

/** The hub's own policy at its strictest: what it forbids must not be needed. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'";

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.woff2': 'font/woff2',
  '.geojson': 'application/geo+json',
};

/** Builds the wall's page as for production, into a directory of its own. @returns the directory. */
export async function buildWall(): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), 'wall-pages-'));
  const base = config as UserConfig;
  const options = { ...base.build?.rolldownOptions, input: { wall: join(base.root!, 'wall.html') } };
  await build({
    ...base,
    configFile: false,
    logLevel: 'error',
    build: { ...base.build, outDir, rolldownOptions: options },
  });
  return outDir;
}

/** A hub that knows one wall: pairs its screen, gives it the script's data, and can go away and come back. */
export class WallHub {
  config: WallConfig;
  alerts: readonly Alert[] = [];
  paired = true;
  pairing: Pick<WallPairing, 'code' | 'state'> = { code: '482913', state: 'waiting' };
  readonly #pages: string;
  readonly #server = createServer((request, response) => this.#answer(request, response));
  readonly #io = new Server(this.#server, { serveClient: false });
  readonly #timer: ReturnType<typeof setInterval>;
  #away = false;

  private constructor(pages: string, wall: WallConfig) {
    this.#pages = pages;
    this.config = wall;
    const live = this.#io.of(LIVE_NAMESPACE);
    live.use((_socket, next) =>
      next(this.paired ? undefined : Object.assign(new Error('pair'), { data: { code: 'unauthenticated' } })),
    );
    live.on('connection', (socket) => {
      socket.on(LIVE_EVENTS.watch, (request: WatchRequest, reply: (answer: WatchReply) => void) => {
        const serverTime = new Date().toISOString();
        reply({ seq: this.alerts.length, serverTime, snapshot: true, alerts: [...this.alerts], gone: [], omitted: 0 });
        for (const { id } of request.layers ?? []) {
          const frame = wholeFrame(id, Date.now());
          if (frame) socket.emit(LIVE_EVENTS.frame, frame);
        }
        this.#sendAge();
      });
    });
    this.#timer = setInterval(() => this.#sendAge(), 1000);
  }

  static async start(pages: string, wall: WallConfig): Promise<WallHub> {
    const hub = new WallHub(pages, wall);
    await new Promise<void>((resolve) => hub.#server.listen(0, '127.0.0.1', resolve));
    return hub;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Away: requests are cut without an answer, sockets closed. */
  set away(away: boolean) {
    this.#away = away;
    if (away) this.#io.disconnectSockets(true);
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await this.#io.close();
    this.#server.closeAllConnections();
    await rm(this.#pages, { recursive: true, force: true });
  }

  #sendAge(): void {
    if (this.#away) return;
    const message = {
      serverTime: new Date().toISOString(),
      sources: sources(Date.now()),
      degraded: [],
      evaluation: true,
    };
    this.#io.of(LIVE_NAMESPACE).emit(LIVE_EVENTS.age, message);
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url ?? '/', 'http://hub');
    if (pathname.startsWith('/socket.io/')) return;
    if (this.#away) {
      request.socket.destroy();
      return;
    }
    if (!pathname.startsWith('/api/v1/')) {
      this.#file(pathname, response);
      return;
    }
    const body = this.#rest(`${request.method} ${pathname.slice('/api/v1'.length)}`);
    const status = body === null ? 401 : 200;
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
    response.end(JSON.stringify(body ?? { type: 'urn:ioc:problem:not-authenticated', title: 'Pair', status }));
  }

  /** @returns null for whoever is not paired. */
  #rest(call: string): unknown {
    const expiresAt = new Date(Date.now() + 300_000).toISOString();
    if (call === 'POST /wall-pairings' || call === 'GET /wall-pairings/current') {
      if (this.pairing.state === 'paired') this.paired = true;
      return { wall: this.config.id, expiresAt, ...this.pairing };
    }
    if (!this.paired) return null;
    if (call === 'GET /sessions/current') return { kind: 'wall', name: 'screen-1', wall: this.config.id };
    if (call === `GET /walls/${this.config.id}`) return this.config;
    if (call === 'GET /units') return { items: units, nextCursor: null };
    const layer = /^GET \/layers\/(.+)$/.exec(call)?.[1];
    if (layer !== undefined) return catalogues.find((known) => known.layer.id === layer) ?? null;
    return { items: historyUntil(Date.now()), nextCursor: null };
  }

  #file(pathname: string, response: ServerResponse): void {
    const file = pathname.startsWith('/basemap/')
      ? new URL(`../../config${normalize(pathname)}`, import.meta.url).pathname
      : join(this.#pages, pathname.startsWith('/wall/') ? 'wall.html' : normalize(pathname));
    if (!existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const type = TYPES[extname(file)] ?? 'application/octet-stream';
    response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY, 'cache-control': 'no-cache' });
    createReadStream(file).pipe(response);
  }
}

function historyUntil(now: number) {
  return history.map((value, at) => ({
    time: new Date(now - (history.length - at) * 3000).toISOString(),
    value,
    quality: 'live',
  }));
}
