import type { Server as HttpServer, IncomingMessage } from 'node:http';
import type { SourceHealth } from '#contract/live.ts';
import type { AlertBook } from '../alert/book.ts';
import type { Auth } from '../auth/auth.ts';
import { Broadcast } from '../broadcast/broadcast.ts';
import { createLiveServer } from '../broadcast/live-server.ts';
import type { HubConfig } from '../config/hub-config.ts';
import type { Settings } from '../config/settings.ts';
import type { Logger } from '../observe/logger.ts';
import type { Readiness } from '../observe/readiness.ts';
import type { Store } from '../store/start.ts';
import type { Closing } from './closing.ts';

export interface LiveOptions {
  readonly settings: Settings;
  readonly config: () => HubConfig;
  readonly auth: Auth;
  readonly book: AlertBook;
  readonly store: Store;
  readonly health: () => readonly SourceHealth[];
  readonly readiness: Readiness;
  readonly now: () => number;
  readonly log: Logger;
  readonly closing: Closing;
}

const MOST_CONNECTIONS = 5000;
const MOST_PER_ADDRESS = 1000;

/** The exit to screens: created before there is an HTTP server, attached to it when there is. */
export function openLive(options: LiveOptions): { broadcast: Broadcast; attach: (server: HttpServer) => void } {
  const { settings, config, auth, book, store, health, readiness, now, log, closing } = options;
  const own = settings.http.publicUrl;
  const addressOf = (request: IncomingMessage) => clientAddress(request, settings.http.trustedProxies);
  const broadcast = new Broadcast({
    layers: config().layers,
    access: {
      authenticate: ({ cookie, token, origin, host }) =>
        auth.authenticate({ cookie, token, origin, own: own ?? `${settings.tls ? 'https' : 'http'}://${host}` }),
      alertUnits: (principal) => auth.alertUnits(principal),
      watchesLayer: (principal, layer) =>
        principal.kind !== 'wall' || config().walls.get(principal.wall)?.map.layers.includes(layer) === true,
      onRevoked: (listener) => auth.onRevoked(listener),
    },
    alerts: {
      open: (filter, units) => book.open(filter, units),
      changesSince: (seq) => book.changesSince(seq),
      seq: () => book.seq,
    },
    health: {
      sources: health,
      degraded: () => readiness.deficiencies().map(({ part, reason }) => ({ part, reason })),
      evaluation: () => store.status().kind === 'embedded',
    },
    clock: {
      now,
      every(milliseconds, tick) {
        const timer = setInterval(tick, milliseconds);
        return () => clearInterval(timer);
      },
    },
    log,
    addressOf: (socket) => addressOf(socket.request),
  });
  store.onStatus(() => broadcast.healthChanged());
  auth.onUnpaired(({ wall }) => broadcast.wall({ wall, kind: 'unpaired' }));
  return {
    broadcast,
    attach(server) {
      const io = createLiveServer(server, {
        mostConnections: MOST_CONNECTIONS,
        mostPerAddress: MOST_PER_ADDRESS,
        addressOf,
      });
      closing.add('sockets', () => io.close());
      broadcast.attach(io);
      closing.add('broadcast', () => broadcast.close());
    },
  };
}

/** The address that counts: the socket's, or behind a trusted proxy the last one that is not a proxy. */
export function clientAddress(request: IncomingMessage, trustedProxies: readonly string[]): string {
  const direct = request.socket.remoteAddress ?? '';
  if (!trustedProxies.includes(direct)) return direct;
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return forwarded.reverse().find((address) => !trustedProxies.includes(address)) ?? direct;
}
