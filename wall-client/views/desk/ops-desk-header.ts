import { css, html, LitElement, nothing } from 'lit';
import type { Principal, Unit } from '#contract/people.ts';
import '../../elements/ops-link.ts';
import { elementStyles } from '../../elements/theme.ts';
import { coreText } from '../../i18n/core-texts.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatClock } from '../../i18n/format.ts';
import { inLanguage } from '../../i18n/language.ts';
import type { HealthStore } from '../../state/health-store.ts';
import { ageWords } from './age-words.ts';
import type { DeskTab } from './desk-route.ts';
import { controlStyles } from './desk-styles.ts';

/**
 * The line above everything: where one is, who one is, the hub's time, and whether the hub is heard.
 * The way past it, for keyboards, comes as its child.
 * @fires leave log out
 */
export class OpsDeskHeader extends LitElement {
  static override properties = {
    tabs: { attribute: false },
    tab: {},
    principal: { attribute: false },
    health: { attribute: false },
    units: { attribute: false },
    now: { type: Number },
  };

  declare tabs: readonly DeskTab[];
  declare tab: DeskTab;
  declare principal: Principal | null;
  declare health: HealthStore;
  declare units: ReadonlyMap<string, Unit>;
  declare now: number;

  static override styles = [
    elementStyles,
    controlStyles,
    css`
      :host {
        display: block;
        background: var(--bg-1);
        border-bottom: 2px solid var(--bg-0);
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: stretch;
        gap: 0 1.25rem;
        min-height: 3.25rem;
        padding: 0 1.25rem;
      }
      .name,
      .status {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }
      .name {
        font-weight: 600;
      }
      nav {
        display: flex;
        flex: 1;
        flex-wrap: wrap;
      }
      nav a {
        display: flex;
        align-items: center;
        padding: 0.6rem 0.75rem;
        border-block: 3px solid transparent;
        color: var(--text-1);
        text-decoration: none;
      }
      nav a:hover {
        color: var(--text-0);
      }
      nav a[aria-current] {
        border-bottom-color: var(--text-0);
        color: var(--text-0);
        font-weight: 600;
      }
      nav a:focus-visible {
        outline-offset: -3px;
      }
      .status {
        flex-wrap: wrap;
        gap: 0.25rem 1rem;
        color: var(--text-1);
      }
      time {
        color: var(--text-0);
        font-weight: 600;
      }
      .who {
        text-align: right;
        line-height: 1.25;
      }
      .who span {
        display: block;
        color: var(--text-2);
        font-size: 0.875rem;
      }
      .banner {
        padding: 0.5rem 1.25rem;
        border-top: 2px solid var(--bg-0);
        background: var(--bg-2);
      }
      .banner.slim {
        padding-block: 0.15rem;
        background: none;
        font-size: 0.875rem;
      }
      .banner.alarm {
        background: var(--text-0);
        color: var(--bg-0);
        font-weight: 600;
      }
    `,
  ];

  constructor() {
    super();
    this.tabs = [];
    this.tab = 'alerts';
    this.principal = null;
    this.units = new Map();
    this.now = 0;
  }

  protected override render() {
    const { link } = this.health;
    return html`
      <header class="bar">
        <slot></slot>
        <p class="name" title=${deskText('product')}>${deskText('short')} <span class="quiet">${deskText('desk')}</span></p>
        <nav aria-label=${deskText('areas')}>
          ${this.tabs.map(
            (tab) =>
              html`<a href=${`#/${tab}`} aria-current=${tab === this.tab ? 'page' : nothing}>${deskText(`tab.${tab}`)}</a>`,
          )}
        </nav>
        <div class="status">
          <ops-link inline .state=${link.state}></ops-link>
          <time>${formatClock(this.now)}</time>
          <p class="who">${this.#who()}</p>
          <button class="plain" @click=${() => this.dispatchEvent(new Event('leave'))}>${deskText('logOut')}</button>
        </div>
      </header>
      ${this.#banner()}
    `;
  }

  #who() {
    const { principal } = this;
    if (principal === null || principal.kind === 'wall') return nothing;
    const unit = principal.unit === null ? undefined : this.units.get(principal.unit);
    const about = [deskText(`role.${principal.role}`), unit ? inLanguage(unit.name) : null];
    return html`${principal.name} <span>${about.filter(Boolean).join(', ')}</span>`;
  }

  #banner() {
    const { link, degraded, evaluation } = this.health;
    const parts = degraded.map(({ part, reason }) => `${part} (${reason})`).join('; ');
    const lost = link.state === 'lost' || link.state === 'silent';
    // Only the words that stay the same are announced: an age that grows would be read out every second.
    return html`
      ${
        lost
          ? html`<p class="banner alarm">
              <span role="alert">${coreText(`link.bar.${link.state}`)}.</span> ${this.#lastHeard(link.heardAt)}
            </p>`
          : nothing
      }
      ${degraded.length === 0 ? nothing : html`<p class="banner" role="alert">${deskText('degraded', { parts })}</p>`}
      ${evaluation ? html`<p class="banner slim quiet">${deskText('evaluation')}</p>` : nothing}
    `;
  }

  #lastHeard(heardAt: number | null): string {
    if (heardAt === null) return coreText('link.never');
    // The link keeps the page's clock, since without the hub there is no other.
    return coreText('link.since', { time: formatClock(heardAt), age: ageWords(Date.now() - heardAt) });
  }
}

customElements.define('ops-desk-header', OpsDeskHeader);
