import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LIVE_NAMESPACE } from '#contract/names.ts';
import type { ClientsPlan } from './live-clients.ts';
import type { Figure } from './measure.ts';

const CLIENTS = 300;
const SECONDS = 15;
const PLAIN_UPDATES = 4000;

/**
 * Sample updates that reach 300 live clients by second of server CPU: the hub's broadcast, with 5,000 series four times a
 * second, beside Socket.IO that emits each update. Each server is a process of its own that does nothing else.
 */
export async function measureFanout(): Promise<Figure[]> {
  const plain = await measureServer(
    './plain-emitter.js',
    { path: '', layer: null },
    { updates: PLAIN_UPDATES, perSecond: 400 },
  );
  const frames = await measureServer(
    './frame-emitter.js',
    { path: LIVE_NAMESPACE, layer: 'water' },
    { seconds: SECONDS },
  );
  const bare = plain.updates / plain.cpuSeconds;
  const value = frames.updates / frames.cpuSeconds;
  return [
    {
      name: `sample updates to ${CLIENTS} live clients per second of server CPU`,
      value,
      unit: 'updates/CPU s',
      bare,
      reach: '≥ 200 × plain Socket.IO',
      reached: value >= 200 * bare,
      note: `${frames.updates} updates in ${frames.events} frames for ${frames.cpuSeconds.toFixed(2)} CPU s`,
    },
  ];
}

interface Served {
  readonly updates: number;
  readonly events: number;
  readonly cpuSeconds: number;
}

async function measureServer(
  file: string,
  { path, layer }: { path: string; layer: string | null },
  order: object,
): Promise<Served> {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const url = `http://127.0.0.1:${line.toString().trim()}${path}`;
  const clients = await startClients({ url, cookie: '', count: CLIENTS, layer });
  await clients.ask('reset');
  child.send(order);
  const [{ cpuSeconds }] = (await once(child, 'message')) as [{ cpuSeconds: number }];
  const counted = await clients.ask('count');
  await clients.stop();
  child.kill();
  return { ...counted, cpuSeconds };
}

interface Count {
  readonly updates: number;
  readonly events: number;
}

async function startClients(plan: ClientsPlan) {
  const worker = new Worker(new URL('./live-clients.js', import.meta.url), { workerData: plan });
  await once(worker, 'message');
  return {
    async ask(what: 'reset' | 'count'): Promise<Count> {
      worker.postMessage(what);
      const [count] = (await once(worker, 'message')) as [Count];
      return count;
    },
    stop: () => worker.terminate(),
  };
}
