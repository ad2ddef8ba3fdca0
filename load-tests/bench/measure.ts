import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { HubProcess } from '../../test/support/hub-process.ts';
import type { FloodPlan, FloodResult } from './flood.ts';

/** One line of the report: the figure, beside the bare limit of the same run where there is one. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bare?: number;
  readonly reach: string;
  readonly reached: boolean;
  readonly note?: string;
}

export async function runFlood(plan: FloodPlan): Promise<FloodResult> {
  const worker = new Worker(new URL('./flood.js', import.meta.url), { workerData: plan });
  const [message] = (await once(worker, 'message')) as [{ result?: FloodResult; error?: string }];
  await worker.terminate();
  if (!message.result) throw new Error(`the flood failed: ${message.error}`);
  return message.result;
}

export async function startBareBroker(): Promise<{ port: number; child: ChildProcess }> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./bare-broker.js', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout!, 'data')) as [Buffer];
  return { port: Number(line.toString()), child };
}

/** Sum over the labels of one metric of the hub. */
export async function metric(hub: HubProcess, name: string): Promise<number> {
  const page = await (await fetch(`${hub.http}/metrics`)).text();
  let sum = 0;
  for (const line of page.split('\n')) {
    if (line.startsWith(`${name} `) || line.startsWith(`${name}{`))
      sum += Number(line.slice(line.lastIndexOf(' ') + 1));
  }
  return sum;
}

export async function waitForMetric(hub: HubProcess, name: string, atLeast: number, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const value = await metric(hub, name);
    if (value >= atLeast) return;
    if (performance.now() > deadline)
      throw new Error(`${name} stood at ${value} instead of ${atLeast} after ${withinMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
