import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** One reading: its labels, if any, and the number. */
export type Reading = readonly [labels: Readonly<Record<string, string>>, value: number];

/**
 * The page at `/metrics`. Rooms on the hot path count in plain fields; their numbers are read here when somebody
 * asks, so counting costs them nothing.
 */
export class MetricsPage {
  readonly #registry = new Registry();

  constructor() {
    collectDefaultMetrics({ register: this.#registry, prefix: 'ioc_' });
  }

  /** A number that only grows while the process lives. */
  counter(name: string, help: string, labelNames: readonly string[], read: () => readonly Reading[]): void {
    const counter: Counter = new Counter({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        counter.reset();
        for (const [labels, value] of read()) counter.inc(labels, value);
      },
    });
  }

  gauge(name: string, help: string, labelNames: readonly string[], read: () => readonly Reading[]): void {
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers: [this.#registry],
      collect() {
        gauge.reset();
        for (const [labels, value] of read()) gauge.set(labels, value);
      },
    });
  }

  /** @param buckets upper bounds, seconds. @returns what to call with each observation, in seconds. */
  histogram(name: string, help: string, buckets: readonly number[]): (seconds: number) => void {
    const histogram = new Histogram({ name, help, buckets: [...buckets], registers: [this.#registry] });
    return (seconds) => histogram.observe(seconds);
  }

  /** Prometheus text format 0.0.4. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
