import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Unit } from '#contract/people.ts';
import { elementStyles } from '../../elements/theme.ts';
import '../../elements/ops-age.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatNumber, formatSpan } from '../../i18n/format.ts';
import { inLanguage } from '../../i18n/language.ts';
import type { SourceView } from '../../state/health-store.ts';
import { controlStyles, pageStyles } from './desk-styles.ts';

/** One line a source: link, age of the last sample, counts. What is stale is hatched, never just coloured. */
export class OpsSourcesTab extends LitElement {
  static override properties = {
    sources: { attribute: false },
    units: { attribute: false },
    ready: { type: Boolean },
    mayConnect: { type: Boolean },
    now: { type: Number },
  };

  declare sources: readonly SourceView[];
  declare units: ReadonlyMap<string, Unit>;
  declare ready: boolean;
  declare mayConnect: boolean;
  declare now: number;

  static override styles = [
    elementStyles,
    controlStyles,
    pageStyles,
    css`
      .bad td {
        background: var(--hatch);
      }
      /* Letters over a hatch need a ground of their own. */
      .bad td > * {
        background: var(--bg-1);
        box-shadow: 0 0 0 0.25rem var(--bg-1);
      }
      .name {
        font-weight: 600;
      }
      .note {
        display: block;
        width: fit-content;
        color: var(--text-2);
        font-size: 0.875rem;
      }
      .hint {
        margin-top: 0.75rem;
      }
      .down {
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.sources = [];
    this.units = new Map();
    this.ready = false;
    this.mayConnect = false;
    this.now = 0;
  }

  protected override render() {
    return html`
      <h1>${deskText('sources.title')}</h1>
      <p class="lead">${deskText('sources.lead')}</p>
      ${this.sources.length === 0 ? this.#empty() : this.#table()}
    `;
  }

  #empty() {
    if (!this.ready) return html`<p class="empty">${deskText('loading')}</p>`;
    return html`
      <p class="empty">${deskText('sources.empty')}</p>
      ${this.mayConnect ? html`<a class="button" href="#/connect">${deskText('sources.connect')}</a>` : nothing}
    `;
  }

  #table() {
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${deskText('sources.name')}</th>
            <th scope="col">${deskText('sources.unit')}</th>
            <th scope="col">${deskText('sources.link')}</th>
            <th scope="col">${deskText('sources.last')}</th>
            <th scope="col" class="number">${deskText('sources.samples')}</th>
            <th scope="col" class="number">${deskText('sources.duplicates')}</th>
            <th scope="col" class="number">${deskText('sources.quarantined')}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            this.sources,
            (source) => source.source,
            (source) => this.#row(source),
          )}
        </tbody>
      </table>
      <p class="hint">${deskText('sources.sinceStart')}</p>
    `;
  }

  #row(source: SourceView) {
    const unit = this.units.get(source.unit);
    const last = source.age === null ? null : this.now - source.age;
    return html`
      <tr class=${source.level}>
        <td>
          <span class="name">${source.name}</span>
          <span class="note">${source.source}${source.recorded ? ` · ${deskText('sources.recorded')}` : ''}</span>
        </td>
        <td><span>${unit ? inLanguage(unit.name) : source.unit}</span></td>
        <td><span class=${source.link}>${deskText(`link.${source.link}`)}</span></td>
        <td>
          ${
            last === null
              ? html`<span>${deskText('sources.never')}</span>`
              : html`<ops-age .time=${last} .now=${this.now} .staleAfter=${source.staleAfter}></ops-age>`
          }
          ${
            source.level === 'bad'
              ? html`<span class="note">${deskText('sources.stale', { span: formatSpan(source.staleAfter * 1000) })}</span>`
              : nothing
          }
        </td>
        <td class="number"><span>${formatNumber(source.samples)}</span></td>
        <td class="number"><span>${formatNumber(source.duplicates)}</span></td>
        <td class="number"><span>${formatNumber(source.quarantined)}</span></td>
      </tr>
    `;
  }
}

customElements.define('ops-sources-tab', OpsSourcesTab);
