import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { alertMatcher } from '#contract/alert-filter.ts';
import type { AlertFilter, AlertMessage, WatchReply } from '#contract/live.ts';
import { AlertFeed, type Audience, MOST_ALERTS } from '../../../server/broadcast/alert-feed.ts';
import { ListedAlerts } from '../../integration/broadcast/live-hub.ts';

const UNITS = ['so-nnmt', 'so-xd', 'so-yt'];
const SCOPES: (readonly string[] | null)[] = [null, ['so-nnmt'], ['so-xd', 'so-yt']];
const FILTERS: AlertFilter[] = [{}, { severity: 'critical' }, { condition: 'firing,recovering' }];
const NOW = '2026-11-23T00:00:00.000Z';

/** A client that keeps to the contract: applies what follows, asks again where there is a gap. */
class Client {
  readonly alerts = new Map<string, Alert>();
  readonly everSeen: Alert[] = [];
  seq: number;
  asked = 0;
  readonly #feed: AlertFeed;
  readonly #audience: Audience;

  constructor(feed: AlertFeed, audience: Audience) {
    this.#feed = feed;
    this.#audience = audience;
    this.seq = 0;
    this.take(feed.reply(audience, undefined, NOW));
  }

  hears(room: string): boolean {
    return room === this.#audience.room;
  }

  receive({ seq, after, alert, gone }: AlertMessage): void {
    this.everSeen.push(alert);
    if (seq <= this.seq) return;
    if (after > this.seq) this.askAgain();
    else this.#apply(seq, alert, gone);
  }

  #apply(seq: number, alert: Alert, gone: boolean): void {
    this.seq = seq;
    if (gone) this.alerts.delete(alert.id);
    else this.alerts.set(alert.id, alert);
  }

  askAgain(): void {
    this.asked++;
    this.take(this.#feed.reply(this.#audience, this.seq, NOW));
  }

  take({ seq, snapshot, alerts, gone }: WatchReply): void {
    this.everSeen.push(...alerts);
    if (snapshot) this.alerts.clear();
    for (const id of gone) this.alerts.delete(id);
    for (const alert of alerts) this.alerts.set(alert.id, alert);
    this.seq = seq;
  }
}

const change = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd'),
  unit: fc.constantFrom(...UNITS),
  severity: fc.constantFrom('critical' as const, 'minor' as const),
  condition: fc.constantFrom('pending' as const, 'firing' as const, 'recovering' as const, 'resolved' as const),
  kind: fc.constantFrom('fired' as const, 'assign' as const, 'cancelled' as const, 'resolved' as const),
  delivered: fc.boolean(),
});

test.each([
  ['everybody', 0, 0],
  ['everybody, filtered', 0, 1],
  ['one unit', 1, 0],
  ['one unit, filtered', 1, 2],
  ['two units', 2, 0],
])('however many messages are lost, a client of %s ends with exactly what it may see', (_, scope, filter) => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 8 }), fc.array(change, { maxLength: 30 }), (before, after) => {
      const book = new ListedAlerts();
      for (const { kind, delivered: _unused, ...alert } of before) book.change(alert, kind);
      const outbox: [string, AlertMessage][] = [];
      const feed = new AlertFeed(book, (room, message) => outbox.push([room, message]));
      const units = SCOPES[scope]!;
      const client = new Client(feed, feed.join(units, FILTERS[filter]!));
      for (const { kind, delivered, ...alert } of after) {
        feed.changes([book.change(alert, kind)]);
        for (const [room, message] of outbox.splice(0)) if (delivered && client.hears(room)) client.receive(message);
      }
      // What the server does for a client that comes back: it repeats the last message of the audience.
      const { lastMessage } = feed.join(units, FILTERS[filter]!);
      if (lastMessage !== null) client.receive(lastMessage);

      const fits = alertMatcher(FILTERS[filter]!);
      const mine = (alert: Alert) => units === null || units.includes(alert.unit);
      const expected = [...book.alerts.values()].filter((alert) => mine(alert) && fits(alert));
      const byId = (a: Alert, b: Alert) => (a.id < b.id ? -1 : 1);
      expect([...client.alerts.values()].sort(byId)).toEqual(expected.sort(byId));
    }),
  );
});

test('an alert that was never a unit’s is never told to it, not even its id', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 30 }), (changes) => {
      const book = new ListedAlerts();
      const client: { current: Client | null } = { current: null };
      const feed = new AlertFeed(book, (room, message) => {
        if (client.current?.hears(room)) client.current.receive(message);
      });
      client.current = new Client(feed, feed.join(['so-xd'], {}));
      const ever = new Set<string>();
      for (const { kind, delivered, ...alert } of changes) {
        if (alert.unit === 'so-xd') ever.add(alert.id);
        feed.changes([book.change(alert, kind)]);
        if (!delivered) client.current.askAgain();
      }
      const told = new Set(client.current.everSeen.map((alert) => alert.id));
      expect([...told].filter((id) => !ever.has(id))).toEqual([]);
      expect(feed.reply(feed.join(['so-xd'], {}), 0, NOW).gone.filter((id) => !ever.has(id))).toEqual([]);
    }),
  );
});

test('equal rights and filters share a room; its chain ends when the last client leaves', () => {
  const feed = new AlertFeed(new ListedAlerts(), () => {});
  const first = feed.join(['b', 'a'], { severity: 'major', rule: 'x' });
  expect(feed.join(['a', 'b'], { rule: 'x', severity: 'major' })).toBe(first);
  expect(feed.join(['a'], { severity: 'major', rule: 'x' })).not.toBe(first);
  feed.leave(first);
  expect(feed.join(['a', 'b'], { severity: 'major', rule: 'x' })).toBe(first);
  feed.leave(first);
  feed.leave(first);
  expect(feed.join(['a', 'b'], { severity: 'major', rule: 'x' })).not.toBe(first);
});

test('too many different filters cost no more rooms: the next one gets everything it may see', () => {
  const feed = new AlertFeed(new ListedAlerts(), () => {});
  for (let number = 0; number < 512; number++) feed.join(null, { rule: `rule-${number}` });
  const one = feed.join(['a'], { rule: 'one-more' });
  expect(one.filter).toEqual({});
  expect(one.units).toEqual(['a']);
  expect(feed.join(['a'], { rule: 'and-another' })).toBe(one);
});

test('a large snapshot keeps the worst and the newest, and says how many it left out', () => {
  const book = new ListedAlerts();
  for (let number = 0; number <= MOST_ALERTS; number++) {
    book.change({ id: `alert-${number}`, severity: number === 0 ? 'critical' : 'minor' }, 'fired');
  }
  const feed = new AlertFeed(book, () => {});
  const reply = feed.reply(feed.join(null, {}), undefined, NOW);
  expect(reply).toMatchObject({ snapshot: true, omitted: 1, seq: MOST_ALERTS + 1 });
  expect(reply.alerts[0]?.id).toBe('alert-0');
  expect(reply.alerts.some((alert) => alert.id === 'alert-1')).toBe(false);
  // So many changes are no smaller than a snapshot.
  expect(feed.reply(feed.join(null, {}), 0, NOW).snapshot).toBe(true);
});

test('what a replay after a crash concludes again is not told again', () => {
  const book = new ListedAlerts();
  const sent: AlertMessage[] = [];
  const feed = new AlertFeed(book, (_, message) => sent.push(message));
  feed.join(null, {});
  const first = book.change({ id: 'a' }, 'fired');
  feed.changes([first]);
  feed.changes([first, book.change({ id: 'a', handling: 'acknowledged' }, 'acknowledge')]);
  expect(sent.map(({ seq }) => seq)).toEqual([1, 2]);
});
