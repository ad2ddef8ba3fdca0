import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { AlertConflater, FrameConflater, transferable } from '../../../../wall-client/connection/conflater.ts';
import type { AlertBatch } from '../../../../wall-client/connection/hub-connection.ts';
import { AlertStore } from '../../../../wall-client/state/alert-store.ts';
import { LayerStore } from '../../../../wall-client/state/layer-store.ts';
import { newAlert } from '../../../integration/broadcast/live-hub.ts';

test('of frames between two takes, the newest of each series is left, and its time is absolute', () => {
  const row = fc.tuple(fc.nat(5), fc.double({ noNaN: true }), fc.integer({ min: -1000, max: 0 }), fc.nat(15));
  const frames = fc.array(fc.record({ layer: fc.constantFrom('a', 'b'), rows: fc.array(row, { maxLength: 5 }) }));
  fc.assert(
    fc.property(frames, (list) => {
      const conflater = new FrameConflater();
      const expected: Record<string, Record<number, unknown>> = {};
      list.forEach(({ layer, rows }, at) => {
        conflater.add({
          ...{ layer, tile: 'all', whole: false, serverTime: at * 250, catalogue: at },
          series: Uint32Array.from(rows, ([series]) => series),
          value: Float64Array.from(rows, ([, value]) => value),
          age: Int32Array.from(rows, ([, , age]) => age),
          state: Uint8Array.from(rows, ([, , , state]) => state),
        });
        expected[layer] ??= {};
        for (const [series, value, age, state] of rows) expected[layer][series] = [value, at * 250 + age, state];
      });
      const taken = Object.fromEntries(
        conflater
          .take()
          .map(({ layer, series, value, time, state }) => [
            layer,
            Object.fromEntries([...series].map((number, at) => [number, [value[at], time[at], state[at]]])),
          ]),
      );
      expect(taken).toEqual(expected);
      expect(conflater.empty).toBe(true);
    }),
  );
});

test('a layer’s frame without rows still tells its catalogue version', () => {
  const conflater = new FrameConflater();
  const none = { value: new Float64Array(), series: new Uint32Array(), age: new Int32Array(), state: new Uint8Array() };
  conflater.add({ layer: 'a', tile: 'all', whole: true, serverTime: 1, catalogue: 9, ...none });
  const frames = conflater.take();
  expect(frames).toMatchObject([{ layer: 'a', catalogue: 9 }]);
  expect(transferable(frames)).toHaveLength(4);
  const layers = new LayerStore();
  layers.apply(frames);
  expect(layers.layer('a')?.outdated).toBe(true);
});

const alert = fc.record({
  id: fc.constantFrom('a', 'b', 'c'),
  severity: fc.constantFrom<Alert['severity']>('critical', 'info'),
});
const batch = fc.record({
  snapshot: fc.boolean(),
  alerts: fc.uniqueArray(alert, { selector: ({ id }) => id, maxLength: 3 }),
  gone: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { maxLength: 2 }),
});

test('a page that takes batches late ends where one ends that took each at once', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(batch, fc.boolean()), { maxLength: 20 }), (steps) => {
      const [prompt, late] = [new AlertStore(), new AlertStore()];
      const conflater = new AlertConflater();
      steps.forEach(([{ snapshot, alerts, gone }, takeNow], at) => {
        const full: AlertBatch = {
          ...{ snapshot, seq: at, omitted: snapshot ? at : 0 },
          alerts: alerts.map((part) => ({ ...newAlert(part.id), ...part, seq: at })),
          gone: gone.filter((id) => !alerts.some((part) => part.id === id)),
        };
        prompt.apply(full);
        conflater.add(full);
        const taken = takeNow ? conflater.take() : null;
        if (taken !== null) late.apply(taken);
      });
      const rest = conflater.take();
      if (rest !== null) late.apply(rest);
      expect(late.all).toEqual(prompt.all);
      expect([late.seq, late.omitted]).toEqual([prompt.seq, prompt.omitted]);
      expect(conflater.take()).toBeNull();
    }),
  );
});
