import fc from 'fast-check';
import { Value } from 'typebox/value';
import { expect, test } from 'vitest';
import { Alert, type AlertChange, type AlertCommand } from '#contract/alert.ts';
import type { Verdict } from '#contract/verdict.ts';
import { AlertBook } from '../../../server/alert/book.ts';
import { START, verdict } from './book-fixture.ts';

const KINDS: Verdict['kind'][] = [
  'pending',
  'fired',
  'recovering',
  'refired',
  'resolved',
  'cancelled',
  'missing',
  'present',
  'rule-removed',
];

const commands: fc.Arbitrary<AlertCommand> = fc.constantFrom<AlertCommand>(
  { type: 'acknowledge' },
  { type: 'verify', result: 'checking' },
  { type: 'verify', result: 'confirmed' },
  { type: 'verify', result: 'refuted' },
  { type: 'assign', unit: 'so-xd', user: 'chi' },
  { type: 'report-status', status: 'accepted' },
  { type: 'report-status', status: 'refused' },
  { type: 'report-status', status: 'done' },
  { type: 'comment', text: 'note' },
  { type: 'shelve', until: new Date(START + 50_000).toISOString(), reason: 'works' },
  { type: 'unshelve' },
  { type: 'resolve' },
  { type: 'reopen' },
  { type: 'publish' },
);

/** One step of a book's life; `which` picks among the alerts seen so far. */
const step = fc.record({
  verdict: fc.record({
    kind: fc.oneof(
      { weight: 3, arbitrary: fc.constant('fired' as const) },
      { weight: 4, arbitrary: fc.constantFrom(...KINDS) },
    ),
    start: fc.integer({ min: 0, max: 3 }),
  }),
  command: fc.option(
    fc.record({ command: commands, actor: fc.constantFrom('an', 'binh'), which: fc.nat(5), id: fc.nat(40) }),
  ),
  restart: fc.integer({ min: 0, max: 7 }).map((n) => n === 0),
});

interface Life {
  readonly changes: AlertChange[];
  readonly refusals: number;
  /** What memory holds at the end, and what of it is open. */
  readonly kept: Alert[];
  readonly open: Alert[];
}

function live(steps: readonly (typeof step extends fc.Arbitrary<infer S> ? S : never)[], restarts: boolean): Life {
  let book = new AlertBook({ closed: 2, waiting: 2, commands: 20 });
  const changes: AlertChange[] = [];
  const seen: string[] = [];
  let refusals = 0;
  steps.forEach(({ verdict: { kind, start }, command, restart }, k) => {
    const at = START + k * 2000;
    changes.push(...book.apply([verdict(kind, k * 2, start)], at), ...book.advance(at));
    for (const { alert } of changes) if (!seen.includes(alert.id)) seen.push(alert.id);
    const alert = command && seen[command.which % Math.max(1, seen.length)];
    if (command && alert) {
      const before = { seq: book.seq, alert: book.get(alert) };
      const answer = book.execute({ id: `c${command.id}`, alert, actor: command.actor, command: command.command }, at);
      if ('refused' in answer) {
        refusals++;
        expect({ seq: book.seq, alert: book.get(alert) }).toEqual(before);
      } else if (answer.change.seq > before.seq) changes.push(answer.change);
    }
    if (restarts && restart) book = AlertBook.restore(book.snapshot(), { closed: 2, waiting: 2, commands: 20 });
  });
  return { changes, refusals, kept: book.list({}, null, 1000).items, open: book.open({}, null) };
}

test('whatever comes, changes are numbered without a gap, and every alert is one that can be', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { changes } = live(steps, false);
      expect(changes.map(({ seq }) => seq)).toEqual(changes.map((_, k) => k + 1));
      for (const { alert, seq } of changes) {
        expect([...Value.Errors(Alert, alert)]).toEqual([]);
        expect(alert.seq).toBe(seq);
        expect(alert.endsAt !== null, 'an end and being over are the same').toBe(alert.condition === 'resolved');
        if (alert.condition === 'firing' || alert.condition === 'recovering') expect(alert.firedAt).not.toBeNull();
        if (alert.condition === 'resolved') expect(alert.suppressed).toBeNull();
        if (alert.handling === 'closed') expect(alert.condition).toBe('resolved');
        if (alert.publication === 'approved' || alert.publication === 'published') {
          expect(alert.authenticity).toBe('confirmed');
        }
      }
    }),
    { numRuns: 500 },
  );
});

test('a restart changes nothing of what follows', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      expect(live(steps, true)).toEqual(live(steps, false));
    }),
    { numRuns: 300 },
  );
});
