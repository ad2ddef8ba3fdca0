import { css, html, LitElement, nothing, svg } from 'lit';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatMoment, formatValue } from '../../i18n/format.ts';
import type { HistoryPoint } from '../../state/series-history.ts';
import { chartShape, HEIGHT, WIDTH, xOf } from './chart-shape.ts';

/** One series over a span, with the instant an alert began. All times are ms since the Unix epoch. */
export class OpsLineChart extends LitElement {
  static override properties = {
    points: { attribute: false },
    from: { type: Number },
    to: { type: Number },
    mark: { type: Number },
    uom: {},
    now: { type: Number },
  };

  declare points: readonly HistoryPoint[];
  declare from: number;
  declare to: number;
  declare mark: number | null;
  declare uom: string | null;
  declare now: number;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
      }
      svg {
        display: block;
        width: 100%;
        height: 7.5rem;
        border-bottom: 1px solid var(--line);
        overflow: visible;
      }
      .line {
        fill: none;
        stroke: var(--text-0);
        stroke-width: 1.6;
        stroke-linejoin: round;
        stroke-linecap: round;
        vector-effect: non-scaling-stroke;
      }
      .mark {
        stroke: var(--text-2);
        stroke-width: 1;
        stroke-dasharray: 3 3;
        vector-effect: non-scaling-stroke;
      }
      .ends {
        display: flex;
        justify-content: space-between;
        color: var(--text-1);
        font-size: 0.875rem;
      }
      .span {
        color: var(--text-2);
      }
    `,
  ];

  constructor() {
    super();
    this.points = [];
    this.from = 0;
    this.to = 1;
    this.mark = null;
    this.uom = null;
    this.now = 0;
  }

  protected override render() {
    const shape = chartShape(this.points, this.from, this.to);
    if (shape === null) return html`<p class="span">${deskText('evidence.noSamples')}</p>`;
    const label = deskText('evidence.chart', {
      from: formatMoment(this.from, this.now),
      to: formatMoment(this.to, this.now),
      least: formatValue(shape.least, this.uom),
      most: formatValue(shape.most, this.uom),
      count: this.points.length,
    });
    const mark = this.mark === null ? null : xOf(this.mark, this.from, this.to);
    return html`
      <p class="ends">
        <span>${formatValue(shape.most, this.uom)}</span>
        ${mark === null ? nothing : html`<span class="span">┆ ${deskText('evidence.start')}</span>`}
      </p>
      <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label=${label}>
        ${mark === null ? nothing : svg`<path class="mark" d="M${mark} 0V${HEIGHT}"></path>`}
        <path class="line" d=${shape.path}></path>
      </svg>
      <p class="ends"><span>${formatValue(shape.least, this.uom)}</span></p>
      <p class="ends span">
        <span>${formatMoment(this.from, this.now)}</span>
        <span>${formatMoment(this.to, this.now)}</span>
      </p>
    `;
  }
}

customElements.define('ops-line-chart', OpsLineChart);
