import { describe, expect, test } from 'vitest';
import { AUTHENTICITY_AXIS } from '../../../server/alert/authenticity.ts';
import type { Axis } from '../../../server/alert/axis.ts';
import { CONDITION_AXIS } from '../../../server/alert/condition.ts';
import { HANDLING_AXIS } from '../../../server/alert/handling.ts';
import { PUBLICATION_AXIS } from '../../../server/alert/publication.ts';
import { QUALITY_AXIS } from '../../../server/alert/quality.ts';
import { SUPPRESSION_AXIS } from '../../../server/alert/suppression.ts';

/** Rows of an axis: state, trigger, where it leads (null: not allowed), and why. */
type Row<S extends string, T extends string> = readonly [from: S, trigger: T, to: S | null, why: string];

function table<S extends string, T extends string>(name: string, axis: Axis<S, T>, rows: readonly Row<S, T>[]): void {
  describe(name, () => {
    test.each(rows)('%s + %s → %s: %s', (from, trigger, to) => {
      expect(axis[from][trigger] ?? null).toBe(to);
    });
  });
}

table('condition', CONDITION_AXIS, [
  ['pending', 'fired', 'firing', 'true long enough'],
  ['pending', 'cancelled', 'resolved', 'false before that'],
  ['pending', 'recovering', null, 'what never fired cannot recover'],
  ['firing', 'recovering', 'recovering', 'false, but not for long enough'],
  ['firing', 'resolved', 'resolved', 'false, and nothing to wait for'],
  ['firing', 'fired', null, 'told twice, counted once'],
  ['firing', 'cancelled', null, 'what fired was real'],
  ['recovering', 'refired', 'firing', 'true again: the same alert'],
  ['recovering', 'resolved', 'resolved', 'false long enough'],
  ['recovering', 'rule-removed', 'resolved', 'nobody judges it any more'],
  ['resolved', 'fired', 'firing', 'a correction at the same instant'],
  ['resolved', 'refired', null, 'over is over'],
]);

table('quality', QUALITY_AXIS, [
  ['live', 'missing', 'missing', 'no data any more'],
  ['live', 'present', null, 'nothing new'],
  ['missing', 'present', 'live', 'data again'],
  ['missing', 'missing', null, 'nothing new'],
  ['late', 'present', 'live', 'data in time again'],
  ['error', 'missing', 'missing', 'no data is worse than bad data'],
]);

table('authenticity', AUTHENTICITY_AXIS, [
  ['unverified', 'checking', 'checking', 'somebody took it on'],
  ['unverified', 'confirmed', 'confirmed', 'seen at once'],
  ['checking', 'checking', null, 'already being checked'],
  ['checking', 'unverifiable', 'unverifiable', 'an answer too'],
  ['confirmed', 'refuted', 'refuted', 'new evidence'],
  ['confirmed', 'confirmed', null, 'said already'],
  ['refuted', 'confirmed', 'confirmed', 'new evidence'],
  ['refuted', 'unverifiable', null, 'a finding does not fade'],
  ['unverifiable', 'checking', 'checking', 'another try'],
]);

table('handling', HANDLING_AXIS, [
  ['new', 'acknowledge', 'acknowledged', 'seen'],
  ['new', 'done', 'done', 'the unit was faster than the desk'],
  ['new', 'reopen', null, 'it is open'],
  ['acknowledged', 'acknowledge', null, 'seen already'],
  ['acknowledged', 'assign', 'assigned', 'given to a unit'],
  ['assigned', 'acknowledge', 'assigned', 'the assignee has seen it; it stays theirs'],
  ['assigned', 'accepted', 'in-progress', 'the unit takes it'],
  ['assigned', 'refused', 'new', 'the unit does not: back to the queue'],
  ['in-progress', 'assign', 'assigned', 'another unit takes over'],
  ['in-progress', 'accepted', null, 'accepted already'],
  ['in-progress', 'done', 'done', 'finished'],
  ['done', 'resolve', 'closed', 'the desk agrees'],
  ['done', 'reopen', 'new', 'the desk does not'],
  ['done', 'assign', null, 'reopen first'],
  ['closed', 'reopen', 'new', 'a mistake taken back'],
  ['closed', 'acknowledge', null, 'it is over'],
  ['closed', 'resolve', null, 'closed already'],
]);

table('suppression', SUPPRESSION_AXIS, [
  ['announced', 'shelve', 'shelved', 'quiet for a while'],
  ['announced', 'unshelve', null, 'not shelved'],
  ['shelved', 'shelve', 'shelved', 'longer, or for another reason'],
  ['shelved', 'unshelve', 'announced', 'no longer'],
  ['shelved', 'shelf-ended', 'announced', 'its time is over'],
  ['shelved', 'ended', 'announced', 'the alert is over'],
]);

table('publication', PUBLICATION_AXIS, [
  ['internal', 'publish', 'approved', 'a second person agrees'],
  ['approved', 'publish', 'published', 'out'],
  ['published', 'publish', null, 'out already'],
  ['approved', 'unconfirmed', 'cancelled', 'the finding was taken back in time'],
  ['published', 'unconfirmed', 'cancelled', 'the public must hear that it is void'],
  ['cancelled', 'publish', 'approved', 'confirmed again: the two steps again'],
]);
