import { readFile } from 'node:fs/promises';
import { topics } from '#contract/names.ts';
import { HubProcess } from '../../test/support/hub-process.ts';
import { type Figure, pause, runFlood } from './measure.ts';

const DEFAULT_MINUTES = 10;
const RATE = 5000;
const SERIES = 5000;
const SAMPLE_MS = 5000;
const WARM_UP_SHARE = 0.2;

/**
 * Resident memory of the evaluation hub under a steady load: the highest, and how fast the hub's own part still grew. The
 * journal's mapped pages are counted in the former alone: they are the system's cache, and bounded by what it keeps.
 */
export async function measureMemory([minutes]: readonly string[]): Promise<Figure[]> {
  const duration = Number(minutes ?? DEFAULT_MINUTES) * 60;
  const hub = await HubProcess.start();
  try {
    const credential = await (await hub.admin()).connectSource('bench', 'so-nnmt');
    const flood = runFlood({
      host: '127.0.0.1',
      port: Number(new URL(hub.mqtt).port),
      ...credential,
      topic: topics.samples('so-nnmt', 'bench'),
      connections: 10,
      window: 500,
      messages: RATE * duration,
      recordsPerMessage: 1,
      series: SERIES,
      startTime: Date.now(),
      stepMs: (SERIES / RATE) * 1000,
      rate: RATE,
    });
    let done = false;
    const finished = flood.finally(() => {
      done = true;
    });
    const resident: number[] = [];
    const own: number[] = [];
    while (!done) {
      await pause(SAMPLE_MS);
      const status = await readFile(`/proc/${hub.pid}/status`, 'utf8');
      resident.push(kibibytes(status, 'VmRSS') / 1024);
      own.push(kibibytes(status, 'RssAnon') / 1024);
    }
    await finished;
    return figures(resident, own, duration);
  } finally {
    await hub.stop();
  }
}

function figures(resident: readonly number[], own: readonly number[], seconds: number): Figure[] {
  const steady = own.slice(Math.floor(own.length * WARM_UP_SHARE));
  const highest = Math.max(...resident);
  const growth = slope(steady) * (60_000 / SAMPLE_MS);
  return [
    {
      name: `highest resident memory in ${seconds} s at ${RATE} messages/s`,
      value: highest,
      unit: 'MiB',
      reach: '≤ 700',
      reached: highest <= 700,
    },
    {
      name: 'growth of its own memory after the first fifth of the time',
      value: growth,
      unit: 'MiB a minute',
      reach: '≤ 5',
      reached: growth <= 5,
    },
  ];
}

/** Least squares, per reading. */
function slope(values: readonly number[]): number {
  const mean = (values.length - 1) / 2;
  const average = values.reduce((sum, value) => sum + value, 0) / values.length;
  let top = 0;
  let bottom = 0;
  values.forEach((value, index) => {
    top += (index - mean) * (value - average);
    bottom += (index - mean) ** 2;
  });
  return bottom === 0 ? 0 : top / bottom;
}

/** One line of /proc/<pid>/status. */
function kibibytes(status: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? Number.NaN);
}
