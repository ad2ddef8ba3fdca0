import type { IncomingMessage, ServerResponse } from 'node:http';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { Auth } from '../auth/auth.ts';
import type { CommandExecutor } from '../commands/executor.ts';
import type {
  AlertArchive,
  AlertBook,
  Health,
  HttpLog,
  Intake,
  Layers,
  MetricsText,
  Push,
  RecordArchive,
  Rules,
  SeriesArchive,
  Walls,
} from './ports.ts';

export interface HttpOptions {
  /** Built pages: `login.html`, `wall.html`, `desk.html`, `mobile.html`, `assets/`, `m/`. Null: none were built. */
  readonly pagesDir: string | null;
  /** GeoJSON of the offline basemap. */
  readonly basemapDir: string;
  readonly publicUrl: string | null;
  /** People reach the hub over HTTPS, here or at a proxy. */
  readonly secure: boolean;
  /** PEM. Null: plain HTTP. */
  readonly tls: { readonly cert: string | Buffer; readonly key: string | Buffer } | null;
  /** Addresses of reverse proxies whose `X-Forwarded-*` counts. */
  readonly trustedProxies: readonly string[];
  /** Largest body of `POST /samples`, bytes. */
  readonly maxPayloadBytes: number;
  /** Where devices publish, for the command to copy. */
  readonly mqtt: { readonly host: string; readonly port: number; readonly tls: boolean };
  readonly version: string;
  readonly trustedTypes?: boolean;
}

/** Everything the HTTP interface stands on. */
export interface HttpDeps {
  readonly options: HttpOptions;
  readonly auth: Auth;
  readonly executor: CommandExecutor;
  readonly alerts: AlertBook;
  readonly alertArchive: AlertArchive;
  readonly series: SeriesArchive;
  readonly records: RecordArchive;
  readonly intake: Intake;
  readonly layers: Layers;
  readonly walls: Walls;
  readonly rules: Rules;
  readonly health: Health;
  readonly metrics: MetricsText;
  readonly push: Push;
  readonly log: HttpLog;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

/** A fastify instance whose routes are typed by their TypeBox schemas. */
export type Api = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
