import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import type { Severity } from '#contract/names.ts';
import './ops-fit.ts';
import './ops-severity.ts';
import { elementStyles } from './theme.ts';

/** Milliseconds that a changed figure stays underlined. */
const CHANGED_FOR = 600;

/**
 * One key figure. `label` says what, `place` where; `figure` and `uom` are already formatted. The default slot takes the
 * sparkline or another small picture, the `foot` slot the age.
 *
 * - `severity`: worst alert on it; null: none, and then no colour
 * - `stale`: the figure is the last known one and no longer the present: hatched
 */
export class OpsTile extends LitElement {
  static override properties = {
    label: {},
    place: {},
    figure: {},
    uom: {},
    severity: { reflect: true },
    stale: { type: Boolean, reflect: true },
  };

  declare label: string;
  declare place: string;
  declare figure: string;
  declare uom: string;
  declare severity: Severity | null;
  declare stale: boolean;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        padding: 0.3rem 0.3rem 0.4rem 0.6rem;
        background: var(--bg-1);
        overflow: hidden;
      }
      h3 {
        color: var(--text-1);
        font-size: var(--size-1);
        line-height: 1.35;
      }
      .place {
        color: var(--text-1);
        font-size: 0.8rem;
      }
      .reading {
        display: flex;
        align-items: baseline;
        gap: 0.22rem;
        font-size: var(--size-4);
        line-height: 1.15;
        white-space: nowrap;
      }
      .figure {
        position: relative;
        font-weight: 600;
        letter-spacing: -0.01em;
      }
      .uom {
        color: var(--text-1);
        font-size: var(--size-2);
      }
      .changed {
        position: absolute;
        inset: auto 0 0.02em 0;
        height: 0.05em;
        background: var(--text-0);
        opacity: 0;
      }
      :host([stale]) .figure {
        color: var(--text-2);
        font-weight: 400;
      }
      :host([stale]) .figure::after {
        content: '';
        position: absolute;
        inset: 0.1em -0.08em;
        background: var(--hatch);
      }
      .severity {
        font-size: 0.9rem;
        font-weight: 600;
      }
      .body {
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      ::slotted(*) {
        flex: 1;
      }
      .foot {
        color: var(--text-2);
        font-size: 0.8rem;
      }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.place = '';
    this.figure = '';
    this.uom = '';
    this.severity = null;
    this.stale = false;
  }

  /** A value never fades into the next; a line under it says for a moment that it is another. */
  protected override updated(changed: PropertyValues<this>): void {
    const before = changed.get('figure');
    if (before === undefined || before === '' || matchMedia('(prefers-reduced-motion: reduce)').matches) return;
    const line = this.renderRoot.querySelector('.changed');
    line?.animate([{ opacity: 1 }, { opacity: 1, offset: 0.8 }, { opacity: 0 }], CHANGED_FOR);
  }

  protected override render() {
    return html`
      <h3><ops-fit .text=${this.label}></ops-fit></h3>
      <div class="reading">
        <span class="figure">${this.figure}<i class="changed"></i></span>
        <span class="uom">${this.uom}</span>
      </div>
      ${this.severity === null ? nothing : html`<ops-severity class="severity" .severity=${this.severity}></ops-severity>`}
      <div class="body"><slot></slot></div>
      ${this.place === '' ? nothing : html`<ops-fit class="place" kept="end" .text=${this.place}></ops-fit>`}
      <div class="foot"><slot name="foot"></slot></div>
    `;
  }
}

customElements.define('ops-tile', OpsTile);
