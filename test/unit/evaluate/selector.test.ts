import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Selector } from '#contract/rule.ts';
import type { Subject } from '#contract/verdict.ts';
import { compileSelector, SelectorIndex } from '../../../server/evaluate/selector.ts';
import { subject } from './timeline.ts';

const gauge = subject(0, { thing: 'gauge-12', quantity: 'water-level', labels: { river: 'Lam', basin: 'Cả' } });

describe('a selector', () => {
  test.each<[Selector, boolean, string]>([
    [{ quantity: 'water-level' }, true, 'equal'],
    [{ quantity: 'water' }, false, 'a part is not the whole'],
    [{ quantity: 'water-*' }, true, 'any run of characters'],
    [{ quantity: '*' }, true, 'anything'],
    [{ quantity: '*lev*' }, true, 'in the middle'],
    [{ quantity: 'water-level*level' }, false, 'head and tail may not overlap'],
    [{ quantity: 'w*r*l*e*l' }, true, 'several runs, in order'],
    [{ quantity: ['flow', 'water-*'] }, true, 'one of several'],
    [{ quantity: ['flow', 'rain'] }, false, 'none of several'],
    [{ thing: 'gauge-1*', quantity: 'water-level' }, true, 'all parts hold'],
    [{ thing: 'gauge-2*', quantity: 'water-level' }, false, 'one part does not'],
    [{ name: 'gauge-12:water-level' }, true, 'name is thing and quantity'],
    [{ name: 'gauge-12/*' }, true, 'with either separator'],
    [{ name: 'gauge-13:*' }, false, 'another thing'],
    [{ source: 'gauges', unit: 'so-nnmt' }, true, 'source and unit'],
    [{ unit: 'so-xd' }, false, 'another unit'],
    [{ labels: { river: 'Lam' } }, true, 'label'],
    [{ labels: { river: 'L*' } }, true, 'label with a glob'],
    [{ labels: { river: 'Lam', bank: '*' } }, false, 'a label that is not there'],
    [{ labels: { toString: '*' } }, false, 'nor is one that every object has'],
    [{ area: [105, 18, 106, 19] }, true, 'inside the area'],
    [{ area: [105.7, 18.7, 106, 19] }, true, 'its edge counts'],
    [{ area: [106, 18, 107, 19] }, false, 'outside'],
    [{ area: [170, 18, -170, 19] }, false, 'across the antimeridian is elsewhere'],
  ])('%j is %s: %s', (select, expected) => {
    expect(compileSelector(select)(gauge)).toBe(expected);
  });

  test('across the antimeridian', () => {
    const islands = compileSelector({ area: [170, -20, -170, 0] });
    expect(islands(subject(0, { position: [179, -17] }))).toBe(true);
    expect(islands(subject(0, { position: [-179, -17] }))).toBe(true);
    expect(islands(subject(0, { position: null }))).toBe(false);
  });
});

describe('the index', () => {
  const word = fc.constantFrom('a', 'b', 'ab', 'ba');
  const pattern = fc.constantFrom('a', 'b', 'ab', 'a*', '*b', '*');
  const part = fc.oneof(pattern, fc.array(pattern, { minLength: 1, maxLength: 3 }));
  const select = fc.record({ thing: part, quantity: part, source: part, unit: part }, { requiredKeys: [] });
  const anything: fc.Arbitrary<Subject> = fc
    .record({ thing: word, quantity: word, source: word, unit: word })
    .map((more) => subject(0, more));

  test('finds just what trying every rule finds, in the same order', () => {
    fc.assert(
      fc.property(fc.array(select, { maxLength: 12 }), anything, (selectors, candidate) => {
        const index = new SelectorIndex<number>();
        selectors.forEach((selector, k) => {
          index.add(k, selector);
        });
        const expected = selectors.flatMap((selector, k) => (compileSelector(selector)(candidate) ? [k] : []));
        expect(index.select(candidate)).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });
});
