import type { AgeMessage, WallMessage } from '#contract/live.ts';
import type { AlertBatch, LayerFrame, LinkStatus, Watch } from './hub-connection.ts';

/** From the page to the session. */
export type ToSession =
  | { readonly kind: 'open'; readonly origin: string }
  | { readonly kind: 'watch'; readonly watch: Watch }
  | { readonly kind: 'retry' }
  /** The page has taken the last batch and is ready for another. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'close' };

/** From the session to the page: the link at once, everything else in batches. */
export type FromSession =
  | { readonly kind: 'link'; readonly link: LinkStatus }
  | { readonly kind: 'batch'; readonly batch: Batch };

export interface Batch {
  readonly alerts: AlertBatch | null;
  readonly frames: readonly LayerFrame[];
  readonly age: AgeMessage | null;
  readonly wall: readonly WallMessage[];
}

/** A way to a session, wherever it runs. */
export interface Channel {
  send(message: ToSession): void;
  close(): void;
}

/**
 * Opens a worker; when there is none, or it fails to start, the page runs the session itself: slower under load, but
 * the same. `lost` is called when a worker that had worked fails: its session is gone and must be set up anew.
 */
export function openChannel(
  startWorker: () => Worker,
  runHere: (listener: (message: FromSession) => void) => Channel,
  listener: (message: FromSession) => void,
  lost: () => void,
): Channel {
  let worker: Worker;
  try {
    worker = startWorker();
  } catch {
    return runHere(listener);
  }
  let inner: Channel = {
    send: (message) => worker.postMessage(message),
    close: () => worker.terminate(),
  };
  worker.addEventListener('message', (event: MessageEvent<FromSession>) => listener(event.data));
  worker.addEventListener('error', () => {
    worker.terminate();
    inner = runHere(listener);
    lost();
  });
  return { send: (message) => inner.send(message), close: () => inner.close() };
}
