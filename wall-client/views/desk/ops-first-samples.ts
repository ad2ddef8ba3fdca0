import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Page } from '#contract/primitives.ts';
import type { SamplePoint, Series } from '#contract/series.ts';
import type { HubHttp } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import { quantityName } from '../../i18n/core-texts.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatClock } from '../../i18n/format.ts';
import { controlStyles } from './desk-styles.ts';
import { exactValue } from './exact-value.ts';
import { Resource } from './resource.ts';

/** Series shown; a first message may hold hundreds. */
const SHOWN = 8;
/** Ahead of the hub's clock a sample may lie and still be taken, ms. */
const AHEAD = 300_000;
const DAY = 86_400_000;

interface FirstSample {
  readonly series: Series;
  readonly point: SamplePoint;
}

/**
 * Waits for the first samples of a source and shows them. `arrived` comes with the live link; what arrived is read from
 * the database, which may be some moments behind, so it is asked until it has them.
 */
export class OpsFirstSamples extends LitElement {
  static override properties = {
    http: { attribute: false },
    source: {},
    arrived: { type: Boolean },
    quarantined: { type: Number },
    now: { type: Number },
  };

  declare http: HubHttp;
  declare source: string;
  declare arrived: boolean;
  declare quarantined: number;
  declare now: number;

  readonly #samples = new Resource<readonly FirstSample[]>(this);

  static override styles = [
    elementStyles,
    controlStyles,
    css`
      :host {
        display: block;
        margin: 0.75rem 0 1.5rem;
      }
      .waiting::before {
        content: '';
        display: inline-block;
        width: 0.7em;
        height: 0.7em;
        margin-right: 0.6em;
        border: 2px solid var(--text-1);
        border-radius: 50%;
      }
      .arrived {
        font-weight: 600;
      }
      table {
        width: 100%;
        margin-top: 0.5rem;
        border-collapse: collapse;
      }
      td {
        padding: 0.5rem 1rem 0.5rem 0;
        border-bottom: 1px solid var(--line);
      }
      .figure {
        font-size: 1.25rem;
        font-weight: 600;
        text-align: right;
      }
    `,
  ];

  constructor() {
    super();
    this.source = '';
    this.arrived = false;
    this.quarantined = 0;
    this.now = 0;
  }

  protected override updated(changed: PropertyValues<this>): void {
    const missing = this.arrived && !this.#samples.value?.length && !this.#samples.loading;
    // `now` ticks once a second, which is the pace of asking.
    if (missing && (changed.has('arrived') || changed.has('now')))
      void this.#samples.load((signal) => this.#ask(signal));
  }

  async #ask(signal: AbortSignal): Promise<readonly FirstSample[]> {
    const listing = await this.http.get<Page<Series>>('/series', { source: this.source, limit: SHOWN }, { signal });
    const span = { from: new Date(this.now - DAY).toISOString(), to: new Date(this.now + AHEAD).toISOString() };
    const found = await Promise.all(
      listing.items.map(async (series) => {
        const path = `/series/${series.id}/samples`;
        const page = await this.http.get<Page<SamplePoint>>(path, { ...span, limit: 1000 }, { signal });
        const point = page.items.toSorted((a, b) => Date.parse(b.time) - Date.parse(a.time))[0];
        return point ? [{ series, point }] : [];
      }),
    );
    return found.flat();
  }

  protected override render() {
    const samples = this.#samples.value ?? [];
    return html`
      <div aria-live="polite">
        ${
          this.arrived
            ? html`<p class="arrived">${deskText('connect.arrived')}</p>`
            : html`<p class="waiting">${deskText('connect.waiting')}</p>
                <p class="hint">${deskText('connect.waitingHint')}</p>`
        }
        ${samples.length === 0 ? nothing : this.#table(samples)}
        ${this.quarantined === 0 || this.arrived ? nothing : this.#rejected()}
      </div>
    `;
  }

  #table(samples: readonly FirstSample[]) {
    return html`
      <table>
        <tbody>
          ${samples.map(
            ({ series, point }) => html`
              <tr>
                <td>${series.thing}</td>
                <td>${quantityName(series.quantity)}</td>
                <td class="figure">${point.value === null ? '' : exactValue(point.value, series.uom)}</td>
                <td><span class="hint">${deskText('connect.time')}</span> ${formatClock(Date.parse(point.time))}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }

  #rejected() {
    return html`
      <p class="problem">${deskText('connect.rejected', { count: this.quarantined })}
        <a href="#/quarantine">${deskText('connect.seeQuarantine')}</a>
      </p>
    `;
  }
}

customElements.define('ops-first-samples', OpsFirstSamples);
