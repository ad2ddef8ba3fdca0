import type { ToSession } from './channel.ts';
import { LiveSession } from './live-session.ts';
import { browserEnvironment } from './open-socket.ts';

/** The worker that owns the socket: decoding and heartbeats go on while the page draws. */
const worker = self as unknown as DedicatedWorkerGlobalScope;
const session = new LiveSession(
  browserEnvironment((message, transfer) => worker.postMessage(message, { transfer: [...transfer] })),
);
worker.addEventListener('message', (event: MessageEvent<ToSession>) => session.handle(event.data));
