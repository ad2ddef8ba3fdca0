import { describe, expect, it } from 'vitest';
import type { WallPairing } from '#contract/wall.ts';
import { HttpError } from '../../../../wall-client/connection/http.ts';
import { groupCode } from '../../../../wall-client/views/wall/pairing-code.ts';
import { type PairingProgress, PairingSession } from '../../../../wall-client/views/wall/pairing-session.ts';
import { ScreenCare } from '../../../../wall-client/views/wall/screen-care.ts';
import { VirtualClock } from '../virtual-clock.ts';

type Reply = Partial<WallPairing> | HttpError;
const settled = () => new Promise<void>((resolve) => setTimeout(resolve));

/** A session whose hub answers from a list, the last answer for ever. */
function session(...replies: Reply[]) {
  const clock = new VirtualClock();
  const told: PairingProgress[] = [];
  const calls: string[] = [];
  const answer = (call: string) => {
    calls.push(call);
    const reply = replies.length > 1 ? replies.shift()! : replies[0]!;
    if (reply instanceof HttpError) return Promise.reject(reply);
    const expiresAt = new Date(clock.now() + 60_000).toISOString();
    return Promise.resolve({ wall: 'main', code: '482913', state: 'waiting', expiresAt, ...reply });
  };
  const subject = new PairingSession({
    http: { get: (path: string) => answer(`GET ${path}`), post: (path: string) => answer(`POST ${path}`) } as never,
    wall: 'main',
    now: clock.now,
    after: clock.after,
    onProgress: (progress) => told.push(progress),
  });
  const pass = async (milliseconds: number) => {
    clock.advance(milliseconds);
    await settled();
  };
  return { subject, told, calls, pass, steps: () => told.map(({ step }) => step) };
}

const offline = new HttpError('offline', 0, {});
const unknown = new HttpError('not-found', 404, {});

describe('PairingSession', () => {
  it('shows the code, asks every two seconds, and tells when somebody entered it', async () => {
    const { subject, steps, calls, pass } = session({}, {}, { state: 'paired' });
    subject.start();
    await settled();
    await pass(2000);
    await pass(2000);
    expect(steps()).toEqual(['asking', 'waiting', 'waiting', 'paired']);
    expect(calls).toEqual(['POST /wall-pairings', 'GET /wall-pairings/current', 'GET /wall-pairings/current']);
  });

  it.each<[Reply, string]>([
    [{ state: 'expired' }, 'the hub says so'],
    [unknown, 'the hub has forgotten it'],
    [{ expiresAt: new Date(0).toISOString() }, 'its time is over by the clock'],
  ])('asks for a new code when the old one ran out: %o (%s)', async (reply) => {
    const { subject, steps, calls, pass } = session({}, reply, { code: '771204' });
    subject.start();
    await settled();
    await pass(2000);
    await pass(2000);
    expect(steps()).toEqual(['asking', 'waiting', 'expired', 'asking', 'waiting']);
    expect(calls.filter((call) => call.startsWith('POST'))).toHaveLength(2);
  });

  it('keeps showing a good code while the hub is away for a moment', async () => {
    const { subject, steps, pass } = session({}, offline, { state: 'paired' });
    subject.start();
    await settled();
    await pass(2000);
    expect(steps()).toEqual(['asking', 'waiting']);
    await pass(2000);
    expect(steps()).toEqual(['asking', 'waiting', 'paired']);
  });

  it('says that no code can be had and asks again after ten seconds, for ever', async () => {
    const { subject, told, pass } = session(offline);
    subject.start();
    await settled();
    await pass(10_000);
    expect(told.map(({ step }) => step)).toEqual(['asking', 'failed', 'asking', 'failed']);
    expect(told[1]).toMatchObject({ error: offline });
  });

  it('is silent once stopped', async () => {
    const { subject, calls, pass } = session({});
    subject.start();
    await settled();
    subject.stop();
    await pass(60_000);
    expect(calls).toHaveLength(1);
  });
});

describe('groupCode', () => {
  it.each([
    ['482913', '482 913'],
    ['K7P4QX', 'K7P 4QX'],
    ['482-913', '482-913'],
    ['12345678', '12345678'],
  ])('%s is shown as %s', (code, shown) => expect(groupCode(code)).toBe(shown));
});

describe('ScreenCare', () => {
  const HOUR = 3_600_000;
  function care(random = 0.5) {
    const clock = new VirtualClock();
    const stored = new Map<string, string>();
    let reloads = 0;
    const make = () =>
      new ScreenCare({
        now: clock.now,
        random: () => random,
        reload: () => reloads++,
        memory: { getItem: (key) => stored.get(key) ?? null, setItem: (key, value) => stored.set(key, value) },
      });
    return { clock, make, reloads: () => reloads };
  }

  it.each([
    [239, 10, true, 0, 'not yet its minute'],
    [240, 10, true, 1, 'its minute of the night'],
    [299, 10, true, 1, 'later that night, when it was not calm before'],
    [300, 10, true, 0, 'the night is over'],
    [240, 10, false, 0, 'something goes on: the screen stays'],
    [240, 1, true, 0, 'the page is young'],
  ])('minute %d, page %d h old, calm %s: %d reloads (%s)', (minute, hours, calm, expected) => {
    const { clock, make, reloads } = care();
    const subject = make();
    clock.advance(hours * HOUR);
    subject.tick(minute, calm);
    expect(reloads()).toBe(expected);
  });

  it('loads the page anew when graphics are gone, three times an hour at most, over reloads', () => {
    const { clock, make, reloads } = care();
    expect([1, 2, 3, 4].map(() => make().graphicsDead())).toEqual([true, true, true, false]);
    clock.advance(HOUR);
    expect(make().graphicsDead()).toBe(true);
    expect(reloads()).toBe(4);
  });
});
