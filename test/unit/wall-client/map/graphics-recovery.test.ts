import { describe, expect, it } from 'vitest';
import { coalesce } from '../../../../wall-client/map/coalesce.ts';
import { GraphicsRecovery } from '../../../../wall-client/map/graphics-recovery.ts';
import { VirtualClock } from '../virtual-clock.ts';

function recovery() {
  const timers = new VirtualClock(0);
  const states: string[] = [];
  let rebuilt = 0;
  const subject = new GraphicsRecovery({
    after: timers.after,
    onState: (state) => states.push(state),
    rebuild: () => rebuilt++,
  });
  return { subject, states, timers, rebuilt: () => rebuilt };
}

describe('GraphicsRecovery', () => {
  it('says that the map is lost, rebuilds it and says that it is back', () => {
    const { subject, states, rebuilt } = recovery();
    subject.lost('basemap');
    subject.restored('basemap');
    expect(states).toEqual(['lost', 'ready']);
    expect(rebuilt()).toBe(1);
  });

  it('is whole only when both contexts are', () => {
    const { subject, states } = recovery();
    subject.lost('basemap');
    subject.lost('overlay');
    subject.restored('basemap');
    expect(states).toEqual(['lost']);
    subject.restored('overlay');
    expect(states).toEqual(['lost', 'ready']);
  });

  it('gives up after eight seconds, once', () => {
    const { subject, states, timers } = recovery();
    subject.lost('overlay');
    timers.advance(7999);
    expect(states).toEqual(['lost']);
    timers.advance(1);
    expect(states).toEqual(['lost', 'dead']);
    timers.advance(60_000);
    expect(states).toEqual(['lost', 'dead']);
  });

  it('does not give up on what came back in time, and welcomes what comes late', () => {
    const { subject, states, timers } = recovery();
    subject.lost('overlay');
    timers.advance(5000);
    subject.restored('overlay');
    timers.advance(60_000);
    expect(states).toEqual(['lost', 'ready']);
    subject.lost('overlay');
    timers.advance(8000);
    subject.restored('overlay');
    expect(states).toEqual(['lost', 'ready', 'lost', 'dead', 'ready']);
  });

  it('takes no notice of a restoration of what was not lost', () => {
    const { subject, states, rebuilt } = recovery();
    subject.restored('basemap');
    expect(states).toEqual([]);
    expect(rebuilt()).toBe(0);
  });

  it('is dead at once without any graphics', () => {
    const { subject, states } = recovery();
    subject.failed();
    expect(states).toEqual(['dead']);
  });
});

describe('coalesce', () => {
  it('draws at once, then at most four times a second, and always in the end', () => {
    const timers = new VirtualClock(0);
    const drawn: number[] = [];
    const drawing = coalesce(() => drawn.push(timers.now()), timers);
    for (let at = 0; at < 100; at++) {
      drawing.request();
      timers.advance(10);
    }
    timers.advance(1000);
    expect(drawn).toEqual([0, 250, 500, 750, 1000]);
  });

  it('draws nothing that nobody asked for', () => {
    const timers = new VirtualClock(0);
    let drawn = 0;
    const drawing = coalesce(() => drawn++, timers);
    drawing.request();
    drawing.request();
    drawing.stop();
    timers.advance(1000);
    expect(drawn).toBe(1);
  });
});
