import { type Channel, openChannel } from './channel.ts';
import { HubHttp } from './http.ts';
import type { HubConnection, HubConnectionOptions } from './hub-connection.ts';
import { LiveSession } from './live-session.ts';
import { browserEnvironment } from './open-socket.ts';
import { PageConnection } from './page-connection.ts';
import workerUrl from './socket-worker.ts?worker&url';

/** Opens the page's one connection: in a worker, or in the page itself where no worker can be had. */
export function connectHub(options: HubConnectionOptions): HubConnection {
  const connection = new PageConnection({
    origin: options.origin,
    http: new HubHttp({ origin: options.origin }),
    now: Date.now,
    every(milliseconds, tick) {
      const timer = setInterval(tick, milliseconds);
      return () => clearInterval(timer);
    },
    open: (listener, lost) => openChannel(startWorker, runHere, listener, lost),
  });
  // A phone that wakes up or finds a network should not sit out the rest of a long wait.
  const wake = () => {
    if (connection.link.state === 'lost') connection.retry();
  };
  globalThis.addEventListener('online', wake);
  document.addEventListener('visibilitychange', wake);
  return connection;
}

function startWorker(): Worker {
  return new Worker(trustedUrl(workerUrl) as string, { type: 'module' });
}

/** Where pages require Trusted Types (W3C), a worker's address must come from a policy: ours passes this one address. */
function trustedUrl(url: string): unknown {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypePolicyFactory };
  return trustedTypes?.createPolicy('hub-worker', { createScriptURL: () => url }).createScriptURL(url) ?? url;
}

interface TrustedTypePolicyFactory {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): unknown };
}

function runHere(listener: Parameters<typeof openChannel>[2]): Channel {
  const session = new LiveSession(browserEnvironment((message) => listener(message)));
  return { send: (message) => session.handle(message), close: () => session.handle({ kind: 'close' }) };
}
