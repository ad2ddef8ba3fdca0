import { css, html, LitElement, nothing } from 'lit';
import { elementStyles } from '../../elements/theme.ts';
import { formatCountdown, formatSpan } from '../../i18n/format.ts';
import { inLanguage } from '../../i18n/language.ts';
import { wallText } from '../../i18n/wall-texts.ts';
import { groupCode } from './pairing-code.ts';
import type { PairingProgress } from './pairing-session.ts';

/**
 * A screen that does not know its wall yet: the code, large, and how to enter it. `progress` as the pairing session
 * tells it; `now` on the same clock.
 */
export class OpsWallPairing extends LitElement {
  static override properties = {
    wall: {},
    address: {},
    progress: { attribute: false },
    now: { type: Number },
  };

  declare wall: string;
  declare address: string;
  declare progress: PairingProgress;
  declare now: number;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        align-content: center;
        gap: 1.2rem;
        width: 100vw;
        height: 100vh;
        padding: 2rem 4rem;
        background: var(--bg-0);
        font-size: var(--size-2);
      }
      h1 {
        font-size: var(--size-3);
        font-weight: 600;
      }
      .wall {
        color: var(--text-1);
        font-size: var(--size-1);
      }
      .panel {
        padding: 1.2rem 2rem 1.4rem;
        border-left: 0.3rem solid var(--text-0);
        background: var(--bg-1);
      }
      .panel p:first-child {
        color: var(--text-1);
        font-size: var(--size-1);
      }
      .code {
        font-size: 6rem;
        font-weight: 600;
        line-height: 1.15;
        letter-spacing: 0.08em;
        white-space: nowrap;
      }
      .message {
        font-size: var(--size-4);
        line-height: 1.35;
      }
      .quiet {
        font-size: var(--size-1);
      }
      ol {
        display: grid;
        gap: 0.5rem;
        counter-reset: step;
      }
      ol li {
        counter-increment: step;
        display: grid;
        grid-template-columns: 2.2rem minmax(0, 1fr);
      }
      ol li::before {
        content: counter(step);
        color: var(--text-2);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.wall = '';
    this.address = '';
    this.progress = { step: 'asking' };
    this.now = 0;
  }

  protected override render() {
    return html`
      <header>
        <h1>${wallText('pairing.title')}</h1>
        <p class="wall">${wallText('pairing.wall', { wall: this.wall })}</p>
      </header>
      <section class="panel" role="status">${this.#state()}</section>
      <ol>
        <li>${wallText('pairing.step-1', { address: this.address })}</li>
        <li>${wallText('pairing.step-2')}</li>
        <li>${wallText('pairing.step-3')}</li>
      </ol>
    `;
  }

  #state() {
    const { progress } = this;
    switch (progress.step) {
      case 'waiting':
        return html`
          <p>${wallText('pairing.code')}</p>
          <p class="code">${groupCode(progress.code)}</p>
          <p class="quiet">
            ${wallText('pairing.expires', { countdown: formatCountdown(Math.max(0, progress.expiresAt - this.now)) })}
          </p>
        `;
      case 'failed':
        return html`
          <p>${wallText('pairing.code')}</p>
          <p class="message">${wallText('pairing.failed')}</p>
          ${progress.error ? html`<p>${inLanguage(progress.error.text)}</p>` : nothing}
          <p class="quiet">${wallText('pairing.again', { span: formatSpan(Math.max(0, progress.retryAt - this.now)) })}</p>
        `;
      case 'expired':
        return html`<p>${wallText('pairing.code')}</p><p class="message">${wallText('pairing.expired')}</p>`;
      case 'asking':
      case 'paired':
        return html`<p>${wallText('pairing.code')}</p><p class="message">${wallText('pairing.asking')}</p>`;
    }
  }
}

customElements.define('ops-wall-pairing', OpsWallPairing);
