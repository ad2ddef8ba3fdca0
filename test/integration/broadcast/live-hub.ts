import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { io as connect, type Socket } from 'socket.io-client';
import type { Alert, AlertChange } from '#contract/alert.ts';
import { alertMatcher } from '#contract/alert-filter.ts';
import type { AlertFilter, WatchRefusal, WatchReply } from '#contract/live.ts';
import { SESSION_COOKIE } from '#contract/names.ts';
import type { Principal } from '#contract/people.ts';
import { type SampleBatch, SampleBuilder } from '#contract/sample-batch.ts';
import type { Series, Thing } from '#contract/series.ts';
import { Broadcast } from '../../../server/broadcast/broadcast.ts';
import { createLiveServer } from '../../../server/broadcast/live-server.ts';
import type { WatchedAlerts } from '../../../server/broadcast/ports.ts';

/** A real Socket.IO server on a free port, with the rest of the hub played by lists that a test fills. */
export class LiveHub {
  readonly principals = new Map<string, Principal>();
  readonly book = new ListedAlerts();
  readonly warnings: string[] = [];
  /** Pages served beside the socket, by path. */
  readonly files = new Map<string, { readonly type: string; readonly body: string | Uint8Array }>();
  readonly http: HttpServer;
  readonly broadcast: Broadcast;
  readonly #io;
  readonly #sockets: Socket[] = [];
  #revoke = () => {};
  #position = 0;

  constructor(limits: { mostConnections?: number; mostPerAddress?: number } = {}) {
    this.http = createServer((request, response) => {
      const file = this.files.get(request.url ?? '');
      if (file !== undefined) {
        const policy =
          "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; require-trusted-types-for 'script'";
        response.writeHead(200, { 'content-type': file.type, 'content-security-policy': policy }).end(file.body);
        return;
      }
      const found = this.broadcast.catalogue(request.url?.split('/').at(-1) ?? '');
      response.writeHead(found === null ? 404 : 200).end(found?.json);
    });
    this.#io = createLiveServer(this.http, {
      mostConnections: limits.mostConnections ?? 100,
      mostPerAddress: limits.mostPerAddress ?? 100,
      addressOf: (request) => request.socket.remoteAddress ?? '',
    });
    this.broadcast = new Broadcast({
      layers: [
        { id: 'water', title: { vi: 'Nước', en: 'Water' }, kind: 'samples', match: ['water-*'] },
        { id: 'quakes', title: { vi: 'Động đất', en: 'Earthquakes' }, kind: 'events', match: ['*earthquake*'] },
        { id: 'secret', title: { vi: 'Mật', en: 'Secret' }, kind: 'samples', match: ['secret'] },
      ],
      access: {
        authenticate: ({ token, cookie }) =>
          this.principals.get(token ?? cookie?.replace(`${SESSION_COOKIE}=`, '') ?? '') ?? null,
        alertUnits: (who) => (who.kind === 'wall' || who.unit === null ? null : [who.unit]),
        watchesLayer: (who, layer) => who.kind !== 'wall' || layer !== 'secret',
        onRevoked: (listener) => {
          this.#revoke = listener;
        },
      },
      alerts: this.book,
      health: { sources: () => [], degraded: () => [], evaluation: () => false },
      clock: {
        now: () => Date.now(),
        every: (milliseconds, tick) => {
          const timer = setInterval(tick, milliseconds);
          return () => clearInterval(timer);
        },
      },
      log: { warn: (_, message) => this.warnings.push(message) },
      addressOf: (socket) => socket.handshake.address,
    });
    this.broadcast.attach(this.#io);
    this.principals.set('operator', { kind: 'user', name: 'operator', role: 'operator', unit: null });
    this.principals.set('wall', { kind: 'wall', name: 'screen-1', wall: 'main' });
    for (const unit of ['so-nnmt', 'so-xd']) {
      this.principals.set(unit, { kind: 'user', name: `officer-${unit}`, role: 'focal-point', unit });
    }
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.http.listen(0, '127.0.0.1', resolve));
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  client(token: string): Socket {
    const socket = connect(`${this.origin}/live`, {
      auth: { token },
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
    });
    this.#sockets.push(socket);
    return socket;
  }

  revoked(): void {
    this.#revoke();
  }

  /** A station with one `water-level` series; its number is its identity. */
  station(number: number, position: [number, number] | null): Series {
    const thing: Thing = { source: 'gauges', id: `gauge-${number}`, name: `Trạm ${number}`, labels: {}, position };
    const series = {
      ...{ id: seriesId(number), number, unit: 'so-nnmt', source: 'gauges', thing: thing.id },
      ...{ name: `${thing.id}:water-level`, quantity: 'water-level', uom: 'm' },
    };
    const source = {
      id: 'gauges',
      unit: 'so-nnmt',
      name: 'Gauges',
      decoder: 'senml',
      staleAfter: 600,
      recorded: false,
    };
    this.broadcast.declareSeries(series, thing, { ...source, decoder: 'senml' });
    return series;
  }

  samples(rows: Iterable<readonly [series: number, value: number]>): void {
    const samples = batch(rows, Date.now());
    this.broadcast.group({ position: ++this.#position, at: Date.now(), samples, entries: [] });
  }

  alert(change: Partial<Alert>, kind: AlertChange['kind'] = 'fired'): AlertChange {
    const recorded = this.book.change(change, kind);
    this.broadcast.changes([recorded]);
    return recorded;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.disconnect();
    this.broadcast.close();
    await this.#io.close();
  }
}

/** Alerts as plain lists: the oracle that replies are held against. */
export class ListedAlerts implements WatchedAlerts {
  readonly history: AlertChange[] = [];
  readonly alerts = new Map<string, Alert>();

  change(change: Partial<Alert>, kind: AlertChange['kind']): AlertChange {
    const id = change.id ?? 'alert-1';
    const seq = this.history.length + 1;
    const alert = { ...(this.alerts.get(id) ?? newAlert(id)), ...change, seq };
    if (kind === 'cancelled') this.alerts.delete(id);
    else this.alerts.set(id, alert);
    const recorded = { seq, at: Date.now(), kind, actor: null, note: null, alert };
    this.history.push(recorded);
    return recorded;
  }

  open(filter: AlertFilter, units: readonly string[] | null): Alert[] {
    const fits = alertMatcher(filter);
    const mine = (alert: Alert) => units === null || units.includes(alert.unit);
    return [...this.alerts.values()].filter((alert) => mine(alert) && fits(alert) && alert.handling !== 'closed');
  }

  changesSince(seq: number): AlertChange[] {
    return this.history.filter((change) => change.seq > seq);
  }

  seq(): number {
    return this.history.length;
  }
}

export function newAlert(id: string): Alert {
  return {
    ...{ id, rule: 'river-above-level-2', labels: {}, title: { vi: 'Nước cao', en: 'High water' }, severity: 'major' },
    ...{ unit: 'so-nnmt', condition: 'firing', quality: 'live', authenticity: 'unverified', handling: 'new' },
    ...{ suppressed: null, publication: 'internal', startsAt: '2026-11-23T00:00:00.000Z', firedAt: null, endsAt: null },
    ...{ value: 5.5, uom: 'm', location: null, series: null, thing: null, runbook: null, assignee: null },
    ...{ acknowledgedBy: null, seq: 0 },
  } as Alert;
}

export function batch(rows: Iterable<readonly [series: number, value: number]>, time: number): SampleBatch {
  const builder = new SampleBuilder();
  for (const [series, value] of rows) builder.push(series, time, value, 0);
  return builder.take();
}

export const seriesId = (number: number) => `00000000-0000-5000-8000-${String(number).padStart(12, '0')}`;

export function watch(socket: Socket, request: unknown): Promise<WatchReply & WatchRefusal> {
  return socket.timeout(5000).emitWithAck('watch', request);
}

/** The next message of an event that satisfies `fits`. */
export function next<T>(socket: Socket, event: string, fits: (message: T) => boolean = () => true): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no ${event} within 5 s`)), 5000);
    const listener = (message: T) => {
      if (!fits(message)) return;
      clearTimeout(timer);
      socket.off(event, listener);
      resolve(message);
    };
    socket.on(event, listener);
  });
}

/** Everything of an event from now on. */
export function collect<T>(socket: Socket, event: string): T[] {
  const messages: T[] = [];
  socket.on(event, (message: T) => messages.push(message));
  return messages;
}

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
