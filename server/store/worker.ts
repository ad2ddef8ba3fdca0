import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import type { Series } from '#contract/series.ts';
import type { StoreKind } from './database.ts';
import type { Retention } from './maintenance.ts';
import type { JournalModule } from './ports.ts';
import { answer, type FromWorker, type ToWorker, toWire } from './rpc.ts';
import { startService } from './service.ts';

/** What main passes when it starts the thread. */
export interface StoreWorkerData {
  readonly url: string;
  readonly kind: StoreKind;
  readonly hub: string;
  /** URL of a module with `openJournalReader`, and the journal's directory. */
  readonly journal: { readonly module: string; readonly path: string };
  readonly series: readonly Series[];
  readonly retention: Retention;
  readonly maintenanceEvery: number;
}

/** Thread entry. */
async function run(port: NonNullable<typeof parentPort>, data: StoreWorkerData): Promise<void> {
  const post = (message: FromWorker) => port.postMessage(message);
  try {
    const { openJournalReader } = (await import(data.journal.module)) as JournalModule;
    const service = await startService({
      ...data,
      journal: openJournalReader({ path: data.journal.path }),
      holder: `${data.hub}/${randomUUID()}`,
      log: (level, message, fields) => post({ kind: 'log', level, message, fields }),
      now: Date.now,
      stopwatch: () => performance.now(),
      onStatus: (status) => post({ kind: 'status', status }),
    });
    port.on('message', (message: ToWorker) => {
      if (message.kind === 'notify') service.notify();
      else if (message.kind === 'call') void answer(service.calls, message, post);
      else void service.close().finally(() => port.close());
    });
    post({ kind: 'started' });
  } catch (error) {
    post({ kind: 'failed', error: toWire(error) });
    port.close();
  }
}

if (parentPort !== null) await run(parentPort, workerData as StoreWorkerData);
