import { css, html, LitElement, nothing } from 'lit';
import type { Page } from '#contract/primitives.ts';
import type { QuarantineItem } from '#contract/quarantine.ts';
import type { HubHttp } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatMoment } from '../../i18n/format.ts';
import type { SourceView } from '../../state/health-store.ts';
import { ageWords } from './age-words.ts';
import { controlStyles, pageStyles } from './desk-styles.ts';
import { Resource } from './resource.ts';

interface Listing {
  readonly items: readonly QuarantineItem[];
  readonly nextCursor: string | null;
}

/** What could not be understood: the reason in words, the remedy, and the first bytes as text. */
export class OpsQuarantineTab extends LitElement {
  static override properties = {
    http: { attribute: false },
    sources: { attribute: false },
    wholeHub: { type: Boolean },
    now: { type: Number },
    source: { state: true },
  };

  declare http: HubHttp;
  declare sources: readonly SourceView[];
  /** False for a unit's officer: the hub lists one source of theirs at a time. */
  declare wholeHub: boolean;
  declare now: number;
  declare source: string;

  readonly #listing = new Resource<Listing>(this);

  static override styles = [
    elementStyles,
    controlStyles,
    pageStyles,
    css`
      .tools {
        display: flex;
        align-items: end;
        gap: 1rem;
        max-width: 40rem;
        margin-bottom: 1rem;
      }
      .tools label {
        flex: 1;
      }
      article {
        display: grid;
        grid-template-columns: minmax(16rem, 26rem) 1fr;
        gap: 0.5rem 2rem;
        padding: 1rem 0;
        border-bottom: 1px solid var(--line);
      }
      h2 {
        margin: 0;
        font-size: 1.125rem;
      }
      .origin,
      .size {
        color: var(--text-2);
        font-size: 0.9375rem;
        overflow-wrap: anywhere;
      }
      .mend {
        margin-top: 0.35rem;
      }
      .detail {
        margin-top: 0.35rem;
        color: var(--text-1);
        overflow-wrap: anywhere;
      }
      .size {
        margin-top: 0.75rem;
      }
      pre {
        max-height: 12rem;
        margin: 0.25rem 0 0;
        padding: 0.6rem 0.75rem;
        overflow: auto;
        background: var(--bg-0);
        color: var(--text-1);
        font-size: 0.875rem;
        line-height: 1.5;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      @media (max-width: 60rem) {
        article {
          grid-template-columns: 1fr;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.sources = [];
    this.wholeHub = true;
    this.now = 0;
    this.source = '';
  }

  protected override willUpdate(): void {
    if (this.wholeHub) {
      if (!this.hasUpdated) this.#load();
      return;
    }
    const [first] = this.sources;
    if (this.source !== '' || first === undefined) return;
    this.source = first.source;
    this.#load();
  }

  #load = () => {
    void this.#listing.load((signal) => this.#page(undefined, signal));
  };

  #loadMore = () => {
    const known = this.#listing.value;
    if (known?.nextCursor == null) return;
    const cursor = known.nextCursor;
    void this.#listing.load(async (signal) => {
      const next = await this.#page(cursor, signal);
      return { items: [...known.items, ...next.items], nextCursor: next.nextCursor };
    });
  };

  #page(cursor: string | undefined, signal: AbortSignal): Promise<Page<QuarantineItem>> {
    const source = this.source === '' ? undefined : this.source;
    return this.http.get<Page<QuarantineItem>>('/quarantine', { source, limit: 50, cursor }, { signal });
  }

  protected override render() {
    return html`
      <h1>${deskText('quarantine.title')}</h1>
      <p class="lead">${deskText('quarantine.lead')}</p>
      <div class="tools">
        <label>
          ${deskText('quarantine.source')}
          <select @change=${this.#choose}>
            ${this.wholeHub ? html`<option value="">${deskText('quarantine.anySource')}</option>` : nothing}
            ${this.sources.map(({ source, name }) => html`<option value=${source} ?selected=${this.source === source}>${name}</option>`)}
          </select>
        </label>
        <button @click=${this.#load} ?disabled=${this.#listing.loading}>${deskText('refresh')}</button>
      </div>
      ${this.#body()}
    `;
  }

  #body() {
    const { value, failure, loading } = this.#listing;
    return html`
      ${failure === null ? nothing : html`<p class="problem" role="alert">${deskText('failed', { reason: failure })}</p>`}
      ${value === null && loading ? html`<p class="empty">${deskText('loading')}</p>` : nothing}
      ${value?.items.length === 0 ? html`<p class="empty">${deskText('quarantine.empty')}</p>` : nothing}
      ${value?.items.map((item) => this.#item(item))}
      ${
        value?.nextCursor == null
          ? nothing
          : html`<p><button @click=${this.#loadMore} ?disabled=${loading}>${deskText('more')}</button></p>`
      }
    `;
  }

  #item(item: QuarantineItem) {
    const at = Date.parse(item.at);
    const name = this.sources.find(({ source }) => source === item.source)?.name ?? item.source;
    const where = item.topic ?? deskText('quarantine.over', { transport: item.transport.toUpperCase() });
    return html`
      <article>
        <div>
          <h2>${deskText(`reason.${item.reason}`)}</h2>
          <p class="origin">${name ?? deskText('quarantine.unknownSource')}</p>
          <p class="origin">${where}</p>
          <p class="origin"><time datetime=${item.at}>${formatMoment(at, this.now)}</time> · ${ageWords(this.now - at)}</p>
        </div>
        <div>
          <p class="mend">${deskText(`mend.${item.reason}`)}</p>
          <p class="detail">${deskText('quarantine.detail')}: ${item.detail}</p>
          <p class="size">${deskText('quarantine.excerpt')} (${deskText('quarantine.size', { count: item.size })})</p>
          <pre tabindex="0" aria-label=${deskText('quarantine.excerpt')}>${item.excerpt}</pre>
        </div>
      </article>
    `;
  }

  #choose = (event: Event) => {
    this.source = (event.target as HTMLSelectElement).value;
    this.#listing.clear();
    this.#load();
  };
}

customElements.define('ops-quarantine-tab', OpsQuarantineTab);
