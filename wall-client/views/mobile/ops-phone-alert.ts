import { html, LitElement, nothing } from 'lit';
import type { Alert, AlertChange, AlertCommand } from '#contract/alert.ts';
import type { Principal, Unit } from '#contract/people.ts';
import type { HubHttp } from '../../connection/http.ts';
import '../../elements/ops-severity.ts';
import { elementStyles } from '../../elements/theme.ts';
import { coreText } from '../../i18n/core-texts.ts';
import { formatMoment, formatNumber } from '../../i18n/format.ts';
import { inLanguage } from '../../i18n/language.ts';
import { mobileText } from '../../i18n/mobile-texts.ts';
import { endedUnseen } from '../../state/alert-store.ts';
import { ageWords } from '../desk/age-words.ts';
import { commandOptions } from '../desk/command-options.ts';
import { exactValue } from '../desk/exact-value.ts';
import '../desk/ops-alert-trail.ts';
import { listOf, Resource, reasonOf } from '../desk/resource.ts';
import { type NextStep, nextStep, stepCommand } from './next-step.ts';
import { phoneAlertStyles } from './ops-phone-alert-styles.ts';
import { MOST_PENDING, type PendingCommands } from './pending-commands.ts';
import { pendingWords } from './pending-words.ts';
import type { PendingCommand } from './phone-memory.ts';
import { phoneStyles } from './phone-styles.ts';

/** Milliseconds the next step waits after an answer. */
const REST = 1000;

/** One alert in the hand: what it is, and the one next action as a large button within reach of the thumb. */
export class OpsPhoneAlert extends LitElement {
  static override properties = {
    alert: { attribute: false },
    units: { attribute: false },
    principal: { attribute: false },
    http: { attribute: false },
    commands: { attribute: false },
    pending: { attribute: false },
    online: { type: Boolean },
    away: { type: Boolean },
    now: { type: Number },
    sending: { state: true },
    resting: { state: true },
    outcome: { state: true },
    writing: { state: true },
  };

  declare alert: Alert;
  declare units: ReadonlyMap<string, Unit>;
  declare principal: Principal | null;
  declare http: HubHttp;
  declare commands: PendingCommands;
  /** Kept commands of this alert. */
  declare pending: readonly PendingCommand[];
  declare online: boolean;
  /** The hub is not heard: what is shown is what the phone remembers. */
  declare away: boolean;
  declare now: number;
  declare private sending: boolean;
  /** The button rests after an answer: the next step lies under the same thumb, and a double tap must not do two. */
  declare private resting: boolean;
  declare private outcome: { readonly bad: boolean; readonly text: string } | null;
  declare private writing: boolean;

  readonly #trail = new Resource<readonly AlertChange[]>(this);
  #trailOf = '';

  static override styles = [elementStyles, phoneStyles, phoneAlertStyles];

  constructor() {
    super();
    this.units = new Map();
    this.principal = null;
    this.pending = [];
    this.online = false;
    this.away = false;
    this.now = 0;
    this.sending = false;
    this.resting = false;
    this.outcome = null;
    this.writing = false;
  }

  protected override willUpdate(): void {
    const { id, seq } = this.alert;
    const wanted = `${id} ${seq} ${this.online}`;
    if (wanted === this.#trailOf) return;
    if (!this.#trailOf.startsWith(id)) {
      this.#trail.clear();
      this.outcome = null;
      this.writing = false;
    }
    this.#trailOf = wanted;
    if (this.online) {
      void this.#trail.load((signal) => listOf<AlertChange>(this.http, `/alerts/${id}/history`, signal));
    }
  }

  protected override render() {
    const { alert } = this;
    const ended = endedUnseen(alert);
    return html`
      <article>
        <header class=${alert.severity}>
          <ops-severity .severity=${alert.severity} .authenticity=${alert.authenticity} .ended=${ended}></ops-severity>
          <h1 tabindex="-1">${inLanguage(alert.title)}</h1>
          ${alert.value === null ? nothing : this.#value(alert.value)}
          <p class="thing">${alert.thing ?? ''}</p>
          ${this.#place()}
        </header>
        <dl>${this.#facts(ended)}</dl>
        <section>
          <h2>${mobileText('alert.history')}</h2>
          ${this.#history()}
        </section>
      </article>
      <footer>
        <div class="stack" role="status" ?hidden=${this.pending.length === 0 && this.outcome === null}>
          ${this.#kept()}
          ${this.outcome === null ? nothing : html`<p class=${this.outcome.bad ? 'problem' : 'told'}>${this.outcome.text}</p>`}
        </div>
        ${this.writing ? this.#commentForm() : this.#buttons()}
      </footer>
    `;
  }

  #value(value: number) {
    // Without the hub even a figure that was live is the last known one.
    const fresh = this.alert.quality === 'live' && !this.away;
    return html`<p class=${fresh ? 'value' : 'value old'}>${exactValue(value, this.alert.uom)}</p>`;
  }

  #place() {
    const { location } = this.alert;
    if (location === null) return nothing;
    const [longitude, latitude] = location.coordinates;
    // geo: (RFC 5870) opens the phone's own map, whichever it is; the hub's pages call nobody else's.
    return html`<a class="place" href=${`geo:${latitude},${longitude}?q=${latitude},${longitude}`}>
      ${mobileText('alert.openMap')} (${formatNumber(latitude, 4)}; ${formatNumber(longitude, 4)})
    </a>`;
  }

  #facts(ended: boolean) {
    const { alert } = this;
    return [
      fact('alert.condition', coreText(ended ? 'condition.ended-unseen' : `condition.${alert.condition}`)),
      fact('alert.handling', coreText(`handling.${alert.handling}`)),
      fact('alert.began', this.#moment(alert.startsAt)),
      alert.endsAt === null ? nothing : fact('alert.ended', this.#moment(alert.endsAt)),
      alert.acknowledgedBy === null ? nothing : fact('alert.acknowledgedBy', alert.acknowledgedBy),
      alert.assignee === null ? nothing : fact('alert.assignee', alert.assignee),
      fact('alert.authenticity', coreText(`authenticity.${alert.authenticity}`)),
      fact('alert.quality', coreText(`quality.${alert.quality}`)),
    ];
  }

  #moment(time: string) {
    const at = Date.parse(time);
    return html`<time datetime=${time}>${formatMoment(at, this.now)}</time>, ${ageWords(this.now - at)}`;
  }

  #history() {
    const { value, failure } = this.#trail;
    if (value !== null)
      return html`<ops-alert-trail .changes=${value} .units=${this.units} .now=${this.now}></ops-alert-trail>`;
    if (!this.online) return html`<p class="quiet">${mobileText('offline')}</p>`;
    const text = failure === null ? mobileText('loading') : mobileText('list.failed', { reason: failure });
    return html`<p class="quiet">${text}</p>`;
  }

  #kept() {
    return this.pending.map(({ id, command, at, refused }) => {
      const action = pendingWords(command);
      if (refused === null) {
        const time = formatMoment(at, this.now);
        return html`<p class="kept">${mobileText('pending.waiting', { action, time })}</p>`;
      }
      return html`
        <div class="problem stack">
          <p>${mobileText('pending.refused', { action, reason: refused })}</p>
          <button @click=${() => void this.commands.dismiss(id)}>${mobileText('pending.dismiss')}</button>
        </div>
      `;
    });
  }

  #buttons() {
    const offered = commandOptions(this.principal, this.alert);
    const step = nextStep(this.alert);
    const may = step !== null && offered.includes(step === 'acknowledge' ? 'acknowledge' : 'report-status');
    // Another tap on what already waits to be sent would be a second report of the same.
    const waiting = this.pending.some(({ refused, command }) => refused === null && command.type !== 'comment');
    if (offered.length === 0) return html`<p class="quiet">${mobileText('alert.readOnly')}</p>`;
    return html`
      ${step === null ? html`<p class="quiet">${mobileText('alert.noNext')}</p>` : nothing}
      <div class="actions">
        ${offered.includes('comment') ? html`<button @click=${this.#write}>${mobileText('alert.comment')}</button>` : nothing}
        ${
          may
            ? html`<button class="primary" ?disabled=${this.sending || this.resting || waiting} @click=${() => this.#step(step)}>
                ${mobileText(this.sending ? 'step.sending' : waiting ? 'step.waiting' : `step.${step}`)}
              </button>`
            : nothing
        }
      </div>
    `;
  }

  #commentForm() {
    return html`
      <form class="stack" @submit=${this.#comment}>
        <label>${mobileText('alert.commentLabel')} <textarea name="text" maxlength="4000" required></textarea></label>
        <div class="actions">
          <button type="button" @click=${this.#unwrite}>${mobileText('alert.cancel')}</button>
          <button class="primary" ?disabled=${this.sending}>
            ${mobileText(this.sending ? 'step.sending' : 'alert.sendComment')}
          </button>
        </div>
      </form>
    `;
  }

  #write = () => {
    this.writing = true;
    this.outcome = null;
    void this.updateComplete.then(() => this.renderRoot.querySelector('textarea')?.focus());
  };

  #unwrite = () => {
    this.writing = false;
  };

  #comment = (event: SubmitEvent) => {
    event.preventDefault();
    const text = String(new FormData(event.target as HTMLFormElement).get('text') ?? '').trim();
    if (text !== '') void this.#submit({ type: 'comment', text });
  };

  #step(step: NextStep): void {
    void this.#submit(stepCommand(step, ''));
  }

  #rest(): void {
    this.resting = true;
    setTimeout(() => {
      this.resting = false;
    }, REST);
  }

  async #submit(command: AlertCommand): Promise<void> {
    if (this.sending) return;
    const { id } = this.alert;
    const action = pendingWords(command);
    this.sending = true;
    this.outcome = null;
    const result = await this.commands.submit(id, command);
    this.sending = false;
    if (result.kind === 'done') this.#rest();
    if (this.alert.id !== id) return;
    this.writing = this.writing && result.kind === 'refused';
    switch (result.kind) {
      case 'done':
        this.outcome = { bad: false, text: mobileText('step.done', { action }) };
        break;
      case 'kept':
        // It stands above the buttons until it is sent.
        break;
      case 'full':
        this.outcome = { bad: true, text: mobileText('step.full', { count: MOST_PENDING }) };
        break;
      case 'refused':
        this.outcome = { bad: true, text: mobileText('step.refused', { action, reason: reasonOf(result.error) }) };
    }
  }
}

const fact = (name: Parameters<typeof mobileText>[0], value: unknown) =>
  html`<div><dt>${mobileText(name)}</dt><dd>${value}</dd></div>`;

customElements.define('ops-phone-alert', OpsPhoneAlert);
