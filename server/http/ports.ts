import type { Alert, AlertChange } from '#contract/alert.ts';
import type { HubEvent } from '#contract/event.ts';
import type { LayerCatalogue, LayerConfig } from '#contract/layer.ts';
import type { AlertFilter, SourceHealth } from '#contract/live.ts';
import type { Severity } from '#contract/names.ts';
import type { Bilingual, Page } from '#contract/primitives.ts';
import type { Delivery, PushSubscriptionBody } from '#contract/push.ts';
import type { QuarantineItem } from '#contract/quarantine.ts';
import type { AuditEntry, PushSubscriptionRecord } from '#contract/records.ts';
import type { RuleCondition, RuleFinding } from '#contract/rule.ts';
import type { SamplePoint, Series, Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import type { WallConfig } from '#contract/wall.ts';

/** What this room needs of others; `app.ts` wires it. Errors carry a `code` that `problem.ts` knows. */

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The alert book in memory: all alerts that are open, and all that started at or after {@link completeFrom}. */
export interface AlertBook {
  get(id: string): Alert | null | undefined;
  /** @param units null: of all units */
  list(filter: AlertFilter, units: readonly string[] | null, limit: number, cursor: string | null): Page<Alert>;
  /** Milliseconds since the Unix epoch; alerts that started earlier may be in the database alone. */
  completeFrom(): number;
  /** The changes of one alert that memory still has, oldest first. */
  changes(id: string): readonly AlertChange[];
}

export interface AlertArchive {
  list(
    query: PageRequest & { readonly filter: AlertFilter; readonly units: readonly string[] | null },
  ): Promise<Page<Alert>>;
  get(id: string): Promise<Alert | null>;
  history(id: string): Promise<readonly AlertChange[]>;
}

export interface SeriesArchive {
  list(
    query: PageRequest & {
      readonly source?: string | undefined;
      readonly name?: string | undefined;
      readonly thing?: string | undefined;
      /** longitude, latitude (degrees), kilometres */
      readonly near?: readonly [number, number, number] | undefined;
    },
  ): Promise<Page<Series>>;
  samples(
    query: PageRequest & {
      readonly id: string;
      /** Milliseconds since the Unix epoch. */
      readonly from: number;
      readonly to: number;
      /** Milliseconds. */
      readonly bucket?: number | undefined;
      readonly fn?: SampleFunction | undefined;
    },
  ): Promise<Page<SamplePoint>>;
}

export const SAMPLE_FUNCTIONS = ['avg', 'min', 'max', 'sum', 'count', 'last'] as const;
export type SampleFunction = (typeof SAMPLE_FUNCTIONS)[number];

/** Lists that only the database has. */
export interface RecordArchive {
  quarantine(query: PageRequest & { readonly source?: string | undefined }): Promise<Page<QuarantineItem>>;
  /** @param since milliseconds since the Unix epoch */
  events(query: {
    readonly types?: readonly string[] | undefined;
    readonly since?: number | undefined;
    readonly limit: number;
  }): Promise<readonly HubEvent[]>;
  deliveries(query: PageRequest & { readonly alert?: string | undefined }): Promise<Page<Delivery>>;
  audit(query: PageRequest): Promise<Page<AuditEntry>>;
}

export interface SampleResult {
  readonly accepted: number;
  /** `index` null: the whole body. */
  readonly rejected: readonly { readonly index: number | null; readonly reason: string }[];
}

export interface Intake {
  /** A SenML pack as it came. Resolves when what was accepted is durable. */
  samples(source: Source, body: Buffer): Promise<SampleResult>;
  /** Resolves when durable. */
  things(things: readonly Thing[]): Promise<void>;
}

export interface Layers {
  list(): readonly LayerConfig[];
  catalogue(id: string): LayerCatalogue | null | undefined;
}

export interface Walls {
  get(id: string): WallConfig | null | undefined;
}

export interface RuleSummary {
  readonly alert: string;
  readonly title: Bilingual;
  readonly severity: Severity;
  /** Relative to the rules' directory. */
  readonly file: string;
  readonly condition: RuleCondition;
  readonly runbook: string | null;
}

export interface Rules {
  list(): readonly RuleSummary[];
  lint(text: string): readonly RuleFinding[];
  /** Markdown. Null: no such rule, or its runbook is a page elsewhere. */
  runbook(rule: string): Promise<string | null>;
}

export interface Health {
  sources(): readonly SourceHealth[];
  /** What does not work; `fatal` parts make the hub not ready. */
  deficiencies(): readonly { readonly part: string; readonly reason: string; readonly fatal: boolean }[];
}

export interface MetricsText {
  text(): Promise<string>;
  readonly contentType: string;
}

export interface Push {
  /** VAPID public key, base64url. */
  key(): string;
  /** @throws an error with code `endpoint-not-allowed` */
  subscribe(username: string, subscription: PushSubscriptionBody): Promise<{ readonly id: string }>;
  subscriptions(username: string): readonly PushSubscriptionRecord[];
  unsubscribe(id: string): Promise<void>;
  test(id: string): Promise<Delivery>;
}

export interface HttpLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
