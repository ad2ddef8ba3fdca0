import { parentPort, workerData } from 'node:worker_threads';
import { type NextMessage, publishBody, RawPublisher } from './raw-publisher.ts';

/** What one flood sends: `messages` of `recordsPerMessage` samples each, spread evenly over `series` series. */
export interface FloodPlan {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password: string;
  readonly topic: string;
  readonly connections: number;
  readonly window: number;
  readonly messages: number;
  readonly recordsPerMessage: number;
  readonly series: number;
  /** Event time of the first sample, ms; every round over all series is `stepMs` later. */
  readonly startTime: number;
  readonly stepMs: number;
  /** Messages a second over all connections; as fast as they are acknowledged when left out. */
  readonly rate?: number;
}

const PACE_MS = 5;

export interface FloodResult {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Runs in a worker thread of the bench, beside the hub's own process. */
async function flood(plan: FloodPlan): Promise<FloodResult> {
  const publishers = await Promise.all(
    Array.from({ length: plan.connections }, (_, index) =>
      RawPublisher.connect({ ...plan, clientId: `flood-${plan.startTime}-${index}` }),
    ),
  );
  let sent = 0;
  let due = plan.rate === undefined ? plan.messages : 0;
  const next: NextMessage = () => {
    if (sent >= plan.messages) return null;
    return sent < due ? publishBody(plan.topic, payload(plan, sent++)) : 'later';
  };
  const cpu = process.cpuUsage();
  const began = performance.now();
  const pacing = setInterval(() => {
    if (plan.rate === undefined) return;
    due = Math.floor(((performance.now() - began) / 1000) * plan.rate);
    for (const publisher of publishers) publisher.poke();
  }, PACE_MS);
  await Promise.all(publishers.map((publisher) => publisher.run(next)));
  clearInterval(pacing);
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(cpu);
  for (const publisher of publishers) publisher.close();
  return { seconds, cpuSeconds: (used.user + used.system) / 1e6 };
}

/** SenML (RFC 8428) of the plan's n-th message. */
export function payload(
  plan: Pick<FloodPlan, 'recordsPerMessage' | 'series' | 'startTime' | 'stepMs'>,
  n: number,
): string {
  const first = n * plan.recordsPerMessage;
  const records: string[] = [];
  for (let record = 0; record < plan.recordsPerMessage; record++) {
    const index = first + record;
    const series = index % plan.series;
    const time = (plan.startTime + Math.floor(index / plan.series) * plan.stepMs) / 1000;
    records.push(`{"n":"gauge-${series}/water-level","u":"m","t":${time},"v":${((index * 7) % 500) / 100}}`);
  }
  return `[${records.join(',')}]`;
}

if (parentPort) {
  const port = parentPort;
  flood(workerData as FloodPlan).then(
    (result) => port.postMessage({ result }),
    (error: unknown) => port.postMessage({ error: error instanceof Error ? error.message : String(error) }),
  );
}
