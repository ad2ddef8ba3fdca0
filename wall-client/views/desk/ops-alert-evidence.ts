import { css, html, LitElement, nothing } from 'lit';
import type { Alert } from '#contract/alert.ts';
import type { Page } from '#contract/primitives.ts';
import type { Delivery } from '#contract/push.ts';
import type { SamplePoint } from '#contract/series.ts';
import type { HubHttp } from '../../connection/http.ts';
import { shapeForm } from '../../elements/severity-shape.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatMoment, formatNumber } from '../../i18n/format.ts';
import { endedUnseen } from '../../state/alert-store.ts';
import type { HistoryPoint } from '../../state/series-history.ts';
import { controlStyles } from './desk-styles.ts';
import './ops-line-chart.ts';
import './ops-place-sketch.ts';
import { Resource } from './resource.ts';
import { samplesQuery, seriesWindow } from './series-window.ts';

/** Ages of the chart's end and of deliveries, ms: asked again that often while the alert is open. */
const REFRESH = 15_000;

interface Chart {
  readonly points: readonly HistoryPoint[];
  readonly from: number;
  readonly to: number;
}

/** What stands behind an alert: where, what was measured around it, and which phones were told. */
export class OpsAlertEvidence extends LitElement {
  static override properties = {
    alert: { attribute: false },
    http: { attribute: false },
    now: { type: Number },
  };

  declare alert: Alert;
  declare http: HubHttp;
  declare now: number;

  readonly #chart = new Resource<Chart>(this);
  readonly #deliveries = new Resource<readonly Delivery[]>(this);
  #loadedOf = '';
  #loadedAt = 0;

  static override styles = [
    elementStyles,
    controlStyles,
    css`
      :host {
        display: block;
        min-height: 0;
        overflow: auto;
        padding: 1rem 1.25rem 2rem;
        background: var(--bg-1);
      }
      section + section {
        margin-top: 1.75rem;
      }
      h3 {
        margin-bottom: 0.6rem;
        padding-bottom: 0.35rem;
        border-bottom: 1px solid var(--line);
        color: var(--text-1);
      }
      li {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0 1rem;
        padding: 0.45rem 0;
        border-bottom: 1px solid var(--line);
      }
      li .quiet {
        grid-column: 1 / -1;
        font-size: 0.875rem;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    this.now = 0;
  }

  protected override willUpdate(): void {
    const another = this.alert.id !== this.#loadedOf;
    if (another) {
      this.#chart.clear();
      this.#deliveries.clear();
    }
    if (another || this.now - this.#loadedAt > REFRESH) this.#load();
  }

  #load(): void {
    this.#loadedOf = this.alert.id;
    this.#loadedAt = this.now;
    const { id, series } = this.alert;
    const window = seriesWindow(this.alert, this.now);
    if (series !== null) void this.#chart.load((signal) => this.#loadChart(series, window, signal));
    void this.#deliveries.load(async (signal) => {
      const page = await this.http.get<Page<Delivery>>('/deliveries', { alert: id, limit: 50 }, { signal });
      return page.items;
    });
  }

  async #loadChart(series: string, window: { from: number; to: number }, signal: AbortSignal): Promise<Chart> {
    const page = await this.http.get<Page<SamplePoint>>(`/series/${series}/samples`, samplesQuery(window), { signal });
    const points = page.items
      .flatMap(({ time, value }) => (value === null ? [] : [{ time: Date.parse(time), value }]))
      .sort((a, b) => a.time - b.time);
    return { points, ...window };
  }

  protected override render() {
    return html`
      <section>
        <h3>${deskText('evidence.series')}</h3>
        ${this.#series()}
      </section>
      <section>
        <h3>${deskText('evidence.place')}</h3>
        ${this.#place()}
      </section>
      <section>
        <h3>${deskText('evidence.deliveries')}</h3>
        ${this.#pushes()}
      </section>
    `;
  }

  #series() {
    if (this.alert.series === null) return html`<p class="quiet">${deskText('evidence.noSeries')}</p>`;
    const chart = this.#chart.value;
    if (chart === null) return this.#waiting(this.#chart.failure);
    return html`<ops-line-chart
      .points=${chart.points}
      .from=${chart.from}
      .to=${chart.to}
      .mark=${Date.parse(this.alert.startsAt)}
      .uom=${this.alert.uom}
      .now=${this.now}
    ></ops-line-chart>`;
  }

  #place() {
    const { location, thing } = this.alert;
    if (location === null) return html`<p class="quiet">${deskText('evidence.noPlace')}</p>`;
    const [longitude, latitude] = location.coordinates;
    const place = deskText('evidence.coordinates', {
      latitude: formatNumber(latitude, 4),
      longitude: formatNumber(longitude, 4),
    });
    return html`
      <ops-place-sketch .position=${location.coordinates} .severity=${this.alert.severity}
        .form=${shapeForm(this.alert.authenticity, endedUnseen(this.alert))}
        .label=${deskText('evidence.map', { place: thing ?? place })}></ops-place-sketch>
      ${thing === null ? nothing : html`<p>${thing}</p>`}
      <p class="quiet">${place}</p>
    `;
  }

  #pushes() {
    const { value, failure } = this.#deliveries;
    if (value === null) return this.#waiting(failure);
    if (value.length === 0) return html`<p class="quiet">${deskText('evidence.noDeliveries')}</p>`;
    return html`<ul>${value.map((delivery) => this.#push(delivery))}</ul>`;
  }

  #push(delivery: Delivery) {
    const at = formatMoment(Date.parse(delivery.finishedAt ?? delivery.queuedAt), this.now);
    const attempts = delivery.attempts > 1 ? `, ${deskText('delivery.attempts', { count: delivery.attempts })}` : '';
    return html`
      <li>
        <span>${delivery.username}</span>
        <span>${deskText(`delivery.${delivery.state}`)}</span>
        <span class="quiet">${at}${attempts}${delivery.detail === null ? '' : `. ${delivery.detail}`}</span>
      </li>
    `;
  }

  #waiting(failure: string | null) {
    return html`<p class="quiet">${failure === null ? deskText('loading') : deskText('failed', { reason: failure })}</p>`;
  }
}

customElements.define('ops-alert-evidence', OpsAlertEvidence);
