import { css, html, LitElement, nothing } from 'lit';
import { wallText } from '../i18n/wall-texts.ts';
import type { SourceView } from '../state/health-store.ts';
import { illness } from './source-illness.ts';
import { elementStyles } from './theme.ts';

/** Ill sources that are named; the rest is counted. */
const NAMED = 3;

/**
 * Health of all sources in one line: a mark for each, and the names of those that are not well. `sources` as the health
 * store sorts them, the worst first.
 */
export class OpsSourceStrip extends LitElement {
  static override properties = { sources: { attribute: false } };

  declare sources: readonly SourceView[];

  static override styles = [
    elementStyles,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: 0 1rem;
        min-width: 0;
        font-size: var(--size-1);
        color: var(--text-1);
        white-space: nowrap;
        overflow: hidden;
      }
      .marks {
        flex: none;
        display: flex;
        flex-wrap: wrap;
        gap: 0.18rem;
        max-width: 14rem;
      }
      .mark {
        width: 0.62rem;
        height: 0.62rem;
        background: var(--text-2);
      }
      .bad,
      .unknown {
        border: 0.09rem solid var(--text-0);
        background: var(--hatch);
      }
      .unknown {
        border-style: dashed;
        border-color: var(--text-2);
      }
      .ill {
        display: flex;
        align-items: center;
        gap: 0.4rem;
        color: var(--text-0);
        font-weight: 600;
      }
      .ill span {
        font-weight: 400;
      }
    `,
  ];

  constructor() {
    super();
    this.sources = [];
  }

  protected override render() {
    if (this.sources.length === 0) return html`<span class="quiet">${wallText('sources.none')}</span>`;
    // Nothing is heard of any: naming them one by one would say that these few are the trouble.
    if (this.sources.every((source) => source.level === 'unknown')) {
      return html`<span>${wallText('sources.unknown')}</span>`;
    }
    const ill = this.sources.filter((source) => source.level !== 'good');
    const well = this.sources.length - ill.length;
    return html`
      <div class="marks" aria-hidden="true">
        ${[...this.sources].reverse().map((source) => html`<i class="mark ${source.level}"></i>`)}
      </div>
      <span>${wallText('sources.ok', { count: well })}</span>
      ${ill
        .slice(0, NAMED)
        .map(
          (source) =>
            html`<span class="ill"><i class="mark ${source.level}"></i>${source.name}<span>${illness(source)}</span></span>`,
        )}
      ${ill.length > NAMED ? html`<span>${wallText('sources.more', { count: ill.length - NAMED })}</span>` : nothing}
    `;
  }
}

customElements.define('ops-source-strip', OpsSourceStrip);
