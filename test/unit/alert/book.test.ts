import { describe, expect, test } from 'vitest';
import { AlertBook } from '../../../server/alert/book.ts';
import { fire, give, must, START, verdict } from './book-fixture.ts';

const at = (seconds: number) => START + seconds * 1000;
const iso = (seconds: number) => new Date(at(seconds)).toISOString();

describe('verdicts', () => {
  test('an episode from pending to resolved is one alert, each step numbered', () => {
    const book = new AlertBook();
    const changes = book.apply(
      [
        verdict('pending', 0),
        verdict('fired', 10, 0),
        verdict('recovering', 30, 0),
        verdict('refired', 40, 0),
        verdict('recovering', 50, 0),
        verdict('resolved', 70, 0),
      ],
      at(70),
    );
    expect(changes.map(({ seq, kind, alert }) => [seq, kind, alert.condition])).toEqual([
      [1, 'pending', 'pending'],
      [2, 'fired', 'firing'],
      [3, 'recovering', 'recovering'],
      [4, 'refired', 'firing'],
      [5, 'recovering', 'recovering'],
      [6, 'resolved', 'resolved'],
    ]);
    expect(new Set(changes.map(({ alert }) => alert.id)).size).toBe(1);
    expect(changes.at(-1)!.alert).toMatchObject({
      startsAt: iso(0),
      firedAt: iso(10),
      endsAt: iso(70),
      handling: 'new',
    });
  });

  test('a pending alert that never fires is told once more and gone', () => {
    const book = new AlertBook();
    const changes = book.apply([verdict('pending', 0), verdict('cancelled', 5, 0)], at(5));
    expect(changes[1]).toMatchObject({ kind: 'cancelled', alert: { condition: 'resolved', firedAt: null } });
    expect(book.get(changes[1]!.alert.id)).toBeNull();
  });

  test('labels of the rule lie over those of the thing; the unit is the owner of the series', () => {
    const book = new AlertBook();
    const alert = book.get(fire(book));
    expect(alert).toMatchObject({ labels: { river: 'rule', basin: 'Ca', hazard: 'flood' }, unit: 'so-nnmt' });
    expect(alert).toMatchObject({ location: { type: 'Point', coordinates: [105.7, 18.7] }, value: 5.5, uom: 'm' });
  });

  test('missing data changes the quality and nothing else', () => {
    const book = new AlertBook();
    const id = fire(book);
    const [missing] = book.apply([verdict('missing', 60, 0)], at(60));
    expect(missing).toMatchObject({ kind: 'quality', alert: { id, quality: 'missing', condition: 'firing' } });
    const [present] = book.apply([verdict('present', 90, 0)], at(90));
    expect(present).toMatchObject({ kind: 'quality', alert: { quality: 'live' } });
  });

  test('a rule that is gone ends its alerts', () => {
    const book = new AlertBook();
    fire(book);
    const [change] = book.apply([verdict('rule-removed', 60, 0)], at(60));
    expect(change).toMatchObject({ kind: 'rule-removed', alert: { condition: 'resolved', endsAt: iso(60) } });
  });

  test('what was never begun is not ended: the verdict has no alert', () => {
    const book = new AlertBook();
    expect(book.apply([verdict('resolved', 60, 0), verdict('missing', 60, 0)], at(60))).toEqual([]);
    expect(book.seq).toBe(0);
  });
});

describe('an end by a person', () => {
  test('stands against the engine: the same episode stays closed, a new one is a new alert', () => {
    const book = new AlertBook();
    const id = fire(book);
    expect(must(book, id, { type: 'resolve' }, { at: 60 }).alert).toMatchObject({
      condition: 'resolved',
      handling: 'closed',
      endsAt: iso(60),
    });
    const follow = [verdict('recovering', 80, 0), verdict('refired', 90, 0), verdict('resolved', 120, 0)];
    expect(book.apply(follow, at(120))).toEqual([]);
    const [next] = book.apply([verdict('fired', 200)], at(200));
    expect(next!.alert.id).not.toBe(id);
    expect(book.get(id)).toMatchObject({ condition: 'resolved', endsAt: iso(60) });
  });

  test('stands also when it came after the end: a correction of that instant does not make a closed alert fire', () => {
    const book = new AlertBook();
    const id = fire(book);
    book.apply([verdict('resolved', 0, 0)], at(0));
    must(book, id, { type: 'resolve' }, { at: 5 });
    expect(book.apply([verdict('fired', 0, 0)], at(6))).toEqual([]);
    expect(book.get(id)).toMatchObject({ condition: 'resolved', handling: 'closed', endsAt: iso(0) });
  });

  test("can be taken back: then the engine's word shows again", () => {
    const book = new AlertBook();
    const id = fire(book);
    must(book, id, { type: 'resolve' });
    book.apply([verdict('recovering', 80, 0)], at(80));
    expect(must(book, id, { type: 'reopen' }).alert).toMatchObject({
      condition: 'recovering',
      handling: 'new',
      endsAt: null,
    });
  });
});

describe('commands', () => {
  test('the same command id gives the same answer and does nothing twice', () => {
    const book = new AlertBook();
    const alert = fire(book);
    const command = { id: 'once', alert, actor: 'an', command: { type: 'acknowledge' } } as const;
    const first = book.execute(command, at(60));
    expect(book.execute(command, at(61))).toEqual(first);
    expect(book.seq).toBe(2);
  });

  test('a refusal has a reason and no number', () => {
    const book = new AlertBook();
    const alert = fire(book);
    const command = { id: 'x', alert: 'nothing', actor: 'an', command: { type: 'acknowledge' } } as const;
    expect(book.execute(command, at(1))).toMatchObject({ refused: { code: 'not-found' } });
    must(book, alert, { type: 'acknowledge' });
    expect(give(book, alert, { type: 'acknowledge' }, { actor: 'binh' })).toBe('already acknowledged by an');
    expect(book.seq).toBe(2);
  });

  test('publishing needs a confirmation and a second person, in two steps', () => {
    const book = new AlertBook();
    const id = fire(book);
    expect(give(book, id, { type: 'publish' })).toBe('only a confirmed alert is published');
    must(book, id, { type: 'verify', result: 'confirmed', evidence: 'camera 12' }, { actor: 'an' });
    expect(give(book, id, { type: 'publish' }, { actor: 'an' })).toContain('second person');
    expect(must(book, id, { type: 'publish' }, { actor: 'binh' }).alert.publication).toBe('approved');
    expect(must(book, id, { type: 'publish' }, { actor: 'an' }).alert.publication).toBe('published');
    const refuted = must(book, id, { type: 'verify', result: 'refuted' }, { actor: 'chi' });
    expect(refuted.alert).toMatchObject({ authenticity: 'refuted', publication: 'cancelled' });
  });

  test('a shelf has an end, seven days away at most, and ends by the log clock', () => {
    const book = new AlertBook();
    const id = fire(book);
    const shelve = (seconds: number) => give(book, id, { type: 'shelve', until: iso(seconds), reason: 'works' });
    expect(shelve(60)).toContain('future');
    expect(shelve(60 + 7 * 86_400 + 1)).toContain('seven days');
    expect(shelve(3600)).toMatchObject({ alert: { suppressed: { why: 'works', by: 'an', until: iso(3600) } } });
    expect(book.nextTimer()).toBe(at(3600));
    expect(book.advance(at(3599))).toEqual([]);
    expect(book.advance(at(3600))).toMatchObject([{ kind: 'shelf-ended', actor: null, alert: { suppressed: null } }]);
    expect(book.nextTimer()).toBeNull();
  });

  test('a shelf does not outlive its alert', () => {
    const book = new AlertBook();
    const id = fire(book);
    must(book, id, { type: 'shelve', until: iso(3600), reason: 'works' });
    book.apply([verdict('resolved', 90, 0)], at(90));
    expect(book.get(id)!.suppressed).toBeNull();
    expect(book.nextTimer()).toBeNull();
  });
});

describe('reading', () => {
  test('list goes page by page, latest start first, through filters and units', () => {
    const book = new AlertBook();
    const ids = [0, 1, 2, 2, 4].map((start, k) =>
      fire(book, start, { thing: `g${k}`, unit: k === 4 ? 'other' : 'so-nnmt' }),
    );
    const first = book.list({}, ['so-nnmt'], 3);
    const second = book.list({}, ['so-nnmt'], 3, first.nextCursor!);
    expect(first.items).toHaveLength(3);
    expect(second.nextCursor).toBeNull();
    expect([...first.items, ...second.items].map(({ id }) => id).toSorted()).toEqual(ids.slice(0, 4).toSorted());
    expect(first.items.map(({ startsAt }) => startsAt)).toEqual([iso(2), iso(2), iso(1)]);
    expect(book.list({ condition: 'pending,recovering' }, null, 10).items).toEqual([]);
    expect(book.list({ severity: 'minor,major', from: iso(1), to: iso(4) }, null, 10).items).toHaveLength(3);
    expect(book.list({ area: '105,18,106,19' }, null, 10).items).toHaveLength(5);
    expect(book.list({ area: '106,18,107,19' }, null, 10).items).toEqual([]);
    expect(() => book.list({ area: '106,18' }, null, 10)).toThrow(RangeError);
    expect(() => book.list({}, null, 10, 'nonsense')).toThrow(RangeError);
  });

  test('changesSince gives what was missed, or null when it is too long ago or never was', () => {
    const book = new AlertBook({ changes: 3 });
    for (let k = 0; k < 10; k++) fire(book, k, { thing: `g${k}` });
    expect(book.changesSince(8)!.map(({ seq }) => seq)).toEqual([9, 10]);
    expect(book.changesSince(7)!.map(({ seq }) => seq)).toEqual([8, 9, 10]);
    expect(book.changesSince(6)).toBeNull();
    expect(book.changesSince(10)).toEqual([]);
    expect(book.changesSince(11)).toBeNull();
  });

  test('an ended alert that nobody acknowledged stays open; a handled one, or one a day old, does not', () => {
    const book = new AlertBook();
    const [left, seen] = [fire(book, 0, { thing: 'a' }), fire(book, 0, { thing: 'b' })];
    must(book, seen, { type: 'acknowledge' });
    book.apply([verdict('resolved', 9, 0, { thing: 'a' }), verdict('resolved', 9, 0, { thing: 'b' })], at(9));
    expect(book.open({}, null)).toMatchObject([{ id: left, handling: 'new', condition: 'resolved' }]);
    book.advance(at(9 + 86_400));
    expect(book.open({}, null)).toEqual([]);
    expect(book.get(left)).not.toBeNull();
  });

  test('memory is bounded: the oldest closed alerts leave it, open ones never', () => {
    const book = new AlertBook({ closed: 2, waiting: 3 });
    const ids = Array.from({ length: 9 }, (_, k) => fire(book, k, { thing: `g${k}` }));
    for (let k = 0; k < 8; k++) book.apply([verdict('resolved', 20 + k, k, { thing: `g${k}` })], at(20 + k));
    expect(ids.map((id) => book.get(id) !== null)).toEqual([false, false, false, true, true, true, true, true, true]);
  });
});

test('a restored book goes on as if nothing had happened', () => {
  const book = new AlertBook();
  const id = fire(book);
  must(book, id, { type: 'shelve', until: iso(3600), reason: 'works' });
  const command = { id: 'once', alert: id, actor: 'an', command: { type: 'acknowledge' } } as const;
  book.execute(command, at(61));
  const restored = AlertBook.restore(book.snapshot());
  expect(restored.list({}, null, 10)).toEqual(book.list({}, null, 10));
  expect(restored.execute(command, at(62))).toEqual(book.execute(command, at(62)));
  expect(restored.advance(at(3600))).toEqual(book.advance(at(3600)));
  expect(restored.seq).toBe(book.seq);
});
