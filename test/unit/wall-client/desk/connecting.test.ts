import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SLUG_PATTERN } from '#contract/names.ts';
import { mosquittoCommand, shellQuoted } from '../../../../wall-client/views/desk/connection-guide.ts';
import { exactValue } from '../../../../wall-client/views/desk/exact-value.ts';
import { slugOf } from '../../../../wall-client/views/desk/slug.ts';

const sh = (script: string) => execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8' });

describe('the command to copy', () => {
  test('reaches a real shell word for word', () => {
    const payload = '[{"bn":"tram-01:","n":"water-level","u":"m","v":5.62}]';
    const sample = { topic: 'ioc/v1/so-nnmt/song-ca/samples', payload, host: 'ioc.example', port: 8883, tls: true };
    const command = mosquittoCommand(sample, { username: 'song-ca-1', password: "a'b$c`d" }, 'page.example');
    const words = sh(`mosquitto_pub() { for word in "$@"; do printf '%s\\n' "$word"; done; }\n${command}`)
      .trim()
      .split('\n');
    expect(words).toEqual([
      ...['-h', 'ioc.example', '-p', '8883', '-q', '1', '--tls-use-os-certs'],
      ...['-u', 'song-ca-1', '-P', "a'b$c`d", '-t', sample.topic, '-m', payload],
    ]);
  });

  test('names the page’s host when the hub names none', () => {
    const sample = { topic: 't', payload: '[]', host: null, port: 1883, tls: false };
    expect(mosquittoCommand(sample, { username: 'a', password: 'b' }, '10.0.0.7')).toContain('-h 10.0.0.7 -p 1883');
  });

  test('whatever a text is, the shell takes it as one word and runs nothing of it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 30 }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(text, (value) => {
        expect(sh(`printf '%s' ${shellQuoted(value)}x`)).toBe(`${value}x`);
      }),
      { numRuns: 60 },
    );
  });
});

describe('an id proposed from a name', () => {
  test.each([
    ['Mực nước sông Cả', 'muc-nuoc-song-ca'],
    ['Đo mưa tự động (đợt 2)', 'do-mua-tu-dong-dot-2'],
    ['  ', ''],
    ['—', ''],
  ])('%s', (name, slug) => expect(slugOf(name)).toBe(slug));

  test('is always one the contract takes, or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (name) => {
        const slug = slugOf(name);
        expect(slug === '' || new RegExp(SLUG_PATTERN).test(slug)).toBe(true);
      }),
    );
  });
});

describe('a figure at the desk', () => {
  test.each<[number, string | null, string, string]>([
    [7.91, 'm', '7,91\u00A0m', 'centimetres of a river decide'],
    [62.4, 'mm', '62,4\u00A0mm', 'as measured'],
    [1840, null, '1840', 'no decimals are invented'],
    [0.1 + 0.2, 'm', '0,3\u00A0m', 'binary fractions are no measurement'],
  ])('%d %s', (value, uom, text) => expect(exactValue(value, uom)).toBe(text));
});
