import { html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { Alert } from '#contract/alert.ts';
import { CONDITIONS, HANDLINGS, SEVERITIES } from '#contract/names.ts';
import type { Unit } from '#contract/people.ts';
import { elementStyles } from '../../elements/theme.ts';
import '../../elements/ops-severity.ts';
import { coreText } from '../../i18n/core-texts.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { inLanguage } from '../../i18n/language.ts';
import { endedUnseen } from '../../state/alert-store.ts';
import { ageWords } from './age-words.ts';
import { formatRoute } from './desk-route.ts';
import { controlStyles } from './desk-styles.ts';
import { exactValue } from './exact-value.ts';
import { queueStyles } from './ops-alert-queue-styles.ts';
import { isFiltered, NO_FILTER, neighbour, type QueueFilter, queueOf, shelvedCount } from './queue-order.ts';

/**
 * The queue: filters above, alerts below, the worst first. Arrow keys walk through it; the address follows.
 * `ready` is false until the first snapshot came: an empty list before that says nothing.
 * @fires choose `CustomEvent<string>` with the id of the alert the keys went to
 */
export class OpsAlertQueue extends LitElement {
  static override properties = {
    alerts: { attribute: false },
    units: { attribute: false },
    chosen: {},
    ready: { type: Boolean },
    omitted: { type: Number },
    now: { type: Number },
    filter: { state: true },
  };

  declare alerts: readonly Alert[];
  declare units: ReadonlyMap<string, Unit>;
  declare chosen: string | null;
  declare ready: boolean;
  declare omitted: number;
  declare now: number;
  declare filter: QueueFilter;

  static override styles = [elementStyles, controlStyles, queueStyles];

  constructor() {
    super();
    this.alerts = [];
    this.units = new Map();
    this.chosen = null;
    this.ready = false;
    this.omitted = 0;
    this.now = 0;
    this.filter = NO_FILTER;
  }

  /** Goes to the neighbour of the chosen alert, as an arrow key does. */
  step(by: number): void {
    const id = neighbour(queueOf(this.alerts, this.filter), this.chosen, by);
    if (id === null) return;
    this.dispatchEvent(new CustomEvent('choose', { detail: id }));
    void this.updateComplete.then(() => this.#link(id)?.focus());
  }

  protected override render() {
    const shown = queueOf(this.alerts, this.filter);
    return html`
      <header>
        <h1>${deskText('queue.title')}</h1>
        <p class="count">${this.ready ? deskText('queue.count', { count: shown.length }) : deskText('loading')}</p>
      </header>
      ${this.#filters()}
      <div class="list">${shown.length === 0 ? this.#empty() : this.#list(shown)} ${this.#rest()}</div>
    `;
  }

  #filters() {
    return html`
      <div class="filters" role="group" aria-label=${deskText('queue.filters')}>
        ${this.#select('severity', SEVERITIES, (value) => coreText(`severity.${value}`))}
        ${this.#select('condition', CONDITIONS, (value) => coreText(`condition.${value}`))}
        ${this.#select('handling', HANDLINGS, (value) => coreText(`handling.${value}`))}
        ${this.#select('unit', this.#unitsPresent(), (value) => this.#unitName(value))}
        <label class="check">
          <input type="checkbox" .checked=${this.filter.shelved} @change=${this.#toggleShelved} />
          ${deskText('queue.shelved')}
        </label>
        ${
          isFiltered(this.filter)
            ? html`<button class="plain" @click=${this.#clear}>${deskText('queue.clear')}</button>`
            : nothing
        }
      </div>
    `;
  }

  #select<K extends 'severity' | 'condition' | 'handling' | 'unit'>(
    field: K,
    values: readonly NonNullable<QueueFilter[K]>[],
    word: (value: NonNullable<QueueFilter[K]>) => string,
  ) {
    const change = (event: Event) => {
      const { value } = event.target as HTMLSelectElement;
      this.filter = { ...this.filter, [field]: value === '' ? null : value };
    };
    return html`
      <label>
        ${deskText(`axis.${field}`)}
        <select .value=${this.filter[field] ?? ''} @change=${change}>
          <option value="">${deskText('all')}</option>
          ${values.map((value) => html`<option value=${value} ?selected=${this.filter[field] === value}>${word(value)}</option>`)}
        </select>
      </label>
    `;
  }

  #list(shown: readonly Alert[]) {
    const reachable = shown.some((alert) => alert.id === this.chosen) ? this.chosen : shown[0]?.id;
    return html`
      <ul @keydown=${this.#onKey}>
        ${repeat(
          shown,
          (alert) => alert.id,
          (alert) => this.#item(alert, alert.id === reachable),
        )}
      </ul>
    `;
  }

  #item(alert: Alert, reachable: boolean) {
    const ended = endedUnseen(alert);
    const begun = Date.parse(alert.startsAt);
    return html`
      <li>
        <a
          class=${`item ${alert.severity} ${alert.handling === 'new' ? 'new' : ''} ${ended ? 'ended' : ''}`}
          href=${formatRoute({ tab: 'alerts', alert: alert.id })}
          data-id=${alert.id}
          tabindex=${reachable ? 0 : -1}
          aria-current=${alert.id === this.chosen ? 'true' : nothing}
        >
          <span class="line">
            <ops-severity .severity=${alert.severity} .authenticity=${alert.authenticity} .ended=${ended}></ops-severity>
            <span class="age">${ageWords(this.now - begun)}</span>
          </span>
          <span class="line">
            <span class="title">${inLanguage(alert.title)}</span>
            ${alert.value === null ? nothing : html`<span class="value">${exactValue(alert.value, alert.uom)}</span>`}
          </span>
          <span class="line quiet">
            <span>${alert.thing ?? this.#unitName(alert.unit)}</span>
            <span class="handling">${this.#state(alert, ended)}</span>
          </span>
        </a>
      </li>
    `;
  }

  #state(alert: Alert, ended: boolean): string {
    if (ended) return coreText('condition.ended-unseen');
    if (alert.suppressed !== null) return coreText('alert.shelved');
    if (alert.quality === 'missing') return coreText('quality.missing');
    if (alert.condition !== 'firing' && alert.handling === 'new') return coreText(`condition.${alert.condition}`);
    return coreText(`handling.${alert.handling}`);
  }

  #empty() {
    if (!this.ready) return html`<p class="empty">${deskText('loading')}</p>`;
    if (!isFiltered(this.filter)) return html`<p class="empty">${deskText('queue.empty')}</p>`;
    return html`<p class="empty">${deskText('queue.emptyFiltered')}</p>`;
  }

  #rest() {
    const hidden = shelvedCount(this.alerts, this.filter);
    return html`
      ${hidden === 0 ? nothing : html`<p class="rest">${deskText('queue.shelvedHidden', { count: hidden })}</p>`}
      ${this.omitted === 0 ? nothing : html`<p class="rest">${deskText('queue.omitted', { count: this.omitted })}</p>`}
    `;
  }

  #unitsPresent(): string[] {
    return [...new Set(this.alerts.map((alert) => alert.unit))].sort((a, b) =>
      this.#unitName(a).localeCompare(this.#unitName(b), 'vi'),
    );
  }

  #unitName(id: string): string {
    const unit = this.units.get(id);
    return unit ? inLanguage(unit.name) : id;
  }

  #link(id: string): HTMLElement | null {
    return this.renderRoot.querySelector<HTMLElement>(`[data-id="${CSS.escape(id)}"]`);
  }

  #onKey = (event: KeyboardEvent) => {
    // With a modifier the key belongs to the desk, the browser or the input method.
    if (event.altKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1, Home: Number.NEGATIVE_INFINITY, End: Number.POSITIVE_INFINITY }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.step(by);
  };

  #toggleShelved = (event: Event) => {
    this.filter = { ...this.filter, shelved: (event.target as HTMLInputElement).checked };
  };

  #clear = () => {
    this.filter = { ...NO_FILTER, shelved: this.filter.shelved };
  };
}

customElements.define('ops-alert-queue', OpsAlertQueue);
