import { Type } from 'typebox';
import { Problem } from '#contract/primitives.ts';
import { PROBLEM_TYPE } from '../problem.ts';

/** Every route may answer with a problem. */
const problem = { description: 'RFC 9457 problem details', content: { [PROBLEM_TYPE]: { schema: Problem } } };
const problems = { '4xx': problem, '5xx': problem };

export const NoContent = Type.Null({ description: 'nothing more to say' });

/** @returns response schemas of a route: one success, and problems. */
export function answers<const S extends Record<number, unknown>>(success: S): S & typeof problems {
  return { ...success, ...problems };
}

/** A list that is always whole, in the shape of all lists. */
export function onePage<T>(items: readonly T[]): { items: T[]; nextCursor: null } {
  return { items: [...items], nextCursor: null };
}
