import type { Rule } from '#contract/rule.ts';
import type { SampleBatch } from '#contract/sample-batch.ts';
import type { Subject } from '#contract/verdict.ts';
import { Engine } from '../../server/evaluate/engine.ts';
import { compileRules } from '../../server/evaluate/rule-set.ts';
import { type Figure, median } from './measure.ts';

const SERIES = 50_000;
const BATCH = 10_000;
const BATCHES = 400;
const ROUNDS = 5;

/** Threshold rules over typed arrays on one core, beside a bare loop that compares each sample with its series' limit. */
export async function measureEvaluation(): Promise<Figure[]> {
  const few: number[] = [];
  const many: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    bare.push(runBare());
    few.push(runEngine(10));
    many.push(runEngine(10_000));
  }
  const rate = median(few);
  return [
    {
      name: `threshold rules, 10 rules, ${SERIES} series, one core`,
      value: rate,
      unit: 'samples/s',
      bare: median(bare),
      reach: '≥ 5,000,000',
      reached: rate >= 5_000_000,
    },
    {
      name: `threshold rules, 10,000 rules, ${SERIES} series, one core`,
      value: median(many),
      unit: 'samples/s',
      bare: rate,
      reach: '≥ 60 % of 10 rules',
      reached: median(many) >= 0.6 * rate,
    },
  ];
}

/** Rules split the series evenly: each judges `SERIES ÷ count` of them, so every sample meets exactly one rule. */
function runEngine(count: number): number {
  const rules = Array.from(
    { length: count },
    (_, index): Rule => ({
      alert: `rule-${index}`,
      title: { vi: 'Quy tắc', en: 'Rule' },
      select: { quantity: `quantity-${index}` },
      condition: { type: 'threshold', op: '>=', value: 100 + index / count },
      severity: 'minor',
    }),
  );
  const engine = new Engine(compileRules(rules));
  for (let number = 0; number < SERIES; number++) engine.declare(subject(number, `quantity-${number % count}`));
  const batches = makeBatches();
  const began = performance.now();
  let verdicts = 0;
  for (const batch of batches) verdicts += engine.process(batch.time[0]!, batch).length;
  const seconds = (performance.now() - began) / 1000;
  if (verdicts === 0) throw new Error('nothing crossed: the measurement would not show that rules were judged');
  return (BATCHES * BATCH) / seconds;
}

function runBare(): number {
  const limits = new Float64Array(SERIES).fill(100);
  const batches = makeBatches();
  const began = performance.now();
  let crossed = 0;
  for (const { length, series, value } of batches) {
    for (let i = 0; i < length; i++) if (value[i]! >= limits[series[i]!]!) crossed++;
  }
  const seconds = (performance.now() - began) / 1000;
  if (crossed === 0) throw new Error('nothing crossed');
  return (BATCHES * BATCH) / seconds;
}

const START = 1_700_000_000_000;

/** Every series in turn, a second apart; one sample in 20,000 crosses. */
function makeBatches(): SampleBatch[] {
  let index = 0;
  return Array.from({ length: BATCHES }, () => {
    const series = new Uint32Array(BATCH);
    const time = new Float64Array(BATCH);
    const value = new Float64Array(BATCH);
    for (let i = 0; i < BATCH; i++, index++) {
      series[i] = index % SERIES;
      time[i] = START + Math.floor(index / SERIES) * 1000;
      value[i] = index % 20_011 === 0 ? 150 : (index * 7) % 99;
    }
    return { length: BATCH, series, time, value, flags: new Uint8Array(BATCH) };
  });
}

function subject(number: number, quantity: string): Subject {
  const thing = `thing-${number}`;
  return {
    number,
    seriesId: `00000000-0000-5000-8000-${number.toString(16).padStart(12, '0')}`,
    unit: 'so-nnmt',
    source: 'bench',
    thing,
    thingName: thing,
    quantity,
    uom: 'm',
    labels: {},
    position: null,
  };
}
