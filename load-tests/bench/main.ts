import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { measureEvaluation } from './evaluate.ts';
import { measureFanout } from './fanout.ts';
import { measureIngest } from './ingest.ts';
import { measureLatency } from './latency.ts';
import type { Figure } from './measure.ts';
import { measureMemory } from './memory.ts';

/** One part after the other: they would disturb each other. */
const PARTS: Readonly<Record<string, (args: readonly string[]) => Promise<Figure[]>>> = {
  evaluate: measureEvaluation,
  ingest: measureIngest,
  latency: measureLatency,
  fanout: measureFanout,
  memory: measureMemory,
};

const out = (line: string) => void process.stdout.write(`${line}\n`);
const number = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });

function show({ name, value, unit, bare, reach, reached, note }: Figure): void {
  const share = bare === undefined ? '' : `, bare ${number.format(bare)} (${(value / bare).toFixed(2)} ×)`;
  out(`${reached ? 'reached' : 'MISSED '}  ${name}: ${number.format(value)} ${unit}${share}; to reach: ${reach}`);
  if (note) out(`         ${note}`);
}

const [wanted, ...args] = process.argv.slice(2);
const names = wanted ? wanted.split(',') : Object.keys(PARTS);
const figures: Figure[] = [];
out(`${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.versions.node}`);
for (const name of names) {
  const part = PARTS[name];
  if (!part) throw new Error(`there is no part ${name}; there are ${Object.keys(PARTS).join(', ')}`);
  for (const figure of await part(args)) {
    figures.push(figure);
    show(figure);
  }
}
await mkdir('load-tests/results', { recursive: true });
await writeFile('load-tests/results/bench.json', JSON.stringify({ at: new Date().toISOString(), figures }, null, 2));
process.exitCode = figures.every(({ reached }) => reached) ? 0 : 1;
