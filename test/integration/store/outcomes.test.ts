import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Alert, AlertChange } from '#contract/alert.ts';
import { alertMatcher } from '#contract/alert-filter.ts';
import type { AlertFilter } from '#contract/live.ts';
import type { Delivery } from '#contract/push.ts';
import type { OutcomeRecord } from '#contract/records.ts';
import type { Service } from '../../../server/store/service.ts';
import { startTestDatabase, type TestDatabase } from '../../support/database.ts';
import { caughtUp, serve, T0, TestJournal } from './store-fixture.ts';

let database: TestDatabase;
let journal: TestJournal;
let service: Service;
let seq = 0;

beforeAll(async () => {
  database = await startTestDatabase();
  journal = await TestJournal.make();
  service = await serve(database.url, journal);
});
afterAll(async () => {
  await service.close();
  await journal.remove();
  await database.remove();
});
beforeEach(() => database.query('truncate alert, alert_change, delivery, audit'));

const uuid = (n: number) => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;

function makeAlert(n: number, part: Partial<Alert> = {}): Alert {
  return {
    id: uuid(n),
    rule: 'river-above-level-2',
    labels: { river: 'Lam' },
    title: { vi: 'Mực nước vượt báo động II', en: 'River above alarm level II' },
    severity: 'major',
    unit: 'so-nnmt',
    condition: 'firing',
    quality: 'live',
    authenticity: 'unverified',
    handling: 'new',
    suppressed: null,
    publication: 'internal',
    startsAt: new Date(T0).toISOString(),
    firedAt: new Date(T0).toISOString(),
    endsAt: null,
    value: 5.5,
    uom: 'm',
    location: null,
    series: null,
    thing: null,
    runbook: null,
    assignee: null,
    acknowledgedBy: null,
    seq: 0,
    ...part,
  };
}

function change(alert: Alert, kind: AlertChange['kind']): OutcomeRecord & { kind: 'alert' } {
  const next = ++seq;
  return {
    kind: 'alert',
    change: { seq: next, at: T0 + next, kind, actor: null, note: null, alert: { ...alert, seq: next } },
  };
}

async function conclude(...records: OutcomeRecord[]): Promise<void> {
  await caughtUp(service, 0, await journal.conclude(records));
}

describe('alerts', () => {
  test('stand as after their last change, with all changes behind them', async () => {
    const alert = makeAlert(1);
    await conclude(change({ ...alert, condition: 'pending', firedAt: null }, 'pending'), change(alert, 'fired'));
    await conclude(change({ ...alert, handling: 'acknowledged' }, 'acknowledge'));
    expect(await service.calls.alerts.get(alert.id)).toEqual({ ...alert, handling: 'acknowledged', seq });
    expect((await service.calls.alerts.history(alert.id)).map((one) => one.kind)).toEqual([
      'pending',
      'fired',
      'acknowledge',
    ]);
    expect(await service.calls.alerts.get('no-uuid')).toBeNull();
  });

  test('an older change that comes late joins the history and leaves the alert', async () => {
    const alert = makeAlert(2);
    const old = change(alert, 'pending');
    await conclude(change(alert, 'fired'));
    await conclude(old, old);
    expect((await service.calls.alerts.get(alert.id))?.seq).toBe(seq);
    expect((await service.calls.alerts.history(alert.id)).map((one) => one.kind)).toEqual(['pending', 'fired']);
  });

  test.each(['in one transaction', 'in two'])('one that never fired is gone, %s', async (how) => {
    const pending = change(makeAlert(3), 'pending');
    const cancelled = change(makeAlert(3), 'cancelled');
    if (how === 'in two') await conclude(pending);
    await conclude(...(how === 'in two' ? [] : [pending]), cancelled);
    expect(await service.calls.alerts.get(uuid(3))).toBeNull();
    expect(await service.calls.alerts.history(uuid(3))).toEqual([]);
  });

  test('pages follow each other without gap or repeat, newest start first', async () => {
    const alerts = Array.from({ length: 25 }, (_, n) =>
      makeAlert(n, { startsAt: new Date(T0 + Math.floor(n / 4) * 1000).toISOString() }),
    );
    await conclude(...alerts.map((alert) => change(alert, 'fired')));
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await service.calls.alerts.list({ filter: {}, units: null, limit: 7, ...(cursor && { cursor }) });
      seen.push(...page.items.map((alert) => alert.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const sorted = alerts.sort((a, b) => (a.startsAt + a.id < b.startsAt + b.id ? 1 : -1));
    expect(seen).toEqual(sorted.map((alert) => alert.id));
  });

  test("a cursor of another list, or nobody's, is refused", async () => {
    const foreign = Buffer.from(JSON.stringify(['audit', 'x', 'y', 1])).toString('base64url');
    for (const cursor of [foreign, 'nonsense', Buffer.from('["alerts",{},[]]').toString('base64url')]) {
      const list = service.calls.alerts.list({ filter: {}, units: null, limit: 5, cursor });
      await expect(list).rejects.toMatchObject({ code: 'bad-query' });
    }
  });

  test('SQL and the shared matcher mean the same by a filter', async () => {
    const severities = ['critical', 'major', 'minor'] as const;
    const alerts = Array.from({ length: 40 }, (_, n) =>
      makeAlert(n, {
        severity: severities[n % 3] ?? 'info',
        unit: `unit-${n % 4}`,
        rule: `rule-${n % 5}`,
        condition: n % 2 ? 'firing' : 'resolved',
        startsAt: new Date(T0 + (n % 10) * 1000).toISOString(),
        location: n % 7 === 0 ? null : { type: 'Point', coordinates: [104 + (n % 8) / 4, 18 + (n % 6) / 4] },
      }),
    );
    await conclude(...alerts.map((alert) => change(alert, 'fired')));
    const time = fc.integer({ min: -1, max: 11 }).map((n) => new Date(T0 + n * 1000).toISOString());
    const words = (of: readonly string[]) =>
      fc.array(fc.constantFrom(...of, 'other'), { maxLength: 3 }).map((list) => list.join(', '));
    const filters: fc.Arbitrary<AlertFilter> = fc.record(
      {
        severity: words(severities),
        unit: words(['unit-0', 'unit-1', 'unit-2']),
        rule: words(['rule-0', 'rule-1']),
        condition: words(['firing', 'resolved']),
        area: fc.constantFrom('104,18,105,19', '104.25,18.25,104.25,18.25', '0,0,1,1', '105,18,104.5,19'),
        from: time,
        to: time,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(filters, async (filter) => {
        const page = await service.calls.alerts.list({ filter, units: null, limit: 1000 });
        const wanted = alerts.filter(alertMatcher(filter)).map((alert) => alert.id);
        expect(page.items.map((alert) => alert.id).sort()).toEqual(wanted.sort());
      }),
      { numRuns: 60 },
    );
    const mine = await service.calls.alerts.list({ filter: { unit: 'unit-0,unit-1' }, units: ['unit-1'], limit: 1000 });
    expect(new Set(mine.items.map((alert) => alert.unit))).toEqual(new Set(['unit-1']));
  });
});

test('a record that is not what it says is set aside; those around it are stored', async () => {
  const broken = { kind: 'alert', change: { seq: ++seq, kind: 'fired' } } as unknown as OutcomeRecord;
  await conclude(change(makeAlert(5), 'fired'), broken, change(makeAlert(6), 'fired'), broken);
  expect((await service.calls.alerts.list({ filter: {}, units: null, limit: 5 })).items).toHaveLength(2);
  expect(service.status().setAside).toBe(2);
  const { items } = await service.calls.quarantine.list({ limit: 5 });
  expect(items).toHaveLength(2);
  expect(items[0]?.detail).toMatch(/not stored/);
});

test('a delivery is told again as it proceeds; the last word counts, also when it comes first', async () => {
  const delivery: Delivery = {
    id: 'd1',
    alert: uuid(1),
    seq: 1,
    subscription: 's1',
    username: 'an',
    state: 'retrying',
    attempts: 1,
    status: 503,
    detail: null,
    queuedAt: new Date(T0).toISOString(),
    finishedAt: null,
  };
  const accepted = { ...delivery, state: 'accepted' as const, attempts: 2, status: 201 };
  await conclude({ kind: 'delivery', delivery }, { kind: 'delivery', delivery: accepted });
  await conclude({ kind: 'delivery', delivery });
  expect((await service.calls.push.deliveries({ alert: uuid(1), limit: 10 })).items).toEqual([accepted]);
  expect((await service.calls.push.deliveries({ alert: uuid(2), limit: 10 })).items).toEqual([]);
});

test('the audit keeps every entry once, newest first, page by page', async () => {
  const entries = Array.from({ length: 12 }, (_, n) => ({
    at: new Date(T0 + Math.floor(n / 5)).toISOString(),
    actor: 'an',
    action: 'login',
    subject: `s${n}`,
    from: n % 2 ? '127.0.0.1' : null,
    detail: { n },
  }));
  await conclude(...entries.map((entry) => ({ kind: 'audit', entry }) as const));
  const first = await service.calls.audit.list({ limit: 8 });
  const rest = await service.calls.audit.list({ limit: 8, cursor: first.nextCursor ?? '' });
  expect([...first.items, ...rest.items]).toEqual(entries.reverse());
  expect(rest.nextCursor).toBeNull();
});
