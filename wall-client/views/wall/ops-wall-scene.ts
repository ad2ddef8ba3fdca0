import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Unit } from '#contract/people.ts';
import type { WallConfig } from '#contract/wall.ts';
import type { HubHttp } from '../../connection/http.ts';
import '../../elements/ops-link.ts';
import '../../elements/ops-source-strip.ts';
import { elementStyles } from '../../elements/theme.ts';
import { quantityName } from '../../i18n/core-texts.ts';
import { inLanguage } from '../../i18n/language.ts';
import { wallText } from '../../i18n/wall-texts.ts';
import { type PlaceMark, placeMarks, type QuakeMark, quakeMarks } from '../../map/layers/events.ts';
import type { ReservedArea } from '../../map/ops-map.ts';
import '../../map/ops-map.ts';
import { type StationMark, stationMarks } from '../../map/station-marks.ts';
import { HistoryKeeper } from '../../panels/history-keeper.ts';
import '../../panels/ops-alert-list.ts';
import '../../panels/ops-key-figures.ts';
import '../../panels/ops-shift-header.ts';
import {
  type SeriesReading,
  type StandardTitles,
  standardTiles,
  type TileView,
  tileViews,
} from '../../panels/tile-views.ts';
import type { HubState } from '../../state/hub-state.ts';
import type { Layer } from '../../state/layer-store.ts';
import './ops-map-legend.ts';

/** The legend in the upper right and the notes along the lower edge; labels keep clear of them. Rem. */
const RESERVED: readonly ReservedArea[] = [
  { x: -6.5, y: 0, width: 6.5, height: 7.8 },
  { x: 0, y: -1.2, width: 200, height: 1.2 },
];

/** Faded quakes are drawn anew this often, ms; everything else is drawn when it changed. */
const FADE_EVERY = 10_000;

/**
 * The wall's first scene: map, alerts, key figures, sources. Reads the stores and writes nothing.
 *
 * - `hub`: the page's stores; `http`: for histories of the sparklines
 * - `config`: what this wall shows; `units`: for names of responsible units
 */
export class OpsWallScene extends LitElement {
  static override properties = {
    hub: { attribute: false },
    http: { attribute: false },
    config: { attribute: false },
    units: { attribute: false },
  };

  declare hub: HubState;
  declare http: HubHttp;
  declare config: WallConfig;
  declare units: ReadonlyMap<string, Unit>;
  #stops: (() => void)[] = [];
  #histories: HistoryKeeper | null = null;
  readonly #shownSeries = new Map<string, string>();
  #drawn = { layers: -1, alerts: -1, at: 0 };
  #stations: readonly StationMark[] = [];
  #quakes: readonly QuakeMark[] = [];
  #places: readonly PlaceMark[] = [];
  #tiles: readonly TileView[] = [];

  static override styles = [
    elementStyles,
    css`
      :host {
        display: grid;
        grid-template:
          'link link' auto
          'map side' minmax(0, 1fr)
          'figures side' auto
          'strip strip' auto / minmax(0, 1fr) max(33.333%, 22rem);
        column-gap: 0.12rem;
        width: 100vw;
        height: 100vh;
        overflow: hidden;
        background: var(--bg-0);
        font-size: var(--size-1);
      }
      ops-link {
        grid-area: link;
      }
      .map {
        grid-area: map;
        position: relative;
        min-height: 0;
      }
      ops-map {
        position: absolute;
        inset: 0;
      }
      .notes {
        position: absolute;
        z-index: 2;
        inset: auto 0 0 0;
        display: flex;
        justify-content: space-between;
        align-items: end;
        gap: 1rem;
        padding: 0.2rem 0.5rem;
        font-size: 0.5rem;
        color: var(--text-2);
      }
      .recorded {
        font-size: 0.8rem;
        color: var(--text-1);
      }
      ops-key-figures {
        grid-area: figures;
        border-top: 0.12rem solid var(--bg-0);
        height: 9.9rem;
      }
      .side {
        grid-area: side;
        display: flex;
        flex-direction: column;
        gap: 0.12rem;
        min-height: 0;
      }
      .side > * {
        background: var(--bg-1);
      }
      ops-alert-list {
        flex: 1;
      }
      .strip {
        grid-area: strip;
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1rem;
        padding: 0.25rem 0.7rem 0.35rem;
        border-top: 0.12rem solid var(--bg-0);
        background: var(--bg-1);
      }
      .strip p {
        flex: none;
        white-space: nowrap;
        font-size: 0.8rem;
        color: var(--text-1);
      }
      .strip .degraded {
        color: var(--text-0);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.units = new Map();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const update = () => this.requestUpdate();
    const { alerts, layers, health, clock } = this.hub;
    this.#stops = [alerts, layers, health, clock].map((store) => store.subscribe(update));
    this.#histories = new HistoryKeeper(this.http, update);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const { layers, alerts, clock } = this.hub;
    const now = clock.now;
    const same = this.#drawn.layers === layers.revision && this.#drawn.alerts === alerts.revision;
    if (same && now - this.#drawn.at < FADE_EVERY && !changed.has('config')) return;
    this.#drawn = { layers: layers.revision, alerts: alerts.revision, at: now };
    const shown = this.#layers();
    const events = shown.flatMap((layer) => layer.events);
    this.#stations = stationMarks(shown, alerts.all);
    this.#quakes = quakeMarks(events, now);
    this.#places = placeMarks(events);
    const tiles = this.config.tiles.length > 0 ? this.config.tiles : standardTiles(shown, standardTitles());
    this.#tiles = tileViews(tiles, { layers: shown, alerts: alerts.all, shown: this.#shownSeries });
    for (const tile of this.#tiles) {
      if (tile.kind === 'series' && tile.reading) this.#shownSeries.set(tile.key, tile.reading.seriesId);
    }
  }

  protected override render() {
    const { hub, config } = this;
    const now = hub.clock.now;
    const sources = hub.health.sources(now);
    return html`
      ${this.#linkAlarm(now)}
      <main class="map" aria-label=${inLanguage(config.title)}>
        <ops-map
          .bounds=${config.map.bounds}
          .scheme=${config.scheme}
          .stations=${this.#stations}
          .quakes=${this.#quakes}
          .places=${this.#places}
          .reserved=${RESERVED}
        ></ops-map>
        <ops-map-legend .quakes=${this.#quakes.length > 0} .cameras=${this.#places.length > 0}></ops-map-legend>
        <div class="notes">
          <span class="recorded">${sources.some((source) => source.recorded) ? wallText('map.recorded') : nothing}</span>
          <span>${wallText('map.attribution')}</span>
        </div>
      </main>
      <ops-key-figures .tiles=${this.#tiles} .historyOf=${this.#historyOf} .now=${now}></ops-key-figures>
      <div class="side">
        <ops-shift-header .now=${now} .shifts=${config.shifts} .link=${hub.health.link}></ops-shift-header>
        <ops-alert-list
          .alerts=${hub.alerts.all}
          .omitted=${hub.alerts.omitted}
          .ready=${hub.alerts.revision > 0}
          .unitName=${this.#unitName}
          .now=${now}
        ></ops-alert-list>
      </div>
      <footer class="strip"><ops-source-strip .sources=${sources}></ops-source-strip>${this.#hubNotes()}</footer>
    `;
  }

  /** The link counts by the page's clock, everything else here by the hub's. */
  #linkAlarm(now: number) {
    const { link } = this.hub.health;
    const offset = link.offset ?? 0;
    return html`<ops-link
      form="bar"
      .state=${link.state}
      .since=${link.since + offset}
      .heardAt=${link.heardAt === null ? null : link.heardAt + offset}
      .now=${now}
    ></ops-link>`;
  }

  #hubNotes() {
    const { degraded, evaluation } = this.hub.health;
    if (degraded.length > 0) {
      const parts = degraded.map(({ part }) => part).join(', ');
      return html`<p class="degraded">${wallText('hub.degraded', { parts })}</p>`;
    }
    return evaluation ? html`<p>${wallText('hub.evaluation')}</p>` : nothing;
  }

  readonly #historyOf = (reading: SeriesReading, span: number) =>
    this.#histories?.points(reading.seriesId, span, reading, this.hub.clock.now) ?? [];

  readonly #unitName = (unit: string) => {
    const name = this.units.get(unit)?.name;
    return name ? inLanguage(name) : unit;
  };

  #layers(): Layer[] {
    return this.config.map.layers.flatMap((id) => this.hub.layers.layer(id) ?? []);
  }
}

/** The page speaks one language, so both halves of a name may be the same. */
const inBoth = (text: string) => ({ vi: text, en: text });

const standardTitles = (): StandardTitles => ({
  quantity: (quantity) => inBoth(quantityName(quantity)),
  stations: inBoth(wallText('tile.stations.title')),
  alerts: inBoth(wallText('tile.alerts.title')),
});

customElements.define('ops-wall-scene', OpsWallScene);
