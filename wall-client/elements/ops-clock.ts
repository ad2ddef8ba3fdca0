import { css, html, LitElement } from 'lit';
import { formatClock, formatDate } from '../i18n/format.ts';
import { elementStyles } from './theme.ts';

/** The hub's time. `now`: ms since the Unix epoch, by the hub's clock; `null` shows no time rather than a wrong one. */
export class OpsClock extends LitElement {
  static override properties = { now: { type: Number } };

  declare now: number | null;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
      }
      time {
        display: block;
        font-size: var(--size-4);
        font-weight: 600;
        line-height: 1.1;
        letter-spacing: -0.01em;
      }
      p {
        color: var(--text-1);
        font-size: var(--size-1);
      }
    `,
  ];

  constructor() {
    super();
    this.now = null;
  }

  protected override render() {
    if (this.now === null) return html`<time>--:--:--</time>`;
    return html`<time>${formatClock(this.now)}</time><p>${formatDate(this.now)}</p>`;
  }
}

customElements.define('ops-clock', OpsClock);
