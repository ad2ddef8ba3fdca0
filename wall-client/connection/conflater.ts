import type { Alert } from '#contract/alert.ts';
import type { Frame } from '#contract/frame.ts';
import type { AlertBatch, LayerFrame } from './hub-connection.ts';

/** Merges frames until the page takes them: of each series of a layer, the newest sample alone. */
export class FrameConflater {
  readonly #layers = new Map<string, LayerRows>();

  get empty(): boolean {
    return this.#layers.size === 0;
  }

  add(frame: Frame): void {
    let rows = this.#layers.get(frame.layer);
    if (rows === undefined) {
      rows = { catalogue: 0, serverTime: 0, rows: new Map() };
      this.#layers.set(frame.layer, rows);
    }
    rows.catalogue = frame.catalogue;
    rows.serverTime = frame.serverTime;
    for (let row = 0; row < frame.series.length; row++) {
      const time = frame.serverTime + frame.age[row]!;
      rows.rows.set(frame.series[row]!, [frame.value[row]!, time, frame.state[row]!]);
    }
  }

  /** Hands out what came since the last call, in buffers of its own that may be transferred. */
  take(): LayerFrame[] {
    const frames = [...this.#layers].map(([layer, rows]) => asColumns(layer, rows));
    this.#layers.clear();
    return frames;
  }
}

interface LayerRows {
  catalogue: number;
  serverTime: number;
  readonly rows: Map<number, readonly [value: number, time: number, state: number]>;
}

function asColumns(layer: string, { catalogue, serverTime, rows }: LayerRows): LayerFrame {
  const n = rows.size;
  const frame = {
    ...{ layer, catalogue, serverTime },
    series: new Uint32Array(n),
    value: new Float64Array(n),
    time: new Float64Array(n),
    state: new Uint8Array(n),
  };
  let row = 0;
  for (const [number, [value, time, state]] of rows) {
    frame.series[row] = number;
    frame.value[row] = value;
    frame.time[row] = time;
    frame.state[row] = state;
    row++;
  }
  return frame;
}

/** Buffers of frames, to be handed to another thread instead of copied. */
export function transferable(frames: readonly LayerFrame[]): ArrayBuffer[] {
  return frames.flatMap(({ series, value, time, state }) => [series.buffer, value.buffer, time.buffer, state.buffer]);
}

/** Merges alert batches until the page takes them: of each alert, the newest state alone. */
export class AlertConflater {
  readonly #alerts = new Map<string, Alert>();
  readonly #gone = new Set<string>();
  #snapshot = false;
  #seq = 0;
  #omitted = 0;
  #filled = false;

  get empty(): boolean {
    return !this.#filled;
  }

  /** Alerts waiting. */
  get size(): number {
    return this.#alerts.size + this.#gone.size;
  }

  add(batch: AlertBatch): void {
    if (batch.snapshot) {
      this.clear();
      this.#snapshot = true;
      this.#omitted = batch.omitted;
    }
    this.#filled = true;
    this.#seq = batch.seq;
    for (const alert of batch.alerts) {
      this.#gone.delete(alert.id);
      // Deleted first, so that the order stays that of the newest changes.
      this.#alerts.delete(alert.id);
      this.#alerts.set(alert.id, alert);
    }
    for (const id of batch.gone) {
      this.#alerts.delete(id);
      this.#gone.add(id);
    }
  }

  clear(): void {
    this.#alerts.clear();
    this.#gone.clear();
    this.#snapshot = false;
    this.#omitted = 0;
    this.#filled = false;
  }

  /** Hands out what came since the last call; null: nothing. */
  take(): AlertBatch | null {
    if (!this.#filled) return null;
    const batch = {
      ...{ snapshot: this.#snapshot, seq: this.#seq, omitted: this.#omitted },
      alerts: [...this.#alerts.values()],
      gone: [...this.#gone],
    };
    this.clear();
    return batch;
  }
}
