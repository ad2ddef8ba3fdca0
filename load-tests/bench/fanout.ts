import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { LIVE_NAMESPACE, topics } from '#contract/names.ts';
import { HubProcess } from '../../test/support/hub-process.ts';
import type { ClientsPlan } from './live-clients.ts';
import { type Figure, metric, pause, runFlood } from './measure.ts';

const CLIENTS = 300;
const SERIES = 5000;
const LAYER = 'stations';
/** Every series four times a second, in packs of 50. */
const PACK = 50;
const MESSAGES_A_SECOND = (SERIES * 4) / PACK;
const SECONDS = 15;
const PLAIN_UPDATES = 4000;

/**
 * Sample updates that reach 300 live clients by second of server CPU. The hub's CPU is all of it: ingest, journal, rules,
 * store and database included, not the broadcast alone.
 */
export async function measureFanout(): Promise<Figure[]> {
  const plain = await measurePlain();
  const hub = await HubProcess.start();
  try {
    const admin = await hub.admin();
    const credential = await admin.connectSource('bench', 'so-nnmt');
    const flood = (seconds: number, startTime: number) =>
      runFlood({
        host: '127.0.0.1',
        port: Number(new URL(hub.mqtt).port),
        ...credential,
        topic: topics.samples('so-nnmt', 'bench'),
        connections: 4,
        window: 200,
        messages: MESSAGES_A_SECOND * seconds,
        recordsPerMessage: PACK,
        series: SERIES,
        startTime,
        stepMs: 250,
        rate: MESSAGES_A_SECOND,
      });
    await flood(3, Date.now() - 120_000);
    const clients = await startClients({
      url: hub.http + LIVE_NAMESPACE,
      cookie: admin.cookie,
      count: CLIENTS,
      layer: LAYER,
    });
    await pause(1000);
    await clients.ask('reset');
    const before = await metric(hub, 'ioc_process_cpu_seconds_total');
    await flood(SECONDS, Date.now() - 60_000);
    await pause(500);
    const cpu = (await metric(hub, 'ioc_process_cpu_seconds_total')) - before;
    const { updates, events } = await clients.ask('count');
    await clients.stop();
    const rate = updates / cpu;
    return [
      {
        name: `sample updates to ${CLIENTS} live clients per second of server CPU`,
        value: rate,
        unit: 'updates/CPU s',
        bare: plain,
        reach: '≥ 200 × plain Socket.IO',
        reached: rate >= 200 * plain,
        note: `${updates} updates in ${events} frames, ${cpu.toFixed(1)} CPU s of the whole hub in ${SECONDS} s`,
      },
    ];
  } finally {
    await hub.stop();
  }
}

async function measurePlain(): Promise<number> {
  const child = fork(fileURLToPath(new URL('./plain-emitter.js', import.meta.url)), {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  const clients = await startClients({
    url: `http://127.0.0.1:${line.toString().trim()}`,
    cookie: '',
    count: CLIENTS,
    layer: null,
  });
  await clients.ask('reset');
  child.send({ updates: PLAIN_UPDATES, perSecond: 400 });
  const [{ cpuSeconds }] = (await once(child, 'message')) as [{ cpuSeconds: number }];
  const { updates } = await clients.ask('count');
  await clients.stop();
  child.kill();
  return updates / cpuSeconds;
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
