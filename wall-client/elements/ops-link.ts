import { css, html, LitElement, nothing } from 'lit';
import type { LinkState } from '../connection/hub-connection.ts';
import { coreText } from '../i18n/core-texts.ts';
import { formatAge, formatClock } from '../i18n/format.ts';
import { elementStyles } from './theme.ts';

/** Milliseconds a loss may last before the whole screen says so: a reconnection within it changes nothing that is seen. */
const GRACE = 3000;

/**
 * The state of the link. Live: one quiet word. Anything else for longer than three seconds: a bar across the whole
 * window with since-when, and hatching over everything, so that nobody takes the last picture for the present one.
 *
 * - `state`, `since`: of the connection's LinkStatus (`since` and `now` on the page's clock)
 * - `heardAt`: when the hub was last heard, page clock; null: never
 * - `inline`: only the word; the bar is another element's
 */
export class OpsLink extends LitElement {
  static override properties = {
    state: { reflect: true },
    since: { type: Number },
    heardAt: { type: Number },
    now: { type: Number },
    inline: { type: Boolean, reflect: true },
  };

  declare state: LinkState;
  declare since: number;
  declare heardAt: number | null;
  declare now: number;
  declare inline: boolean;

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
        position: fixed;
        z-index: 1000;
        inset: 0 0 auto 0;
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.8em;
        padding: 0.35em 0.7em 0.45em;
        background: var(--text-0);
        color: var(--bg-0);
        font-size: var(--size-2);
        font-weight: 600;
        white-space: normal;
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
    this.since = 0;
    this.heardAt = null;
    this.now = 0;
    this.inline = false;
  }

  protected override render() {
    const word = coreText(`link.${this.state}`);
    return html`<span class="mark" aria-hidden="true"></span><span>${word}</span>${this.#alarm(word)}`;
  }

  #alarm(word: string) {
    const broken = this.state !== 'live' && this.now - this.since >= GRACE;
    if (this.inline || !broken) return nothing;
    const detail =
      this.heardAt === null
        ? coreText('link.never')
        : coreText('link.since', { time: formatClock(this.heardAt), age: formatAge(this.now - this.heardAt) });
    return html`
      <div class="veil"></div>
      <div class="bar" role="alert">${word}<span>${detail}</span></div>
    `;
  }
}

customElements.define('ops-link', OpsLink);
