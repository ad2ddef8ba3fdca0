import { describe, expect, test } from 'vitest';
import { wordsFault, wordsOf } from '../../../server/ingest/names.ts';
import { seriesId } from '../../../server/ingest/series-registry.ts';

describe('thing and quantity of a name', () => {
  test.each([
    ['tram-1:', 'water-level', 'tram-1', 'water-level', 'a colon parts them'],
    ['tram-1/', 'water-level', 'tram-1', 'water-level', 'a slash parts them'],
    ['urn:dev:ow:10e2:', 'temp', 'urn:dev:ow:10e2', 'temp', 'only the last one goes'],
    ['tram-1', 'level', 'tram-1', 'level', 'a base without one is the thing as it is'],
    ['', 'tram-1/level', 'tram-1', 'level', 'no base: the last one inside the name'],
    ['', 'a/b:c', 'a/b', 'c', 'whichever comes last'],
    ['tram-1:level', '', 'tram-1', 'level', 'no name: the same of the base'],
    ['', 'level', 'src', 'level', 'neither: the source is the thing'],
  ])('%j %j is %j %j: %s', (base, name, thing, quantity) => {
    expect(wordsOf(base, name, 'src')).toEqual({ name: base + name, thing, quantity });
  });

  test.each([
    ['tram', 'mực nước', true, 'SenML names are ASCII'],
    ['', '-level', true, 'SenML names start with a letter or digit'],
    ['', '', true, 'no name at all'],
    ['tram:', '', true, 'an empty quantity'],
    ['a:', 'x'.repeat(257), true, 'a quantity too long'],
    ['a:', 'x\u0000y', false, 'a control character'],
    ['a:', 'x\u202Ey', false, 'an override of the writing direction'],
  ])('%j %j is refused: %s', (base, name, senml) => {
    expect(wordsFault(wordsOf(base, name, 'src'), senml)).toMatch(/\w{4}/);
  });

  test('other formats may name in Vietnamese, and composed and decomposed are the same', () => {
    const nfd = wordsOf('Trạm 1:'.normalize('NFD'), 'mực nước'.normalize('NFD'), 'src');
    expect(nfd).toEqual(wordsOf('Trạm 1:', 'mực nước', 'src'));
    expect(wordsFault(nfd, false)).toBeNull();
  });
});

test('a series’ identity follows from unit, source and name, on every hub alike', () => {
  expect(seriesId('so-nnmt', 'muc-nuoc', 'tram-1:level')).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(seriesId('so-nnmt', 'muc-nuoc', 'tram-1:level')).toBe(seriesId('so-nnmt', 'muc-nuoc', 'tram-1:level'));
  expect(seriesId('so-nnmt', 'muc-nuoc', 'a')).not.toBe(seriesId('so-nnmt', 'khac', 'a'));
});
