import type { AlertBook } from '../alert/book.ts';
import type { Broadcast } from '../broadcast/broadcast.ts';
import type { Engine } from '../evaluate/engine.ts';
import type { Admission } from '../ingest/admit.ts';
import type { EmbeddedBroker } from '../ingest/mqtt/embedded-broker.ts';
import type { SeriesRegistry } from '../ingest/series-registry.ts';
import type { Journal } from '../journal/journal.ts';
import type { Notifier } from '../notify/notifier.ts';
import type { MetricsPage, Reading } from '../observe/metrics.ts';
import type { Readiness } from '../observe/readiness.ts';
import type { Store } from '../store/start.ts';
import type { Flow } from './flow.ts';

export interface MeasuredParts {
  readonly admission: Admission;
  readonly registry: SeriesRegistry;
  readonly journal: Journal;
  readonly store: Store;
  readonly engine: Engine;
  readonly book: AlertBook;
  readonly flow: Flow;
  readonly broadcast: Broadcast;
  readonly broker: EmbeddedBroker | null;
  readonly notifier: Notifier;
  readonly readiness: Readiness;
}

const one = (value: number): Reading[] => [[{}, value]];
const fields = (label: string, object: object): Reading[] =>
  Object.entries(object).flatMap(([name, value]) => (typeof value === 'number' ? [[{ [label]: name }, value]] : []));

/** Names and meanings of everything at `/metrics`; the rooms count in plain fields that are read here. */
export function registerMetrics(page: MetricsPage, parts: MeasuredParts): void {
  ingestMetrics(page, parts);
  journalAndStoreMetrics(page, parts);
  alertMetrics(page, parts);
  broadcastMetrics(page, parts);
}

function ingestMetrics(page: MetricsPage, { registry, admission, broker, flow }: MeasuredParts): void {
  const bySource = (read: (state: { samples: number; duplicates: number; quarantined: number }) => number) => () =>
    Array.from(registry.states(), (state): Reading => [{ source: state.record.id }, read(state)]);
  page.counter(
    'ioc_ingest_samples_total',
    'Samples accepted',
    ['source'],
    bySource((state) => state.samples),
  );
  page.counter(
    'ioc_ingest_duplicates_total',
    'Samples told twice',
    ['source'],
    bySource((state) => state.duplicates),
  );
  page.counter(
    'ioc_ingest_quarantined_total',
    'Inputs put aside',
    ['source'],
    bySource((state) => state.quarantined),
  );
  page.gauge('ioc_ingest_series', 'Series known', [], () => one(registry.size));
  page.gauge('ioc_ingest_pending', 'Waiting for the disk', ['what'], () => fields('what', admission.pending()));
  page.counter('ioc_flow_groups_total', 'Groups that went through the hub', [], () => one(flow.groups));
  page.counter('ioc_flow_samples_total', 'Samples that went through the hub', [], () => one(flow.samples));
  if (broker) page.gauge('ioc_broker', 'Embedded MQTT broker', ['what'], () => fields('what', broker.counts()));
}

function journalAndStoreMetrics(page: MetricsPage, { journal, store, readiness }: MeasuredParts): void {
  page.gauge('ioc_journal_fill_ratio', 'Live bytes of the journal by its bound', [], () => one(journal.fill()));
  page.gauge('ioc_journal_position', 'Newest position', ['log'], () => [
    [{ log: 'input' }, journal.lastInput()],
    [{ log: 'outcome' }, journal.lastOutcome()],
  ]);
  page.gauge('ioc_store_position', 'Position the database has', ['log'], () => {
    const { inputPosition, outcomePosition } = store.status();
    return [
      [{ log: 'input' }, inputPosition],
      [{ log: 'outcome' }, outcomePosition],
    ];
  });
  page.counter('ioc_store_rows_total', 'Sample rows stored', [], () => one(store.status().rows));
  page.counter('ioc_store_corrections_total', 'Sample rows corrected', [], () => one(store.status().corrections));
  page.gauge('ioc_store_up', '1 while the database answers', [], () => one(store.status().state === 'up' ? 1 : 0));
  page.gauge('ioc_deficient', '1 for each part that does not work', ['part'], () =>
    readiness.deficiencies().map(({ part }): Reading => [{ part }, 1]),
  );
}

function alertMetrics(page: MetricsPage, { engine, book, notifier }: MeasuredParts): void {
  page.counter('ioc_push_total', 'Pushes by what became of them', ['what'], () =>
    fields('what', notifier.status().counters),
  );
  page.gauge('ioc_push_waiting', 'Pushes that wait', [], () => one(notifier.status().waiting));
  page.counter('ioc_evaluate_total', 'What the engine met', ['what'], () => fields('what', engine.counts));
  page.counter('ioc_alert_changes_total', 'Numbered alert changes', [], () => one(book.seq));
  page.gauge('ioc_alerts_open', 'Open alerts', ['severity', 'condition'], () => {
    const counts = new Map<string, number>();
    for (const { severity, condition } of book.open({}, null)) {
      const key = `${severity} ${condition}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].map(([key, count]): Reading => {
      const [severity = '', condition = ''] = key.split(' ');
      return [{ severity, condition }, count];
    });
  });
}

function broadcastMetrics(page: MetricsPage, { broadcast }: MeasuredParts): void {
  const gauges = ['connections', 'paused', 'backlogBytes'];
  const part = (wanted: boolean) => () =>
    fields('what', broadcast.counters).filter(([{ what = '' }]) => gauges.includes(what) === wanted);
  page.gauge('ioc_live', 'Live clients', ['what'], part(true));
  page.counter('ioc_live_total', 'Sent to live clients', ['what'], part(false));
}
