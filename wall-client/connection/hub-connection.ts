/**
 * What the pages know of the hub. Views take these three things and nothing else from this room:
 *
 * 1. `connectHub(options)` (`connect-hub.ts`) → {@link HubConnection}: one per page, for the page's whole life.
 * 2. `connection.watch({ alerts, layers })` says what the page shows; the last call wins. Data come as typed messages
 *    through `connection.on(kind, listener)`; the stores of `wall-client/state` listen for you, see `createHubState`.
 * 3. `connection.http` for everything that is asked for or commanded.
 *
 * The socket lives in a worker: a busy page never delays a heartbeat, and a busy socket never delays a page. Batches
 * reach the page at most four times a second, conflated, and the next one waits until the page took the last one.
 * Alerts are repaired by their numbers (`gap.ts`): a listener sees each change of what it may see, or a snapshot.
 *
 * ```ts
 * import { connectHub } from '../connection/connect-hub.ts';
 * import { createHubState } from '../state/hub-state.ts';
 * const connection = connectHub({ origin: location.origin });
 * const state = createHubState(connection);
 * connection.watch({ alerts: {}, layers: [{ id: 'stations', bbox: [103.8, 18.5, 106, 20], zoom: 8 }] });
 * state.alerts.subscribe(() => draw(state.alerts.all));
 * ```
 */
import type { Alert } from '#contract/alert.ts';
import type { AgeMessage, AlertFilter, WallMessage } from '#contract/live.ts';
import type { HubHttp } from './http.ts';

/**
 * `connecting`: first attempt under way. `live`: heard within the last 5 s. `silent`: connected, yet nothing was heard
 * for 5 s. `lost`: disconnected, trying again. `refused`: the hub does not accept who we are; it is not tried again
 * until `retry()`. Only `live` may look healthy.
 */
export type LinkState = 'connecting' | 'live' | 'silent' | 'lost' | 'refused';

export interface LinkStatus {
  readonly state: LinkState;
  /** When this state began; page clock, ms since the Unix epoch. */
  readonly since: number;
  /** When the hub was last heard; page clock, ms since the Unix epoch; null: never. */
  readonly heardAt: number | null;
  /** Attempts since the last connection. */
  readonly attempt: number;
  /** The hub's word on a refusal or the transport's on a loss; for the log, not translated. */
  readonly reason: string | null;
  /** Hub clock minus page clock, ms; null: not yet known. */
  readonly offset: number | null;
}

export interface LayerWatch {
  readonly id: string;
  /** [west, south, east, north], degrees. Without it: the whole layer. */
  readonly bbox?: [number, number, number, number];
  /** Zoom of the map, 0…24. */
  readonly zoom?: number;
}

/** What the page shows. Without a filter, or with `{}`, all alerts that this person may see. */
export interface Watch {
  readonly alerts?: AlertFilter;
  readonly layers?: readonly LayerWatch[];
}

/** Changes of alerts, oldest first, or a snapshot that replaces all that was known. */
export interface AlertBatch {
  readonly snapshot: boolean;
  /** Number of the newest change included. */
  readonly seq: number;
  /** The alerts as they now stand; with several changes in one batch only the newest state of each. */
  readonly alerts: readonly Alert[];
  /** Ids that this page may no longer show: cancelled, or now another unit's, or outside the filter. */
  readonly gone: readonly string[];
  /** Open alerts that a snapshot left out for its size; ask `GET /alerts` for them. */
  readonly omitted: number;
}

/** The newest values of a layer's series since the last batch, as columns of equal length; one row per series. */
export interface LayerFrame {
  readonly layer: string;
  /** Version of the catalogue that explains the series numbers. */
  readonly catalogue: number;
  /** Hub clock, ms since the Unix epoch. */
  readonly serverTime: number;
  readonly series: Uint32Array<ArrayBuffer>;
  readonly value: Float64Array<ArrayBuffer>;
  /** Time of the sample, ms since the Unix epoch. */
  readonly time: Float64Array<ArrayBuffer>;
  /** Bits as in `#contract/frame.ts`: 0–2 worst alert (0 none … 5 critical), 3 stale. */
  readonly state: Uint8Array<ArrayBuffer>;
}

/** Everything that comes from the hub unasked, by kind. */
export interface HubMessages {
  link: LinkStatus;
  alerts: AlertBatch;
  frames: readonly LayerFrame[];
  age: AgeMessage;
  wall: WallMessage;
}

export interface HubConnection {
  /** The link as it stands now; listen to `link` for changes. */
  readonly link: LinkStatus;
  readonly http: HubHttp;
  /**
   * Listens to one kind of message, in order of arrival. A new `link` listener is called at once with the present
   * status.
   * @returns stops listening.
   */
  on<K extends keyof HubMessages>(kind: K, listener: (message: HubMessages[K]) => void): () => void;
  /** Replaces what this page watches. Cheap: calls within 250 ms become one; kept over reconnections. */
  watch(wanted: Watch): void;
  /** Tries again at once, after a refusal (a new login) or a loss. */
  retry(): void;
  /** Hub clock, ms since the Unix epoch; the page's own until the first answer. */
  serverNow(): number;
  close(): void;
}

export interface HubConnectionOptions {
  /** Where the hub is, such as `location.origin`. */
  readonly origin: string;
}
