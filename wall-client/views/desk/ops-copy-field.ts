import { css, html, LitElement } from 'lit';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { controlStyles } from './desk-styles.ts';

/** A text to take elsewhere, with a button that copies it. The button says what became of it. */
export class OpsCopyField extends LitElement {
  static override properties = { label: {}, text: {}, state: { state: true } };

  declare label: string;
  declare text: string;
  declare state: 'idle' | 'copied' | 'failed';

  static override styles = [
    elementStyles,
    controlStyles,
    css`
      :host {
        display: block;
      }
      .head {
        display: flex;
        align-items: baseline;
        justify-content: space-between;
        gap: 1rem;
        color: var(--text-1);
        font-size: 0.9375rem;
      }
      pre {
        margin: 0.25rem 0 0;
        padding: 0.6rem 0.75rem;
        overflow: auto;
        border: 1px solid var(--line);
        background: var(--bg-0);
        color: var(--text-0);
        font-size: 0.9375rem;
        line-height: 1.5;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
    `,
  ];

  constructor() {
    super();
    this.label = '';
    this.text = '';
    this.state = 'idle';
  }

  protected override render() {
    const word = { idle: 'copy', copied: 'copied', failed: 'copyFailed' } as const;
    return html`
      <div class="head">
        <span id="label">${this.label}</span>
        <button class="plain" @click=${this.#copy} aria-describedby="label">
          <span aria-live="polite">${deskText(word[this.state])}</span>
        </button>
      </div>
      <pre tabindex="0" aria-labelledby="label" role="group">${this.text}</pre>
    `;
  }

  #copy = async () => {
    try {
      await navigator.clipboard.writeText(this.text);
      this.state = 'copied';
    } catch {
      // No clipboard without HTTPS: selecting it is the next best.
      const text = this.renderRoot.querySelector('pre');
      if (text) getSelection()?.selectAllChildren(text);
      this.state = 'failed';
    }
  };
}

customElements.define('ops-copy-field', OpsCopyField);
