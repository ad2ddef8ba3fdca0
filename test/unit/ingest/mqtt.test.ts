import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { TopicMapping } from '#contract/source.ts';
import { ConnectThrottle } from '../../../server/ingest/mqtt/connect-throttle.ts';
import { packetScanner } from '../../../server/ingest/mqtt/packet-limit.ts';
import { matchesFilter, routeTopic } from '../../../server/ingest/mqtt/topic-route.ts';

describe('packet limit', () => {
  const packet = (size: number) => {
    const length: number[] = [];
    let rest = size;
    do {
      length.push((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0));
      rest >>= 7;
    } while (rest > 0);
    return Buffer.concat([Buffer.from([0x30, ...length]), Buffer.alloc(size, 0xff)]);
  };

  test('however the bytes are cut, the first packet beyond the limit is found and no other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 20 }),
        fc.array(fc.integer({ min: 1, max: 700 }), { minLength: 1, maxLength: 50 }),
        (sizes, cuts) => {
          const bytes = Buffer.concat(sizes.map(packet));
          const scan = packetScanner(500);
          let excess: number | null = null;
          let at = 0;
          for (let i = 0; at < bytes.length && excess === null; i++) {
            const step = cuts[i % cuts.length]!;
            excess = scan(bytes.subarray(at, at + step));
            at += step;
          }
          const first = sizes.find((size) => size > 500);
          if (first === undefined) expect(excess).toBeNull();
          else expect(excess).toBeGreaterThan(500);
        },
      ),
    );
  });

  test('a length of more than four bytes is refused whatever it says', () => {
    expect(packetScanner(1e9)(Buffer.from([0x10, 0x80, 0x80, 0x80, 0x80, 0x00]))).not.toBeNull();
  });
});

describe('topics', () => {
  test.each([
    ['a/b', 'a/b', true],
    ['a/+', 'a/b', true],
    ['a/+', 'a', false],
    ['a/+', 'a/b/c', false],
    ['a/#', 'a/b/c', true],
    ['a/#', 'a', true],
    ['#', 'a', true],
    ['+', '', true],
    ['a/+/c', 'a//c', true],
    ['a', 'A', false],
  ])('%s matches %s: %s', (filter, topic, matches) => {
    expect(matchesFilter(filter, topic.split('/'))).toBe(matches);
  });

  const own = { id: 's', unit: 'u', name: 's', decoder: 'senml', staleAfter: 1, recorded: false } as const;
  const mapped: TopicMapping[] = [
    { topic: 'tram/+/do', decoder: 'json' },
    { topic: '#', decoder: 'number' },
  ];
  test.each([
    ['ioc/v1/u/s/samples', [], 'senml'],
    ['ioc/v1/u/s/events', [], 'cloudevents'],
    ['ioc/v1/u/s/cameras/c1', [], 'onvif'],
    ['ioc/v1/u/s/cameras', [], 'unknown'],
    ['ioc/v1/u/s/samples/x', [], 'unknown'],
    ['ioc/v1/u/s/cap', [], 'unknown'],
    ['tram/1/do', [], 'foreign'],
    ['tram/1/do', mapped, 'json'],
    ['other', mapped, 'number'],
    ['ioc/v1/u/t/samples', mapped, 'foreign'],
    ['ioc/v2/u/s/samples', mapped, 'foreign'],
    ['$SYS/x', mapped, 'foreign'],
  ])('%s with mappings %j is %s', (topic, mappings, verdict) => {
    const route = routeTopic(topic, own, mappings as TopicMapping[]);
    expect(typeof route === 'object' ? route.decoder : route).toBe(verdict);
  });

  test('a source may send another format on its samples topic', () => {
    const route = routeTopic('ioc/v1/u/s/samples', { ...own, decoder: 'json' }, []);
    expect(route).toMatchObject({ decoder: 'json', mapping: null });
  });
});

describe('throttle of connections', () => {
  test('ten failures, then a wait until the window is over', () => {
    let now = 0;
    const throttle = new ConnectThrottle({ now: () => now });
    for (let i = 0; i < 9; i++) throttle.failed('a');
    expect(throttle.mustWait('a')).toBe(false);
    throttle.failed('a');
    expect([throttle.mustWait('a'), throttle.mustWait('b')]).toEqual([true, false]);
    now = 60_000;
    expect(throttle.mustWait('a')).toBe(false);
  });

  test('remembers a bounded number of addresses', () => {
    const throttle = new ConnectThrottle({ now: () => 0, maxFailures: 1, maxAddresses: 2 });
    for (const address of ['a', 'b', 'c']) throttle.failed(address);
    expect(['a', 'b', 'c'].map((address) => throttle.mustWait(address))).toEqual([false, true, true]);
  });
});
