import type { LayerCatalogue } from '#contract/layer.ts';
import type { HubConnection } from '../connection/hub-connection.ts';
import { AlertStore } from './alert-store.ts';
import { ServerClock, type Ticker } from './clock.ts';
import { HealthStore } from './health-store.ts';
import { LayerStore } from './layer-store.ts';
import { SessionStore } from './session-store.ts';

/** All stores of a page, kept up to date by its connection. */
export interface HubState {
  readonly alerts: AlertStore;
  readonly layers: LayerStore;
  readonly health: HealthStore;
  readonly clock: ServerClock;
  readonly session: SessionStore;
  close(): void;
}

/** A catalogue is not fetched more often than this, ms, however often the hub says it changed. */
const CATALOGUE_EVERY = 3000;

/** Wires a connection to fresh stores. Call once a page. */
export function createHubState(connection: HubConnection, ticker?: Ticker): HubState {
  const alerts = new AlertStore();
  const layers = new LayerStore();
  const health = new HealthStore();
  const session = new SessionStore(connection.http);
  const clock = new ServerClock(() => connection.serverNow(), ticker);
  const catalogues = new CatalogueFetcher(connection, layers);
  const stops = [
    connection.on('link', (link) => health.applyLink(link)),
    connection.on('age', (age) => health.applyAge(age, connection.serverNow())),
    connection.on('alerts', (batch) => alerts.apply(batch)),
    connection.on('frames', (frames) => {
      layers.apply(frames);
      catalogues.check(clock.now);
    }),
    clock.subscribe(() => {
      layers.age(clock.now);
      catalogues.check(clock.now);
    }),
  ];
  return {
    alerts,
    layers,
    health,
    clock,
    session,
    close() {
      for (const stop of stops) stop();
      clock.stop();
    },
  };
}

/** Fetches the catalogue of each layer that announced another version, one at a time a layer, and not too often. */
class CatalogueFetcher {
  readonly #connection: HubConnection;
  readonly #layers: LayerStore;
  readonly #askedAt = new Map<string, number>();

  constructor(connection: HubConnection, layers: LayerStore) {
    this.#connection = connection;
    this.#layers = layers;
  }

  check(now: number): void {
    for (const id of this.#layers.ids) {
      const asked = this.#askedAt.get(id) ?? Number.NEGATIVE_INFINITY;
      if (!this.#layers.layer(id)?.outdated || now - asked < CATALOGUE_EVERY) continue;
      this.#askedAt.set(id, now);
      this.#connection.http.get<LayerCatalogue>(`/layers/${id}`).then(
        (catalogue) => this.#layers.putCatalogue(catalogue),
        // The layer stays outdated, so the next check after the interval asks again.
        () => {},
      );
    }
  }
}
