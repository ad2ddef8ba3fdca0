import { css, html, LitElement, nothing } from 'lit';
import { SEVERITIES } from '#contract/names.ts';
import '../elements/ops-age.ts';
import '../elements/ops-severity.ts';
import '../elements/ops-sparkline.ts';
import '../elements/ops-tile.ts';
import { elementStyles } from '../elements/theme.ts';
import { formatNumber, formatUom } from '../i18n/format.ts';
import { inLanguage } from '../i18n/language.ts';
import { wallText } from '../i18n/wall-texts.ts';
import type { HistoryPoint } from '../state/series-history.ts';
import type { AlertsTile, SeriesReading, SeriesTile, StationsTile, TileView } from './tile-views.ts';

/** Points of a shown series; see HistoryKeeper. */
export type HistoryOf = (reading: SeriesReading, span: number) => readonly HistoryPoint[];

/** Least width of a tile, rem: below it a figure with its unit does not fit. */
const LEAST_WIDTH = 8.8;

/** The row of key figures. Shows the first that fit in full letters. */
export class OpsKeyFigures extends LitElement {
  static override properties = {
    tiles: { attribute: false },
    historyOf: { attribute: false },
    now: { type: Number },
    room: { state: true },
  };

  declare tiles: readonly TileView[];
  declare historyOf: HistoryOf;
  declare now: number;
  declare private room: number;
  #observer: ResizeObserver | null = null;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: grid;
        grid-auto-flow: column;
        grid-auto-columns: minmax(0, 1fr);
        gap: 0.12rem;
        min-width: 0;
      }
      .counts {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(2.8rem, 1fr));
        align-content: start;
        gap: 0.1rem 0.5rem;
      }
      .counts span {
        display: inline-flex;
        align-items: center;
        gap: 0.25rem;
      }
      .bar {
        flex: none !important;
        display: block;
        align-self: start;
        width: 100%;
        height: 0.5rem;
        margin-top: 0.6rem;
      }
      .bar .all {
        fill: var(--line);
      }
      .bar .part {
        fill: var(--text-1);
      }
      ops-sparkline {
        margin: 0.1rem 0.4rem 0.1rem 0;
        min-height: 1rem;
      }
    `,
  ];

  constructor() {
    super();
    this.tiles = [];
    this.historyOf = () => [];
    this.now = 0;
    this.room = 6;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      if (entry) this.room = Math.max(1, Math.floor(entry.contentRect.width / (LEAST_WIDTH * rem)));
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override render() {
    return this.tiles.slice(0, this.room).map((tile) => {
      if (tile.kind === 'series') return this.#series(tile);
      return tile.kind === 'stations' ? stationsTile(tile) : alertsTile(tile);
    });
  }

  #series({ title, reading, decimals, span, threshold }: SeriesTile) {
    if (reading === null) {
      return html`<ops-tile .label=${inLanguage(title)} figure="–" .place=${wallText('tile.none')}></ops-tile>`;
    }
    return html`
      <ops-tile
        .label=${inLanguage(title)}
        .place=${reading.place}
        .figure=${formatNumber(reading.value, decimals)}
        .uom=${formatUom(reading.uom)}
        .severity=${reading.severity}
        .stale=${reading.stale}
      >
        <ops-sparkline
          .points=${this.historyOf(reading, span)}
          .span=${span}
          .now=${this.now}
          .threshold=${threshold?.value ?? null}
        ></ops-sparkline>
        <ops-age slot="foot" .time=${reading.time} .now=${this.now} .staleAfter=${reading.staleAfter}></ops-age>
      </ops-tile>
    `;
  }
}

function stationsTile({ title, reporting, total }: StationsTile) {
  const stale = total - reporting;
  const foot = stale === 0 ? wallText('tile.stations.all') : wallText('tile.stations.stale', { count: stale });
  return html`
    <ops-tile .label=${inLanguage(title)} .figure=${formatNumber(reporting)} .uom=${`/ ${formatNumber(total)}`}>
      <svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">
        <rect class="all" width="100" height="1"></rect>
        <rect class="part" width=${total === 0 ? 0 : (100 * reporting) / total} height="1"></rect>
      </svg>
      <span slot="foot">${total === 0 ? nothing : foot}</span>
    </ops-tile>
  `;
}

function alertsTile({ title, counts, open, unacknowledged }: AlertsTile) {
  const foot =
    unacknowledged === 0 ? wallText('tile.alerts.handled') : wallText('tile.alerts.new', { count: unacknowledged });
  return html`
    <ops-tile .label=${inLanguage(title)} .figure=${formatNumber(open)}>
      <div class="counts">
        ${SEVERITIES.filter((severity) => counts[severity] > 0).map(
          (severity) =>
            html`<span><ops-severity quiet plain .severity=${severity}></ops-severity>${counts[severity]}</span>`,
        )}
      </div>
      <span slot="foot">${open === 0 ? nothing : foot}</span>
    </ops-tile>
  `;
}

customElements.define('ops-key-figures', OpsKeyFigures);
