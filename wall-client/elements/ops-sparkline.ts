import { css, html, LitElement, nothing, svg } from 'lit';
import { coreText } from '../i18n/core-texts.ts';
import { formatNumber } from '../i18n/format.ts';
import type { HistoryPoint } from '../state/series-history.ts';
import { drawSparkline, type SparkBox } from './sparkline-geometry.ts';
import { elementStyles } from './theme.ts';

/**
 * The recent past as one line, with the threshold as a broken one. Fills its box.
 *
 * - `points`: ascending in time; replace the array, do not change it
 * - `span`: ms shown, ending at `now`; with younger data the line begins where the data do
 * - `threshold`: value of the broken line; null: none
 */
export class OpsSparkline extends LitElement {
  static override properties = {
    points: { attribute: false },
    span: { type: Number },
    now: { type: Number },
    threshold: { type: Number },
    box: { state: true },
  };

  declare points: readonly HistoryPoint[];
  declare span: number;
  declare now: number;
  declare threshold: number | null;
  declare private box: SparkBox;
  #observer: ResizeObserver | null = null;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
        position: relative;
        min-height: 1.5rem;
      }
      svg {
        position: absolute;
        inset: 0;
        width: 100%;
        height: 100%;
        overflow: visible;
      }
      .line {
        fill: none;
        stroke: var(--text-1);
        stroke-width: 0.09rem;
        stroke-linejoin: round;
        stroke-linecap: round;
      }
      .threshold {
        stroke: var(--text-2);
        stroke-width: 0.06rem;
        stroke-dasharray: 0.3rem 0.2rem;
      }
      .last {
        fill: var(--text-0);
      }
      p {
        color: var(--text-2);
        font-size: 0.8rem;
      }
    `,
  ];

  constructor() {
    super();
    this.points = [];
    this.span = 3_600_000;
    this.now = 0;
    this.threshold = null;
    this.box = { width: 0, height: 0 };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(([entry]) => {
      if (entry) this.box = { width: entry.contentRect.width, height: entry.contentRect.height };
    });
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override render() {
    if (this.points.length < 2) return html`<p>${coreText('spark.none')}</p>`;
    const { width, height } = this.box;
    if (width === 0 || height === 0) return nothing;
    const first = this.points[0]!.time;
    const from = Math.max(first, this.now - this.span);
    const { path, last, thresholdY } = drawSparkline(this.points, this.box, from, this.now, this.threshold);
    const radius = Math.max(2, height * 0.06);
    const label =
      this.threshold === null
        ? coreText('spark.label')
        : coreText('spark.label.threshold', { value: formatNumber(this.threshold) });
    return html`
      <svg viewBox="0 0 ${width} ${height}" role="img" aria-label=${label}>
        ${thresholdY === null ? nothing : svg`<line class="threshold" x1="0" x2=${width} y1=${thresholdY} y2=${thresholdY}></line>`}
        <path class="line" d=${path}></path>
        ${last === null ? nothing : svg`<circle class="last" cx=${last.x} cy=${last.y} r=${radius}></circle>`}
      </svg>
    `;
  }
}

customElements.define('ops-sparkline', OpsSparkline);
