import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Alert } from '#contract/alert.ts';
import { SEVERITIES, type Severity } from '#contract/names.ts';
import '../elements/ops-alert-row.ts';
import '../elements/ops-severity.ts';
import '../elements/ops-state.ts';
import { elementStyles } from '../elements/theme.ts';
import { coreText } from '../i18n/core-texts.ts';
import { wallText } from '../i18n/wall-texts.ts';
import { listedAlerts } from './listed-alerts.ts';

/** More at once nobody takes in from afar. */
const MOST = 7;

/**
 * The alerts, as many as there is room for in full letters, at most seven. The heading counts all that go on, the foot
 * those that ended unseen.
 *
 * - `alerts`: as the store sorts them; `ready`: false until the first snapshot came
 * - `omitted`: open alerts the hub did not send for their number
 */
export class OpsAlertList extends LitElement {
  static override properties = {
    alerts: { attribute: false },
    unitName: { attribute: false },
    ready: { type: Boolean },
    omitted: { type: Number },
    now: { type: Number },
    room: { state: true },
  };

  declare alerts: readonly Alert[];
  declare unitName: (unit: string) => string;
  declare ready: boolean;
  declare omitted: number;
  declare now: number;
  declare private room: number;
  #observer: ResizeObserver | null = null;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 0.6rem;
        padding: 0.1rem 0.7rem;
        border-bottom: 0.12rem solid var(--bg-0);
      }
      h2 {
        font-size: var(--size-1);
        color: var(--text-1);
      }
      .count {
        display: inline-flex;
        align-items: center;
        gap: 0.25rem;
      }
      .count ops-severity {
        font-size: 0.8rem;
      }
      ol {
        flex: 1;
        min-height: 0;
        overflow: hidden;
      }
      .beyond {
        visibility: hidden;
      }
      footer {
        padding: 0 0.7rem 0.1rem;
        border-top: 0.06rem solid var(--line);
        color: var(--text-1);
        font-size: 0.8rem;
      }
      li + li {
        border-top: 0.06rem solid var(--line);
      }
    `,
  ];

  constructor() {
    super();
    this.alerts = [];
    this.unitName = (unit) => unit;
    this.ready = false;
    this.omitted = 0;
    this.now = 0;
    this.room = MOST;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#observer = new ResizeObserver(() => this.#fit());
    this.#observer.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#observer?.disconnect();
  }

  protected override updated(): void {
    this.#fit();
  }

  /** Rows differ in height with their titles: those count that are seen whole. */
  #fit(): void {
    const list = this.renderRoot.querySelector('ol');
    if (!list) return;
    const end = list.getBoundingClientRect().bottom + 1;
    const whole = [...list.children].filter((row) => row.getBoundingClientRect().bottom <= end).length;
    const room = Math.max(1, whole);
    if (list.children.length > 0 && room !== this.room) this.room = room;
  }

  protected override render() {
    const { active, ended } = listedAlerts(this.alerts);
    const count = active.length + this.omitted;
    const shown = Math.min(count, this.room);
    const title = count > shown ? wallText('alerts.part', { shown, count }) : wallText('alerts.title');
    return html`
      <header><h2>${title}</h2>${this.#counts(active)}</header>
      ${this.#body([...active, ...ended])}
      ${ended.length > 0 ? html`<footer>${wallText('alerts.ended', { count: ended.length })}</footer>` : nothing}
    `;
  }

  #body(listed: readonly Alert[]) {
    if (!this.ready) return html`<ops-state state="loading" .text=${wallText('alerts.waiting')}></ops-state>`;
    if (listed.length === 0) {
      return html`<ops-state
        state="empty"
        .text=${wallText('alerts.none')}
        .detail=${wallText('alerts.none.hint')}
      ></ops-state>`;
    }
    // A row beyond the room is laid out all the same, unseen: only so is it known when there is room for it again.
    return html`
      <ol>
        ${repeat(
          listed.slice(0, MOST),
          (alert) => alert.id,
          (alert, index) => html`<li class=${index < this.room ? '' : 'beyond'}>
            <ops-alert-row .alert=${alert} .unitName=${this.unitName(alert.unit)} .now=${this.now}></ops-alert-row>
          </li>`,
        )}
      </ol>
    `;
  }

  #counts(listed: readonly Alert[]) {
    const counts = new Map<Severity, number>();
    for (const alert of listed) counts.set(alert.severity, (counts.get(alert.severity) ?? 0) + 1);
    return SEVERITIES.flatMap((severity) => {
      const count = counts.get(severity);
      if (count === undefined) return [];
      const title = `${count} ${coreText(`severity.${severity}`)}`;
      return [
        html`<span class="count" title=${title}>
          <ops-severity quiet plain .severity=${severity}></ops-severity>${count}
        </span>`,
      ];
    });
  }
}

customElements.define('ops-alert-list', OpsAlertList);
