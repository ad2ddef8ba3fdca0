import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, sourceFiles } from './source-tree.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const { scripts }: { scripts: Record<string, string> } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

test('every npm command the README names exists', () => {
  const named = [...readme.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test))\b/g)].map(
    (match) => match[1] ?? match[2] ?? '',
  );
  expect(named).toContain('start');
  expect(named).toContain('test');
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('the README tells of every variable the hub reads, and of no other', () => {
  const settings = sourceFiles('server/config')
    .map(({ text }) => text)
    .join('\n');
  const read = new Set([...settings.matchAll(/'((?:HUB_|DATABASE_|MQTT_|REDIS_)[A-Z_]+)'/g)].map((match) => match[1]));
  const told = new Set([...readme.matchAll(/`((?:HUB_|DATABASE_|MQTT_|REDIS_)[A-Z_]+)`/g)].map((match) => match[1]));
  expect([...told].sort()).toEqual([...read].sort());
});

test('every file and folder the README points at is there', () => {
  const pointed = [...readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)].map((match) => match[1] ?? '');
  const missing = pointed.filter((path) => {
    try {
      readFileSync(join(ROOT, path));
      return false;
    } catch (error) {
      return !(error instanceof Error && 'code' in error && error.code === 'EISDIR');
    }
  });
  expect(missing).toEqual([]);
});
