import { describe, expect, test } from 'vitest';
import { decode } from './memory-sink.ts';

const T = 1_763_884_800;

describe('SenML (RFC 8428)', () => {
  test.each<[string, unknown, string[]]>([
    ['one plain record', [{ bn: 's:', n: 'h', u: 'm', v: 1.5, t: T }], [`s:|h 1.5 m @${T * 1000}`]],
    ['no time: receipt', [{ n: 'h', v: 1 }], ['|h 1 @now']],
    ['zero and small times are relative', [{ n: 'h', v: 1, t: -90 }], ['|h 1 @now-90000']],
    ['base time alone', [{ n: 'h', v: 1, bt: T }], [`|h 1 @${T * 1000}`]],
    ['base and own time add up', [{ bt: T, t: 0.25, n: 'h', v: 1 }], [`|h 1 @${T * 1000 + 250}`]],
    [
      'base fields carry over and are replaced',
      [
        { bn: 'a:', bt: T, bu: 'm', n: 'h', v: 1 },
        { n: 'g', v: 2, t: 1 },
        { bn: 'b:', n: 'h', v: 3, u: 'cm' },
      ],
      [`a:|h 1 m @${T * 1000}`, `a:|g 2 m @${T * 1000 + 1000}`, `b:|h 3 cm @${T * 1000}`],
    ],
    ['base value adds to v', [{ bv: 20, n: 't', v: 0.5 }], ['|t 20.5 @now']],
    ['base value alone is the value', [{ bv: 20 }, { n: 't' }], ['|t 20 @now']],
    ['base value leaves booleans alone', [{ bv: 20, n: 'b', vb: true }], ['|b 1 @now']],
    [
      'a record of base fields only measures nothing',
      [
        { bn: 'a:', bt: 0 },
        { n: 'h', v: 1 },
      ],
      ['a:|h 1 @now'],
    ],
    ['false is 0', [{ n: 'b', vb: false }], ['|b 0 @now']],
    ['text', [{ n: 'state', vs: 'open' }], ['|state "open"']],
    ['coordinates move the thing', [{ bn: 'car:', n: 'lat', u: 'lat', v: 18.6 }], ['car:|lat lat=18.6']],
    ['sum beside v is passed over', [{ n: 'e', v: 1, s: 9 }], ['|e 1 @now']],
    ['sum alone', [{ n: 'e', s: 9 }], ['0: unsupported']],
    ['binary', [{ n: 'e', vd: 'AA' }], ['0: unsupported']],
    ['no value', [{ n: 'e' }], ['0: schema']],
    ['two values', [{ n: 'e', v: 1, vs: 'x' }], ['0: schema']],
    ['value as text', [{ n: 'e', v: '1' }], ['0: schema']],
    ['unknown label', [{ n: 'e', v: 1, extra: {} }], ['|e 1 @now']],
    ['unknown label that must be understood', [{ n: 'e', v: 1, extra_: 1 }], ['0: unsupported']],
    ['registered version', [{ bver: 10, n: 'e', v: 1 }], ['|e 1 @now']],
    [
      'later version: nothing after it can be trusted',
      [
        { bver: 11, n: 'e', v: 1 },
        { n: 'f', v: 1 },
      ],
      ['0: unsupported', '1: schema'],
    ],
    [
      'a bad record between good ones',
      [
        { n: 'a', v: 1 },
        { n: 'b', v: null },
        { n: 'c', v: 3 },
      ],
      ['|a 1 @now', '1: schema', '|c 3 @now'],
    ],
    [
      'a bad base name spoils what follows',
      [
        { n: 'a', v: 1 },
        { bn: 5, n: 'b', v: 1 },
        { n: 'c', v: 1 },
      ],
      ['|a 1 @now', '1: schema', '2: schema'],
    ],
    ['records that are no objects', [1, null, [], 'x'], ['0: schema', '1: schema', '2: schema', '3: schema']],
    ['no array', { n: 'a', v: 1 }, ['all: schema']],
    ['empty pack', [], ['all: schema']],
    ['no JSON', '[{"n":"a","v":1}', ['all: malformed']],
    ['NaN is no JSON', '[{"n":"a","v":NaN}]', ['all: malformed']],
    ['a __proto__ key is data, and must be understood', '[{"n":"a","v":1,"__proto__":{"v":2}}]', ['0: unsupported']],
  ])('%s', (_why, payload, lines) => {
    expect(decode('senml', payload).lines).toEqual(lines);
  });
});
