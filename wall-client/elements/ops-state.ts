import { css, html, LitElement, nothing } from 'lit';
import { coreText } from '../i18n/core-texts.ts';
import { elementStyles } from './theme.ts';

export type PanelState = 'loading' | 'empty' | 'error';

/**
 * What a panel shows when it has nothing to show: still loading, empty (which is often good news), or broken. A broken
 * panel says so in its place; the others go on. `retry` on an error adds a button that sends the event `retry`.
 */
export class OpsState extends LitElement {
  static override properties = {
    state: { reflect: true },
    text: {},
    detail: {},
    retry: { type: Boolean },
  };

  declare state: PanelState;
  declare text: string;
  declare detail: string;
  declare retry: boolean;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        align-items: flex-start;
        justify-content: center;
        gap: 0.25rem;
        padding: 0.8rem 0.7rem;
        color: var(--text-1);
        font-size: var(--size-1);
      }
      :host([state='error']) {
        border-left: 0.3rem solid var(--text-0);
        background: var(--hatch);
      }
      :host([state='error']) .box {
        padding: 0.3rem 0.5rem;
        background: var(--bg-1);
        color: var(--text-0);
      }
      .detail {
        color: var(--text-2);
      }
      button {
        margin-top: 0.4rem;
        padding: 0.4em 1em;
        border: 1px solid var(--text-2);
        background: none;
        color: var(--text-0);
        font: inherit;
      }
    `,
  ];

  constructor() {
    super();
    this.state = 'empty';
    this.text = '';
    this.detail = '';
    this.retry = false;
  }

  protected override render() {
    const text = this.text === '' ? this.#standard() : this.text;
    return html`
      <div class="box" role=${this.state === 'error' ? 'alert' : 'status'}>
        <p>${text}</p>
        ${this.detail === '' ? nothing : html`<p class="detail">${this.detail}</p>`}
        ${this.retry ? html`<button @click=${() => this.dispatchEvent(new Event('retry'))}>${coreText('state.retry')}</button>` : nothing}
      </div>
    `;
  }

  #standard(): string {
    if (this.state === 'loading') return coreText('state.loading');
    return this.state === 'error' ? coreText('state.error') : '';
  }
}

customElements.define('ops-state', OpsState);
