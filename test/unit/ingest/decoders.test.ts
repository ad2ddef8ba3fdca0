import { describe, expect, test } from 'vitest';
import { DECODERS } from '#contract/names.ts';
import type { TopicMapping } from '#contract/source.ts';
import { decoders } from '../../../server/ingest/decode/decoders.ts';
import { decode } from './memory-sink.ts';

test('every decoder of the contract is registered', () => {
  expect(Object.keys(decoders).sort()).toEqual([...DECODERS].sort());
});

describe('json', () => {
  const station: TopicMapping = {
    topic: 'tram/+/do',
    decoder: 'json',
    fields: { thing: 'topic:1', time: '/meta/ts' },
    values: { 'water-level': '/h', rainfall: '/r/0' },
    uoms: { 'water-level': 'm', rainfall: 'mm' },
  };
  test.each<[string, TopicMapping | null, unknown, string[]]>([
    [
      'several values by pointer',
      station,
      { h: 5.4, r: [2], meta: { ts: 1_763_884_800 } },
      ['b:|water-level 5.4 m @1763884800000', 'b:|rainfall 2 mm @1763884800000'],
    ],
    ['milliseconds', station, { h: 1, meta: { ts: 1_763_884_800_123 } }, ['b:|water-level 1 m @1763884800123']],
    [
      'RFC 3339 with an offset',
      station,
      { h: 1, meta: { ts: '2025-11-23T15:00:00+07:00' } },
      ['b:|water-level 1 m @1763884800000'],
    ],
    ['local time says no instant', station, { h: 1, meta: { ts: '2025-11-23T15:00:00' } }, ['0: bad-time']],
    ['null is no measurement', station, { h: null, r: [3] }, ['b:|rainfall 3 mm @now']],
    ['nothing found', station, { x: 1 }, ['0: schema']],
    [
      'number as text, boolean',
      station,
      { h: '5.40', r: [true] },
      ['b:|water-level 5.4 m @now', 'b:|rainfall 1 mm @now'],
    ],
    ['an object is no value', station, { h: {} }, ['0: bad-value']],
    ['inherited names lead nowhere', { ...station, values: { x: '/constructor/length' } }, {}, ['0: schema']],
    ['default fields', null, { thing: 't1', quantity: 'pm25', value: 12, uom: 'ug/m3' }, ['t1:|pm25 12 ug/m3 @now']],
    ['an array of objects', null, [{ quantity: 'a', value: 1 }, 5], ['src:|a 1 @now', '1: schema']],
    ['position only', null, { thing: 'bus', longitude: 105.7, latitude: 18.6 }, ['bus at 105.7,18.6']],
    ['position off the earth', null, { thing: 'bus', longitude: 105.7, latitude: 118.6 }, ['0: bad-value']],
    [
      'constants',
      { topic: 'x', decoder: 'json', fields: { thing: '=bơm 2', quantity: '=power', value: '' } },
      { a: 1 },
      ['0: bad-value'],
    ],
    [
      'escaped pointer',
      { topic: 'x', decoder: 'json', fields: { quantity: '=q', value: '/a~1b/c~0d' } },
      { 'a/b': { 'c~d': 4 } },
      ['src:|q 4 @now'],
    ],
  ])('%s', (_why, mapping, payload, lines) => {
    expect(decode('json', payload, mapping).lines).toEqual(lines);
  });
});

describe('number', () => {
  const mapping: TopicMapping = { topic: 'a/+/+', decoder: 'number', fields: { thing: 'topic:1', uom: '=Cel' } };
  test.each<[string, string, string[]]>([
    ['plain', '23.5', ['b:|c 23.5 Cel @now']],
    ['blank around', ' -1e3\n', ['b:|c -1000 Cel @now']],
    ['words', 'warm', ['all: malformed']],
    ['NaN', 'NaN', ['all: malformed']],
    ['hexadecimal', '0x10', ['all: malformed']],
    ['empty', '', ['all: malformed']],
    ['endless', '1'.repeat(65), ['all: malformed']],
  ])('%s', (_why, payload, lines) => {
    expect(decode('number', payload, mapping).lines).toEqual(lines);
  });
});

describe('onvif', () => {
  const TOPIC = 'ioc/v1/u/s/cameras/nga-tu-1';
  const motion = {
    Topic: 'tns1:RuleEngine/tns1:CellMotionDetector/Motion',
    UtcTime: '2026-11-23T08:00:00Z',
    Source: { VideoSource: '1' },
    Data: { IsMotion: true, Level: 3 },
  };

  test('an event of the camera, with its flags and figures as samples', () => {
    const { lines, events } = decode('onvif', motion, null, TOPIC);
    const at = Date.parse(motion.UtcTime);
    expect(lines).toEqual([`nga-tu-1:|IsMotion 1 @${at}`, `nga-tu-1:|Level 3 @${at}`]);
    expect(events[0]).toMatchObject({
      type: 'onvif.RuleEngine/CellMotionDetector/Motion',
      thing: 'nga-tu-1',
      time: at,
    });
  });

  test('the same notification twice is the same event', () => {
    const id = (payload: object) => decode('onvif', payload, null, TOPIC).events[0]?.id;
    expect(id(motion)).toBe(id(motion));
    expect(id({ ...motion, Data: { IsMotion: false } })).not.toBe(id(motion));
  });

  test('SimpleItem lists; without a topic the first datum names the type', () => {
    const { lines, events } = decode(
      'onvif',
      { Data: { SimpleItem: [{ Name: 'IsTamper', Value: 'false' }] } },
      null,
      TOPIC,
    );
    expect(lines).toEqual(['nga-tu-1:|IsTamper 0 @now']);
    expect(events[0]?.type).toBe('onvif.IsTamper');
  });

  test.each([
    ['no data', { UtcTime: '2026-11-23T08:00:00Z' }, ['0: schema']],
    ['a wrong clock text', { ...motion, UtcTime: 'yesterday' }, ['0: bad-time']],
    ['no object', [], ['all: schema']],
  ])('%s', (_why, payload, lines) => {
    expect(decode('onvif', payload, null, TOPIC).lines).toEqual(lines);
  });
});

describe('cloudevents', () => {
  const quake = {
    specversion: '1.0',
    id: 'us7000',
    source: 'urn:usgs',
    type: 'earthquake',
    time: '2026-11-23T07:00:00Z',
    data: {
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [105.1, 18.9, 10] },
      properties: { mag: 4.1, title: 'Nghệ An' },
    },
  };

  test('position and title from a GeoJSON Feature, the rest stays in data', () => {
    const [event] = decode('cloudevents', quake).events;
    expect(event).toMatchObject({
      id: 'us7000',
      type: 'earthquake',
      position: [105.1, 18.9],
      title: 'Nghệ An',
      thing: null,
    });
    expect(event?.data).toEqual(quake.data);
  });

  test.each([
    ['another version', { ...quake, specversion: '0.3' }, ['0: unsupported']],
    ['no id', { ...quake, id: undefined }, ['0: schema']],
    ['empty type', { ...quake, type: '' }, ['0: schema']],
    ['no instant', { ...quake, time: 1_763_884_800 }, ['0: bad-time']],
    ['binary data', { ...quake, data_base64: 'AA==' }, ['0: unsupported']],
    ['a batch keeps the good', [quake, 4], ['1: schema']],
    ['an empty batch', [], ['all: schema']],
  ])('%s', (_why, payload, lines) => {
    expect(decode('cloudevents', payload).lines).toEqual(lines);
  });
});

describe('geojson', () => {
  const station = {
    type: 'Feature',
    id: 7,
    geometry: { type: 'Point', coordinates: [105.7, 18.7] },
    properties: { name: 'Chợ Tràng', labels: { river: 'Lam' } },
  };

  test('a feature is a thing', () => {
    expect(decode('geojson', station).things).toEqual([
      {
        id: '7',
        name: 'Chợ Tràng',
        labels: Object.assign(Object.create(null), { river: 'Lam' }),
        position: [105.7, 18.7],
      },
    ]);
  });

  test('a feature with a time is an event; a polygon stands in its middle', () => {
    const ring = [
      [
        [105, 18],
        [107, 18],
        [107, 20],
        [105, 20],
        [105, 18],
      ],
    ];
    const feature = {
      type: 'Feature',
      geometry: { type: 'Polygon', coordinates: ring },
      properties: { time: 1_763_884_800_000, type: 'flood' },
    };
    const { events } = decode('geojson', { type: 'FeatureCollection', features: [feature] });
    expect(events[0]).toMatchObject({ type: 'flood', position: [106, 19], time: 1_763_884_800_000 });
  });

  test.each([
    ['no GeoJSON', { type: 'Topology' }, ['all: schema']],
    ['no id', { ...station, id: undefined }, ['0: schema']],
    ['off the earth', { ...station, geometry: { type: 'Point', coordinates: [18.7, 105.7] } }, ['0: bad-value']],
    ['labels that are no texts', { ...station, properties: { labels: { a: 1 } } }, ['0: schema']],
    ['a bad feature', { type: 'FeatureCollection', features: [1] }, ['0: schema']],
  ])('%s', (_why, payload, lines) => {
    expect(decode('geojson', payload).lines).toEqual(lines);
  });
});
