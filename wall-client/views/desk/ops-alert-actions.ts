import { html, LitElement, nothing } from 'lit';
import type { Alert } from '#contract/alert.ts';
import type { Principal, Unit } from '#contract/people.ts';
import { HttpError, type HubHttp } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import { coreText } from '../../i18n/core-texts.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { inLanguage } from '../../i18n/language.ts';
import {
  commandOf,
  DRAFT_FIELDS,
  type Draft,
  type DraftField,
  emptyDraft,
  missingFields,
  SHELVE_MINUTES,
  STATUSES,
  VERIFY_RESULTS,
} from './command-draft.ts';
import { commandOptions, type DeskCommand, likelyNext } from './command-options.ts';
import { ariaKey, DESK_KEYS, type DeskAction, keyLabel } from './desk-keys.ts';
import { controlStyles } from './desk-styles.ts';
import { newIdempotencyKey } from './idempotency-key.ts';
import { actionStyles } from './ops-alert-actions-styles.ts';
import { reasonOf } from './resource.ts';

/**
 * Buttons for what may be done to an alert, and the form of the one chosen. Nothing is taken for done before the hub
 * said so: the button shows that it is being sent, then the answer.
 * @fires done `CustomEvent<Alert>` with the hub's answer
 * @fires keys the keys are to be switched on or off
 */
export class OpsAlertActions extends LitElement {
  static override properties = {
    alert: { attribute: false },
    units: { attribute: false },
    principal: { attribute: false },
    http: { attribute: false },
    keys: { type: Boolean },
    open: { state: true },
    draft: { state: true },
    sending: { state: true },
    outcome: { state: true },
    missing: { state: true },
  };

  declare alert: Alert;
  declare units: ReadonlyMap<string, Unit>;
  declare principal: Principal | null;
  declare http: HubHttp;
  declare keys: boolean;
  declare open: DeskCommand | null;
  declare draft: Draft;
  declare sending: DeskCommand | null;
  declare outcome: { readonly refused: boolean; readonly text: string } | null;
  declare missing: readonly DraftField[];

  #shownFor = '';
  /** Kept while the hub's answer to the last try is unknown, so that trying again cannot do it twice. */
  #key: string | null = null;

  static override styles = [elementStyles, controlStyles, actionStyles];

  constructor() {
    super();
    this.units = new Map();
    this.principal = null;
    this.keys = true;
    this.open = null;
    this.draft = {};
    this.sending = null;
    this.outcome = null;
    this.missing = [];
  }

  /** What a key stands for; ignored when it is not offered now. */
  perform(action: DeskAction): void {
    const command = commandOptions(this.principal, this.alert).find((offered) => offered === action);
    if (command !== undefined) this.#choose(command);
  }

  protected override willUpdate(): void {
    if (this.#shownFor === this.alert.id) return;
    this.#shownFor = this.alert.id;
    this.#close();
    this.outcome = null;
  }

  protected override render() {
    const offered = commandOptions(this.principal, this.alert);
    if (offered.length === 0) return html`<p class="quiet">${deskText('action.readOnly')}</p>`;
    const primary = likelyNext(offered);
    return html`
      <div class="row" role="group" aria-label=${deskText('action.title')}>
        ${offered.map((command) => this.#button(command, command === primary))}
        <label class="check">
          <input type="checkbox" .checked=${this.keys} @change=${this.#switchKeys} />
          ${deskText('action.keys')}
        </label>
      </div>
      ${this.open === null ? nothing : this.#form(this.open)}
      <p class=${this.outcome?.refused ? 'problem' : 'outcome'} role="status" ?hidden=${this.outcome === null}>
        ${this.outcome?.text}
      </p>
    `;
  }

  #button(command: DeskCommand, primary: boolean) {
    const busy = this.sending === command;
    const key = command in DESK_KEYS && this.keys ? (command as DeskAction) : null;
    return html`
      <button
        class=${primary ? 'primary' : ''}
        ?disabled=${this.sending !== null}
        aria-expanded=${DRAFT_FIELDS[command].length === 0 ? nothing : this.open === command}
        aria-keyshortcuts=${key === null ? nothing : ariaKey(key)}
        @click=${() => this.#choose(command)}
      >
        ${busy ? deskText('action.sending') : deskText(`action.${command}`)}
        ${key === null ? nothing : html`<kbd>${keyLabel(key)}</kbd>`}
      </button>
    `;
  }

  #form(command: DeskCommand) {
    return html`
      <form @submit=${this.#submit} novalidate>
        <div class="fields">${DRAFT_FIELDS[command].map((field) => this.#field(field, command))}</div>
        <div class="row">
          <button class="primary" ?disabled=${this.sending !== null}>
            ${deskText(this.sending === null ? 'action.send' : 'action.sending')}
          </button>
          <button type="button" class="plain" @click=${this.#cancel}>${deskText('cancel')}</button>
        </div>
      </form>
    `;
  }

  #field(field: DraftField, command: DeskCommand) {
    switch (field) {
      case 'status':
        return this.#select(field, deskText('form.status'), STATUSES, (value) => deskText(`form.status.${value}`));
      case 'result':
        return this.#select(field, deskText('form.result'), VERIFY_RESULTS, (value) =>
          coreText(`authenticity.${value}`),
        );
      case 'span':
        return this.#select(field, deskText('form.span'), SHELVE_MINUTES.map(String), spanWords);
      case 'unit':
        return this.#select(field, deskText('form.unit'), [...this.units.keys()], (id) => this.#unitName(id));
      case 'user':
        return html`<label>${deskText('form.user')} ${deskText('optional')}
          <input name="user" autocomplete="off" maxlength="64" @input=${this.#type} /></label>`;
      case 'text':
        return this.#text(command);
    }
  }

  #text(command: DeskCommand) {
    const label = {
      comment: deskText('form.comment'),
      shelve: deskText('form.reason'),
      resolve: deskText('form.resolveWhy'),
      verify: deskText('form.evidence'),
    }[command as string];
    const optional = missingFields(command, { ...this.draft, text: '' }).length === 0;
    const wrong = this.missing.includes('text');
    return html`
      <label>
        ${label ?? deskText('form.note')} ${optional ? deskText('optional') : nothing}
        <textarea
          name="text"
          maxlength="4000"
          aria-invalid=${wrong}
          aria-describedby=${wrong ? 'missing' : nothing}
          @input=${this.#type}
        ></textarea>
        ${wrong ? html`<span id="missing" class="hint">${deskText('form.required')}</span>` : nothing}
      </label>
    `;
  }

  #select<T extends string>(field: DraftField, label: string, values: readonly T[], word: (value: T) => string) {
    return html`
      <label>
        ${label}
        <select name=${field} @change=${this.#type}>
          ${values.map((value) => html`<option value=${value} ?selected=${this.draft[field] === value}>${word(value)}</option>`)}
        </select>
      </label>
    `;
  }

  #choose(command: DeskCommand): void {
    if (this.sending !== null) return;
    this.outcome = null;
    this.#key = null;
    if (DRAFT_FIELDS[command].length === 0) {
      this.open = null;
      void this.#send(command, {});
      return;
    }
    if (this.open === command) {
      this.#cancel();
      return;
    }
    this.open = command;
    this.draft = emptyDraft(this.alert.unit);
    this.missing = [];
    void this.updateComplete.then(() =>
      this.renderRoot.querySelector<HTMLElement>('form :is(input, select, textarea)')?.focus(),
    );
  }

  #type = (event: Event) => {
    const { name, value } = event.target as HTMLInputElement;
    this.draft = { ...this.draft, [name]: value };
    this.#key = null;
  };

  #submit = (event: Event) => {
    event.preventDefault();
    if (this.open === null || this.sending !== null) return;
    this.missing = missingFields(this.open, this.draft);
    if (this.missing.length > 0) return this.renderRoot.querySelector('textarea')?.focus();
    void this.#send(this.open, this.draft);
  };

  async #send(command: DeskCommand, draft: Draft): Promise<void> {
    const { id } = this.alert;
    const action = deskText(`action.${command}`);
    this.sending = command;
    this.#key ??= newIdempotencyKey();
    try {
      const body = commandOf(command, draft, Date.now());
      const alert = await this.http.post<Alert>(`/alerts/${id}/commands`, body, { idempotencyKey: this.#key });
      this.#key = null;
      this.dispatchEvent(new CustomEvent<Alert>('done', { detail: alert, bubbles: true, composed: true }));
      this.#tell(id, { refused: false, text: deskText('action.done', { action }) });
      if (this.open === command) this.#close();
    } catch (error) {
      if (!isUncertain(error)) this.#key = null;
      this.#tell(id, { refused: true, text: deskText('action.refused', { action, reason: reasonOf(error) }) });
    } finally {
      this.sending = null;
    }
  }

  /** The answer belongs to the alert it was sent for; by now another may be shown. */
  #tell(id: string, outcome: { readonly refused: boolean; readonly text: string }): void {
    if (this.alert.id === id) this.outcome = outcome;
  }

  #switchKeys = () => {
    this.dispatchEvent(new Event('keys', { bubbles: true, composed: true }));
  };

  #cancel = () => {
    const was = this.open;
    this.#close();
    void this.updateComplete.then(() => {
      const offered = commandOptions(this.principal, this.alert);
      const at = was === null ? -1 : offered.indexOf(was);
      this.renderRoot.querySelectorAll<HTMLElement>('[role=group] button')[at]?.focus();
    });
  };

  #close(): void {
    this.open = null;
    this.draft = {};
    this.missing = [];
    this.#key = null;
  }

  #unitName(id: string): string {
    const unit = this.units.get(id);
    return unit ? inLanguage(unit.name) : id;
  }
}

function spanWords(minutes: string): string {
  const count = Number(minutes);
  return count < 60 ? deskText('form.minutes', { count }) : deskText('form.hours', { count: count / 60 });
}

/** The command may have been done although no answer came. */
function isUncertain(error: unknown): boolean {
  return error instanceof HttpError && ['offline', 'timeout', 'unavailable', 'unexpected'].includes(error.key);
}

customElements.define('ops-alert-actions', OpsAlertActions);
