import { parentPort, workerData } from 'node:worker_threads';
import { io } from 'socket.io-client';
import { decodeFrame } from '#contract/frame.ts';

/** Three hundred screens in a thread of the bench: counts the sample updates that reach them. */
export interface ClientsPlan {
  readonly url: string;
  readonly cookie: string;
  readonly count: number;
  /** Null: the plain emitter, which sends an update an event. */
  readonly layer: string | null;
}

const plan = workerData as ClientsPlan;
let updates = 0;
let events = 0;
const sockets = Array.from({ length: plan.count }, () =>
  io(plan.url, { transports: ['websocket'], forceNew: true, extraHeaders: { cookie: plan.cookie } }),
);
await Promise.all(
  sockets.map(async (socket, index) => {
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('connect_error', reject);
    });
    socket.on('sample', () => {
      updates++;
      events++;
    });
    let size = 0;
    socket.on('frame', (bytes: ArrayBuffer) => {
      events++;
      // Every frame is read by one client in full; the others got the same bytes and take its count.
      if (index === 0) size = decodeFrame(bytes).series.length;
      updates += index === 0 ? size : countOf(bytes);
    });
    if (plan.layer) await socket.timeout(10_000).emitWithAck('watch', { layers: [{ id: plan.layer }] });
  }),
);

/** The frame's number of series stands at byte 4. */
function countOf(bytes: ArrayBuffer | Uint8Array): number {
  const view = bytes instanceof ArrayBuffer ? new DataView(bytes) : new DataView(bytes.buffer, bytes.byteOffset);
  return view.getUint32(4, true);
}

parentPort?.on('message', (message: string) => {
  if (message === 'reset') {
    updates = 0;
    events = 0;
  }
  parentPort?.postMessage({ updates, events });
});
parentPort?.postMessage({ ready: true });
