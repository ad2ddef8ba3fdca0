import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { DecoderName } from '#contract/names.ts';
import { QUARANTINE_REASONS } from '#contract/quarantine.ts';
import type { Route } from '../../../server/ingest/decode/decoder.ts';
import { decoders } from '../../../server/ingest/decode/decoders.ts';
import { IntakeHarness, source } from './intake-harness.ts';

let hub: IntakeHarness;
afterEach(() => hub.close());

const NOW = Date.UTC(2026, 10, 23, 8);
const gauge = source('muc-nuoc');
const route = (decoder: DecoderName): Route => ({
  transport: 'mqtt',
  topic: 'ioc/v1/so-nnmt/muc-nuoc/samples',
  levels: [],
  decoder,
  decode: decoders[decoder],
  mapping: null,
  camera: null,
});

/** Gives the payload to the room and waits until all it made of it is durable. */
async function give(payload: Buffer | string, decoder: DecoderName = 'senml') {
  const before = hub.quarantined.length;
  const refusal = hub.intake.receive(hub.registry.source(gauge), route(decoder), Buffer.from(payload));
  expect(refusal).toBeNull();
  const { accepted, rejected } = hub.intake;
  await new Promise<void>((resolve, reject) =>
    hub.admission.whenDurable((error) => (error ? reject(error) : resolve())),
  );
  await expect.poll(() => hub.admission.pending().messages).toBe(0);
  return { accepted, rejected, items: hub.quarantined.slice(before) };
}

const senml = (fields: string) => `[{"n":"x","v":1,${fields}}]`;

describe('listed', () => {
  test.each<[string, Buffer | string, DecoderName, string]>([
    ['nothing', '', 'senml', 'malformed'],
    ['truncated', '[{"n":"x","v":1', 'senml', 'malformed'],
    ['two documents', '[{"n":"x","v":1}][]', 'senml', 'malformed'],
    ['a byte order mark', '\uFEFF[{"n":"x","v":1}]', 'senml', 'malformed'],
    ['not UTF-8', Buffer.from([0x5b, 0x22, 0xff, 0xfe, 0x22, 0x5d]), 'senml', 'malformed'],
    ['overlong UTF-8', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'senml', 'malformed'],
    ['half a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'senml', 'malformed'],
    ['NaN', '[{"n":"x","v":NaN}]', 'senml', 'malformed'],
    ['an infinite number', '[{"n":"x","v":1e999}]', 'senml', 'bad-value'],
    ['an infinite time', senml('"t":1e999'), 'senml', 'bad-time'],
    ['an infinite past', senml('"t":-1e999'), 'senml', 'bad-time'],
    ['infinities that cancel out', '[{"n":"x","v":1,"bt":1e999,"t":-1e999}]', 'senml', 'bad-time'],
    ['milliseconds for seconds', senml(`"t":${NOW}`), 'senml', 'future-time'],
    ['ten minutes ahead', senml(`"t":${NOW / 1000 + 600}`), 'senml', 'future-time'],
    ['1999', senml('"t":900000000'), 'senml', 'bad-time'],
    ['epoch 0 where times are absolute', '{"quantity":"x","value":1,"time":0}', 'json', 'bad-time'],
    ['deep nesting', `${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'senml', 'schema'],
    ['deep nesting, unclosed', '{"a":'.repeat(40_000), 'json', 'malformed'],
    ['deep nesting inside an event', cloudEvent('['.repeat(5000) + ']'.repeat(5000)), 'cloudevents', 'schema'],
    ['deep nesting inside a feature', feature('['.repeat(5000) + ']'.repeat(5000)), 'geojson', 'schema'],
    ['deep nesting inside a notification', `{"Data":{"x":${'['.repeat(99)}${']'.repeat(99)}}}`, 'onvif', 'schema'],
    ['300 KB', `[{"n":"x","vs":"${'a'.repeat(300_000)}"}]`, 'senml', 'too-large'],
    ['a text of 5,000 characters', `[{"n":"x","vs":"${'a'.repeat(5000)}"}]`, 'senml', 'bad-value'],
    ['__proto__ as the record', '[{"__proto__":{"n":"x","v":1}}]', 'senml', 'unsupported'],
    ['a name in NFD', JSON.stringify([{ n: 'mực nước'.normalize('NFD'), v: 1 }]), 'senml', 'schema'],
    ['a name of 600 characters', `[{"n":"${'a'.repeat(600)}","v":1}]`, 'senml', 'schema'],
    ['a name with a line break', '[{"n":"a\\nb","v":1}]', 'senml', 'schema'],
    ['markup for a name', '[{"n":"<img src=x onerror=alert(1)>","v":1}]', 'senml', 'schema'],
    ['a unit of measure of 40 characters', senml(`"u":"${'m'.repeat(40)}"`), 'senml', 'schema'],
    ['a latitude of 91', '[{"n":"lat","u":"lat","v":91}]', 'senml', 'bad-value'],
    ['wrong types everywhere', '[{"n":[],"v":{},"t":"now","u":5}]', 'senml', 'schema'],
    ['a thing with a control in its id', '{"type":"Feature","id":"a\\u0000","geometry":null}', 'geojson', 'schema'],
    ['a position of nobody', '{"thing":"\\u0007","longitude":105,"latitude":18}', 'json', 'schema'],
    ['null', 'null', 'senml', 'schema'],
    ['null for JSON', 'null', 'json', 'schema'],
    ['null for GeoJSON', 'null', 'geojson', 'schema'],
    ['null for an event', 'null', 'cloudevents', 'schema'],
    ['null for a camera', 'null', 'onvif', 'schema'],
    ['a word for a number', 'ấm', 'number', 'malformed'],
  ])('%s', async (_why, payload, decoder, reason) => {
    hub = await IntakeHarness.open({ now: () => NOW });
    const { accepted, items } = await give(payload, decoder);
    expect(accepted).toBe(0);
    expect(items.map((item) => item.reason)).toEqual([reason]);
    expect(items[0]).toMatchObject({ source: gauge.id, size: Buffer.byteLength(payload), transport: 'mqtt' });
    expect(items[0]?.detail.length).toBeGreaterThan(10);
    expect(items[0]?.excerpt.length).toBeLessThanOrEqual(512 * 6);
    expect(hub.stored()).toEqual([]);
  });

  test('no payload changes what objects inherit', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    const evil = '{"polluted":1}';
    await give(`[{"n":"x","v":1,"__proto__":${evil},"constructor":{"prototype":${evil}}}]`);
    await give(cloudEvent(`{"__proto__":${evil}}`), 'cloudevents');
    await give(`{"type":"Feature","id":"a","geometry":null,"properties":{"labels":{"__proto__":"x"}}}`, 'geojson');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    expect(hub.registry.source(gauge).thing('a')?.thing.labels.polluted).toBeUndefined();
  });

  test('what a database cannot keep as text becomes a replacement character', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    await give(cloudEvent('{"a\\u0000b":["\\ud800","e\\u0301"]}'), 'cloudevents');
    await give('[{"n":"state","vs":"\\u0000mở\\udfff"}]');
    expect(hub.entries.flatMap((entry) => (entry.kind === 'event' ? [entry.event.data] : []))).toEqual([
      { 'a\uFFFDb': ['\uFFFD', 'é'] },
    ]);
    expect(hub.entries.flatMap((entry) => (entry.kind === 'text' ? [entry.text] : []))).toEqual(['\uFFFDmở\uFFFD']);
  });

  test('text from outside is shown without its controls', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    const { items } = await give('\u0000\u001b[31m\u202Edrawkcab');
    expect(items[0]?.excerpt).toBe('\\u0000\\u001b[31m\\u202edrawkcab');
    const binary = await give(Buffer.from([0xff, 0x00, 0x41]));
    expect(binary.items[0]?.excerpt).toBe('\\xff\\x00A');
  });
});

function cloudEvent(data: string): string {
  return `{"specversion":"1.0","id":"1","source":"s","type":"t","data":${data}}`;
}

function feature(extra: string): string {
  return `{"type":"Feature","id":"a","geometry":null,"properties":{"x":${extra}}}`;
}

describe('generated', () => {
  const scalar = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.constantFrom('1e999', '-1e999', 0, -1, 2 ** 28, 1e12, '', null, true, '__proto__', 'constructor'),
  );
  const key = fc.constantFrom(
    ...['bn', 'bt', 'bu', 'bv', 'bver', 'n', 'u', 't', 'v', 'vb', 'vs', 'vd', 's', 'x', 'x_', '__proto__', 'toString'],
    ...['type', 'features', 'properties', 'geometry', 'coordinates', 'id', 'time', 'labels', 'name'],
    ...['specversion', 'source', 'data', 'UtcTime', 'Data', 'Source', 'SimpleItem', 'Name', 'Value'],
    ...['thing', 'quantity', 'value', 'longitude', 'latitude'],
  );
  const object = fc.letrec((tie) => ({
    node: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('node'), { maxLength: 4 }),
      fc.array(fc.tuple(key, tie('node')), { maxLength: 6 }).map((entries) => Object.fromEntries(entries)),
    ),
  })).node;
  const payload = fc.oneof(
    fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
    object.map((value) => Buffer.from(JSON.stringify(value) ?? '')),
    fc
      .array(object, { maxLength: 4 })
      .map((value) => Buffer.from(JSON.stringify(value).replaceAll('"1e999"', '1e999'))),
    fc.tuple(object, fc.nat()).map(([value, cut]) => {
      const text = Buffer.from(JSON.stringify([value]) ?? '');
      return text.subarray(0, cut % (text.length + 1));
    }),
  );
  const decoder = fc.constantFrom(...(Object.keys(decoders) as DecoderName[]));

  test('500 payloads: nothing is thrown, and every record is either taken or put aside with a reason', async () => {
    hub = await IntakeHarness.open({ now: () => NOW });
    await fc.assert(
      fc.asyncProperty(payload, decoder, async (bytes, name) => {
        const { accepted, rejected, items } = await give(bytes, name);
        const reasons = new Set(rejected.map(({ reason }) => reason));
        expect(items.map(({ reason }) => reason).sort()).toEqual([...reasons].sort());
        for (const reason of reasons) expect(QUARANTINE_REASONS).toContain(reason);
        if (accepted === 0 && rejected.length === 0) expect(saysNothing(bytes, name)).toBe(true);
      }),
      { numRuns: 500 },
    );
    for (const { value, time } of hub.stored()) {
      expect(Number.isFinite(value)).toBe(true);
      expect(time).toBeLessThanOrEqual(NOW + 5 * 60_000);
      expect(time).toBeGreaterThanOrEqual(Date.UTC(2000, 0, 1));
    }
  });
});

/** Payloads that are in order and hold no measurement: records of base fields only, empty lists. */
function saysNothing(bytes: Buffer, decoder: DecoderName): boolean {
  const document: unknown = JSON.parse(bytes.toString());
  if (decoder === 'senml') {
    const base = new Set(['bn', 'bt', 'bu', 'bv', 'bver']);
    const own = new Set(['n', 'u', 't', 'v', 'vb', 'vs', 'vd', 's']);
    return (document as object[]).every((item) => Object.keys(item).every((key) => base.has(key) || !own.has(key)));
  }
  return Array.isArray(document)
    ? document.length === 0
    : (document as { features?: unknown[] }).features?.length === 0 || decoder === 'json';
}
