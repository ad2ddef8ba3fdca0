import type { Static } from 'typebox';
import type { AGGREGATES, Aggregate } from '#contract/rule.ts';
import { parseDuration } from '../duration.ts';
import type { History } from '../history.ts';
import { comparison } from './bounds.ts';
import type { CompiledCondition, Window } from './compiled-condition.ts';

/** A figure over the samples in (now − over, now]. An empty window has a count and a sum of 0 and no other figure. */
export function compileAggregate(condition: Static<typeof Aggregate>): CompiledCondition {
  return {
    rising: comparison(condition.op, condition.value),
    holding: comparison(condition.op, condition.clear ?? condition.value),
    window: slidingWindow(parseDuration(condition.over), folds[condition.fn]),
  };
}

function slidingWindow(over: number, fold: (points: History) => number): Window {
  return {
    over,
    full: 'drop',
    derive(points, now) {
      while (points.length > 0 && points.time(0) + over <= now) points.dropFirst();
      return fold(points);
    },
    nextChange: (points) => (points.length === 0 ? Infinity : points.time(0) + over),
  };
}

/**
 * Formed anew from the oldest point each time: a running sum would carry rounding from samples long gone, and then the
 * same window could judge differently after a restart.
 */
const folds: Readonly<Record<(typeof AGGREGATES)[number], (points: History) => number>> = {
  count: (points) => points.length,
  sum,
  avg: (points) => sum(points) / points.length,
  min: (points) => reduce(points, Math.min),
  max: (points) => reduce(points, Math.max),
  stddev,
  p95,
};

function sum(points: History): number {
  let total = 0;
  for (let k = 0; k < points.length; k++) total += points.value(k);
  return total;
}

function reduce(points: History, choose: (a: number, b: number) => number): number {
  if (points.length === 0) return Number.NaN;
  let result = points.value(0);
  for (let k = 1; k < points.length; k++) result = choose(result, points.value(k));
  return result;
}

/** Of the population: one sample has none. */
function stddev(points: History): number {
  const mean = sum(points) / points.length;
  let squares = 0;
  for (let k = 0; k < points.length; k++) squares += (points.value(k) - mean) ** 2;
  return Math.sqrt(squares / points.length);
}

/** Nearest rank: always a value that was measured. */
function p95(points: History): number {
  if (points.length === 0) return Number.NaN;
  const values = new Float64Array(points.length);
  for (let k = 0; k < values.length; k++) values[k] = points.value(k);
  return values.sort()[Math.ceil(0.95 * values.length) - 1]!;
}
