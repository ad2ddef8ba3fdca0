import { css, html, LitElement, nothing } from 'lit';
import type { LinkState } from '../connection/hub-connection.ts';
import { coreText } from '../i18n/core-texts.ts';
import { formatAge, formatClock } from '../i18n/format.ts';
import { elementStyles } from './theme.ts';

/** Milliseconds a loss may last before the whole screen says so: a reconnection within it changes nothing that is seen. */
const GRACE = 3000;

/** `word`: one word beside the clock. `bar`: nothing while all is well, else the alarm across the whole page. */
export type LinkForm = 'word' | 'bar';

/**
 * The state of the link. Anything but live for longer than three seconds: a bar across the page with since-when, and
 * hatching over everything, so that nobody takes the last picture for the present one. The bar is a block: put it first
 * on the page.
 *
 * - `state`: of the connection's LinkStatus; `form`: see {@link LinkForm}
 * - `since`, `heardAt` (null: never heard), `now`: ms, all on one clock
 */
export class OpsLink extends LitElement {
  static override properties = {
    state: { reflect: true },
    form: { reflect: true },
    since: { type: Number },
    heardAt: { type: Number },
    now: { type: Number },
  };

  declare state: LinkState;
  declare form: LinkForm;
  declare since: number;
  declare heardAt: number | null;
  declare now: number;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: inline-flex;
        align-items: center;
        gap: 0.4em;
        color: var(--text-1);
        white-space: nowrap;
      }
      :host([form='bar']) {
        display: block;
        white-space: normal;
      }
      .mark {
        width: 0.6em;
        height: 0.6em;
        border-radius: 50%;
        background: var(--text-1);
      }
      :host(:not([state='live'])) {
        color: var(--text-0);
        font-weight: 600;
      }
      :host(:not([state='live'])) .mark {
        border: 0.12em solid var(--text-0);
        background: none;
      }
      .bar {
        position: relative;
        z-index: 1000;
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.8em;
        padding: 0.3em 0.55em 0.4em;
        background: var(--text-0);
        color: var(--bg-0);
        font-size: var(--size-2);
        font-weight: 600;
      }
      .bar span {
        font-size: var(--size-1);
        font-weight: 400;
      }
      .veil {
        position: fixed;
        z-index: 999;
        inset: 0;
        pointer-events: none;
        background: repeating-linear-gradient(
          135deg,
          color-mix(in srgb, var(--text-2) 32%, transparent) 0 0.12rem,
          color-mix(in srgb, var(--bg-0) 42%, transparent) 0.12rem 0.7rem
        );
      }
    `,
  ];

  constructor() {
    super();
    this.state = 'connecting';
    this.form = 'word';
    this.since = 0;
    this.heardAt = null;
    this.now = 0;
  }

  protected override render() {
    if (this.form === 'bar') return this.#bar();
    return html`<span class="mark" aria-hidden="true"></span><span>${coreText(`link.${this.state}`)}</span>`;
  }

  #bar() {
    if (this.state === 'live' || this.now - this.since < GRACE) return nothing;
    const detail =
      this.heardAt === null
        ? coreText('link.never')
        : coreText('link.since', { time: formatClock(this.heardAt), age: formatAge(this.now - this.heardAt) });
    return html`
      <div class="veil"></div>
      <div class="bar" role="alert">${coreText(`link.bar.${this.state}`)}<span>${detail}</span></div>
    `;
  }
}

customElements.define('ops-link', OpsLink);
