import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Alert } from '#contract/alert.ts';
import '../../elements/ops-severity.ts';
import { elementStyles } from '../../elements/theme.ts';
import { coreText } from '../../i18n/core-texts.ts';
import { inLanguage } from '../../i18n/language.ts';
import { mobileText } from '../../i18n/mobile-texts.ts';
import { endedUnseen } from '../../state/alert-store.ts';
import { ageWords } from '../desk/age-words.ts';
import { exactValue } from '../desk/exact-value.ts';
import { nextStep } from './next-step.ts';
import { pendingWords } from './pending-words.ts';
import type { PendingCommand } from './phone-memory.ts';
import { phoneStyles } from './phone-styles.ts';

/** The unit's alerts, those with something left to do first. `known` is false while nothing was ever loaded. */
export class OpsPhoneList extends LitElement {
  static override properties = {
    alerts: { attribute: false },
    pending: { attribute: false },
    known: { type: Boolean },
    away: { type: Boolean },
    now: { type: Number },
  };

  declare alerts: readonly Alert[];
  declare pending: readonly PendingCommand[];
  declare known: boolean;
  /** The hub is not heard: figures are the last known ones, and hatched. */
  declare away: boolean;
  declare now: number;

  static override styles = [
    elementStyles,
    phoneStyles,
    css`
      :host {
        display: block;
      }
      h2 {
        padding: 1.25rem 1rem 0.5rem;
        color: var(--text-1);
      }
      .item {
        display: grid;
        grid-template-columns: 6px 1fr;
        min-height: 5rem;
        border-bottom: 1px solid var(--line);
        background: var(--bg-1);
        text-decoration: none;
      }
      .bar {
        background: transparent;
      }
      /* The bar says that nobody has taken it; its colour is the shape's. */
      .new .bar {
        background: var(--info);
      }
      .new.critical .bar {
        background: var(--critical);
      }
      .new.major .bar {
        background: var(--major);
      }
      .new.minor .bar {
        background: var(--minor);
      }
      .new.warning .bar {
        background: var(--warning);
      }
      .ended {
        margin: 0.4rem 0.5rem;
        border: 1px dashed var(--text-1);
      }
      .item.ended.ended .bar {
        background: none;
      }
      .text {
        display: grid;
        gap: 0.15rem;
        padding: 0.8rem 1rem 0.9rem 0.75rem;
        min-width: 0;
      }
      .line {
        display: flex;
        align-items: center;
        justify-content: space-between;
        gap: 1rem;
        color: var(--text-1);
      }
      .line span:first-child {
        min-width: 0;
        overflow-wrap: anywhere;
      }
      .title {
        font-size: 1.125rem;
        line-height: 1.35;
      }
      .new .title {
        font-weight: 600;
      }
      .value {
        flex: none;
        color: var(--text-0);
        font-weight: 600;
      }
      .value.old {
        padding-inline: 0.35rem;
        background: var(--hatch);
        color: var(--text-1);
      }
      .waiting {
        color: var(--text-0);
      }
      .empty {
        padding: 2.5rem 1.25rem;
        color: var(--text-1);
      }
    `,
  ];

  constructor() {
    super();
    this.alerts = [];
    this.pending = [];
    this.known = false;
    this.away = false;
    this.now = 0;
  }

  protected override render() {
    const fired = this.alerts.filter(({ condition }) => condition !== 'pending');
    const open = fired.filter((alert) => nextStep(alert) !== null);
    const handled = fired.filter((alert) => nextStep(alert) === null);
    if (!this.known) return html`<p class="empty">${mobileText('loading')}</p>`;
    return html`
      <h2>${mobileText('list.open')} (${open.length})</h2>
      ${open.length === 0 ? html`<p class="empty">${mobileText('list.empty')}</p>` : this.#list(open)}
      ${handled.length === 0 ? nothing : html`<h2>${mobileText('list.handled')} (${handled.length})</h2> ${this.#list(handled)}`}
    `;
  }

  #list(alerts: readonly Alert[]) {
    return html`<ul>${repeat(
      alerts,
      ({ id }) => id,
      (alert) => this.#item(alert),
    )}</ul>`;
  }

  #item(alert: Alert) {
    const ended = endedUnseen(alert);
    const waiting = this.pending.filter((command) => command.alert === alert.id && command.refused === null).at(-1);
    const state = ended ? coreText('condition.ended-unseen') : coreText(`handling.${alert.handling}`);
    return html`
      <li>
        <a class=${`item ${alert.severity} ${alert.handling === 'new' ? 'new' : ''} ${ended ? 'ended' : ''}`} href=${`#/alerts/${alert.id}`}>
          <span class="bar"></span>
          <span class="text">
            <span class="line">
              <ops-severity .severity=${alert.severity} .authenticity=${alert.authenticity} .ended=${ended}></ops-severity>
              <span>${ageWords(this.now - Date.parse(alert.startsAt))}</span>
            </span>
            <span class="title">${inLanguage(alert.title)}</span>
            <span class="line">
              <span>${alert.thing ?? ''}</span>
              ${alert.value === null ? nothing : html`<span class=${this.away ? 'value old' : 'value'}>${exactValue(alert.value, alert.uom)}</span>`}
            </span>
            <span class="line">
              ${
                waiting
                  ? html`<span class="waiting">${mobileText('list.pending', { action: pendingWords(waiting.command) })}</span>`
                  : html`<span>${state}</span>`
              }
            </span>
          </span>
        </a>
      </li>
    `;
  }
}

customElements.define('ops-phone-list', OpsPhoneList);
