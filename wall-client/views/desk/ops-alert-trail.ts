import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { AlertChange } from '#contract/alert.ts';
import type { Unit } from '#contract/people.ts';
import { elementStyles } from '../../elements/theme.ts';
import { coreText } from '../../i18n/core-texts.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatClock, formatMoment } from '../../i18n/format.ts';
import { inLanguage } from '../../i18n/language.ts';
import { ageWords } from './age-words.ts';

/** What happened to one alert, newest first: when, what, who, and the words they left. */
export class OpsAlertTrail extends LitElement {
  static override properties = {
    changes: { attribute: false },
    units: { attribute: false },
    now: { type: Number },
  };

  declare changes: readonly AlertChange[];
  declare units: ReadonlyMap<string, Unit>;
  declare now: number;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
      }
      li {
        display: grid;
        grid-template-columns: 8.5rem 1fr auto;
        gap: 0 1rem;
        padding: 0.55rem 0;
        border-bottom: 1px solid var(--line);
      }
      .when,
      .who {
        color: var(--text-1);
      }
      .age {
        display: block;
        color: var(--text-2);
        font-size: 0.875rem;
      }
      .note {
        color: var(--text-1);
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .who {
        text-align: right;
      }
      @media (max-width: 40rem) {
        li {
          grid-template-columns: 1fr auto;
        }
        .age {
          font-size: 1rem;
        }
        .what {
          grid-column: 1 / -1;
          grid-row: 2;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.changes = [];
    this.units = new Map();
    this.now = 0;
  }

  protected override render() {
    if (this.changes.length === 0) return html`<p class="quiet">${deskText('trail.empty')}</p>`;
    const newestFirst = [...this.changes].sort((a, b) => b.seq - a.seq);
    return html`<ol>${repeat(
      newestFirst,
      (change) => change.seq,
      (change) => this.#change(change),
    )}</ol>`;
  }

  #change(change: AlertChange) {
    const time = new Date(change.at).toISOString();
    return html`
      <li>
        <span class="when">
          <time datetime=${time} title=${formatClock(change.at)}>${formatMoment(change.at, this.now)}</time>
          <span class="age">${ageWords(this.now - change.at)}</span>
        </span>
        <div class="what">
          <p>${changeWords(change, this.units)}</p>
          ${change.note === null ? nothing : html`<p class="note">${change.note}</p>`}
        </div>
        <span class="who">${actorWords(change.actor)}</span>
      </li>
    `;
  }
}

/** One change in words, with what it was changed to. */
export function changeWords({ kind, alert }: AlertChange, units: ReadonlyMap<string, Unit>): string {
  const unit = units.get(alert.unit);
  return deskText(`change.${kind}`, {
    quality: coreText(`quality.${alert.quality}`),
    authenticity: coreText(`authenticity.${alert.authenticity}`),
    handling: coreText(`handling.${alert.handling}`),
    unit: unit ? inLanguage(unit.name) : alert.unit,
  });
}

/** Who did it: a person's username, a machine's name, or the hub itself. */
export function actorWords(actor: string | null): string {
  if (actor === null) return deskText('trail.engine');
  return actor.startsWith('token:') ? deskText('trail.token', { name: actor.slice('token:'.length) }) : actor;
}

customElements.define('ops-alert-trail', OpsAlertTrail);
