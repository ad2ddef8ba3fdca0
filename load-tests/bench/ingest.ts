import { topics } from '#contract/names.ts';
import type { Credential } from '#contract/source.ts';
import { HubProcess } from '../../test/support/hub-process.ts';
import type { FloodPlan } from './flood.ts';
import { type Figure, median, runFlood, startBareBroker, waitForMetric } from './measure.ts';

const UNIT = 'so-nnmt';
const SOURCE = 'bench';
const MESSAGES = 150_000;
const PACKS = 60_000;
const ROUNDS = 3;

interface Rates {
  /** Samples a second until the last acknowledgement, and until the last row. */
  readonly acknowledged: number;
  readonly stored: number;
}

/** Messages published → rows in the database with rules on, beside the bare broker, by turns in one run. */
export async function measureIngest(): Promise<Figure[]> {
  const bare = await startBareBroker();
  const hub = await HubProcess.start();
  try {
    const admin = await hub.admin();
    const credential = await admin.connectSource(SOURCE, UNIT);
    const port = Number(new URL(hub.mqtt).port);
    let rows = 0;
    const toHub = async (messages: number, recordsPerMessage: number): Promise<Rates> => {
      const plan = floodPlan(port, credential, messages, recordsPerMessage);
      const samples = messages * recordsPerMessage;
      const began = performance.now();
      const { seconds } = await runFlood(plan);
      rows += samples;
      await waitForMetric(hub, 'ioc_store_rows_total', rows, 120_000);
      return { acknowledged: samples / seconds, stored: samples / ((performance.now() - began) / 1000) };
    };
    const toBare = async (messages: number): Promise<number> => {
      const { seconds } = await runFlood(floodPlan(bare.port, null, messages, 1));
      return messages / seconds;
    };
    await toBare(MESSAGES / 5);
    await toHub(MESSAGES / 5, 1);
    const single: Rates[] = [];
    const limit: number[] = [];
    const packed: Rates[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      limit.push(await toBare(MESSAGES));
      single.push(await toHub(MESSAGES, 1));
    }
    for (let round = 0; round < ROUNDS; round++) packed.push(await toHub(PACKS / 5, 10));
    const stored = (rates: readonly Rates[]) => median(rates.map((rate) => rate.stored));
    const acknowledged = (rates: readonly Rates[]) => median(rates.map((rate) => rate.acknowledged));
    const rate = stored(single);
    return [
      {
        name: 'QoS 1 messages of one sample → rows, rules on',
        value: rate,
        unit: 'rows/s',
        bare: median(limit),
        reach: '≥ 65 % of the bare broker',
        reached: rate >= 0.65 * median(limit),
      },
      {
        name: 'samples in packs of 10 → rows, rules on',
        value: stored(packed),
        unit: 'rows/s',
        bare: rate,
        reach: '≥ 3 × single messages',
        reached: stored(packed) >= 3 * rate,
      },
      {
        name: 'samples in packs of 10 → acknowledged durably, rules on',
        value: acknowledged(packed),
        unit: 'samples/s',
        bare: acknowledged(single),
        reach: '≥ 3 × single messages acknowledged',
        reached: acknowledged(packed) >= 3 * acknowledged(single),
      },
    ];
  } finally {
    bare.child.kill();
    await hub.stop();
  }
}

const SERIES = 5000;
const STEP_MS = 10;
/** Event time goes on from flood to flood, so that every sample is the newest of its series and is judged. */
let eventTime = Date.now() - 600_000;

function floodPlan(
  port: number,
  credential: Credential | null,
  messages: number,
  recordsPerMessage: number,
): FloodPlan {
  const startTime = eventTime;
  eventTime += (Math.ceil((messages * recordsPerMessage) / SERIES) + 1) * STEP_MS;
  return {
    host: '127.0.0.1',
    port,
    username: credential?.username ?? '',
    password: credential?.password ?? '',
    topic: topics.samples(UNIT, SOURCE),
    connections: 20,
    window: 250,
    messages,
    recordsPerMessage,
    series: SERIES,
    startTime,
    stepMs: STEP_MS,
  };
}
