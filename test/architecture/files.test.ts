import { expect, test } from 'vitest';
import { sourceFiles } from './source-tree.ts';

const code = [...sourceFiles('server'), ...sourceFiles('wall-client'), ...sourceFiles('load-tests')];
const tests = sourceFiles('test');
const lines = (text: string) => text.split('\n').length - 1;

test('a source file has at most 400 lines, a test at most 500', () => {
  const long = [...code.filter(({ text }) => lines(text) > 400), ...tests.filter(({ text }) => lines(text) > 500)];
  expect(long.map(({ path, text }) => `${path}: ${lines(text)}`)).toEqual([]);
});

test('files are kebab-case nouns, and no folder or file is a junk drawer', () => {
  const odd = [...code, ...tests].filter(({ path }) => {
    const name = path.split('/').at(-1) ?? '';
    return !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|config|vi|en|d))*\.ts$/.test(name);
  });
  const junk = [...code, ...tests].filter(({ path }) =>
    /(?:^|\/)(?:utils?|helpers?|common|misc|shared|index)(?:\/|\.ts$)/.test(path),
  );
  expect([...odd, ...junk].map(({ path }) => path)).toEqual([]);
});

test('there is no `any`, and no note to self without a reason', () => {
  const loose = code.filter(({ text }) => /(?::|<|as)\s*any\b/.test(text) || /\b(?:TODO|FIXME|XXX)\b/.test(text));
  expect(loose.map(({ path }) => path)).toEqual([]);
});

test('tests are not skipped without saying why in their name, and never focused', () => {
  const focused = tests.filter(({ text }) => /\b(?:test|it|describe)\.only\(/.test(text));
  expect(focused.map(({ path }) => path)).toEqual([]);
});
