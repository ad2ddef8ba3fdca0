import { describe, expect, it } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { handlingText, pulsesLeft } from '../../../../wall-client/elements/alert-wording.ts';
import { alertWith } from '../alert-fixture.ts';

const FIRED = Date.parse('2026-11-23T00:00:00.000Z');
const shelf = { why: 'thử', by: 'an', until: '2026-11-24T00:00:00.000Z' };

describe('pulsesLeft', () => {
  it.each<[Partial<Alert>, number, number, string]>([
    [{}, 0, 30, 'new and critical: half a minute'],
    [{}, 12_400, 18, 'what is left of it'],
    [{}, 30_000, 0, 'then steady'],
    [{}, -5000, 30, 'a clock that runs ahead does not lengthen it'],
    [{ severity: 'major' }, 0, 0, 'only what is critical'],
    [{ handling: 'acknowledged' }, 0, 0, 'somebody has it'],
    [{ condition: 'resolved' }, 0, 0, 'it is over'],
    [{ suppressed: shelf }, 0, 0, 'somebody asked for quiet'],
    [{ condition: 'pending', firedAt: null }, 0, 0, 'it has not fired'],
  ])('%o after %d ms: %d (%s)', (more, after, expected) => {
    expect(pulsesLeft(alertWith(more), FIRED + after)).toBe(expected);
  });
});

describe('handlingText', () => {
  it.each<[Partial<Alert>, string, string]>([
    [{}, 'Chưa nhận', 'nobody has it'],
    [{ handling: 'in-progress' }, 'Đang xử lý', 'somebody does'],
    [{ condition: 'resolved' }, 'Đã hết, chưa nhận', 'it ended before anybody saw it'],
    [{ suppressed: shelf }, 'Tạm gác', 'quiet on purpose comes before handling'],
    [{ quality: 'missing', handling: 'acknowledged' }, 'Mất số liệu', 'nobody knows how it stands now'],
  ])('%o: %s (%s)', (more, expected) => {
    expect(handlingText(alertWith(more))).toBe(expected);
  });
});
