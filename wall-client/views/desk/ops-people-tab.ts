import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { ROLES } from '#contract/names.ts';
import type { NewUser, Unit, User } from '#contract/people.ts';
import { HttpError, type HubHttp } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { inLanguage } from '../../i18n/language.ts';
import { controlStyles, pageStyles } from './desk-styles.ts';
import { listOf, Resource, reasonOf } from './resource.ts';

/** Who has an account, and a form for one more where the person may add one. */
export class OpsPeopleTab extends LitElement {
  static override properties = {
    http: { attribute: false },
    units: { attribute: false },
    mayAdd: { type: Boolean },
    busy: { state: true },
    outcome: { state: true },
  };

  declare http: HubHttp;
  declare units: ReadonlyMap<string, Unit>;
  declare mayAdd: boolean;
  declare busy: boolean;
  declare outcome: { readonly bad: boolean; readonly text: string } | null;

  readonly #people = new Resource<readonly User[]>(this);

  static override styles = [
    elementStyles,
    controlStyles,
    pageStyles,
    css`
      form {
        grid-template-columns: repeat(auto-fill, minmax(18rem, 1fr));
        max-width: 64rem;
        margin-top: 1rem;
      }
      form button {
        align-self: start;
        margin-top: 1.65rem;
      }
      .outcome,
      .problem {
        margin-top: 1rem;
      }
    `,
  ];

  constructor() {
    super();
    this.units = new Map();
    this.mayAdd = false;
    this.busy = false;
    this.outcome = null;
  }

  protected override willUpdate(): void {
    if (!this.hasUpdated) this.#load();
  }

  #load = () => {
    void this.#people.load((signal) => listOf<User>(this.http, '/users', signal));
  };

  protected override render() {
    return html`
      <h1>${deskText('people.title')}</h1>
      <p class="lead">${deskText('people.lead')}</p>
      ${this.#list()} ${this.mayAdd ? this.#form() : nothing}
    `;
  }

  #list() {
    const { value, failure } = this.#people;
    if (value === null && failure === null) return html`<p class="empty">${deskText('loading')}</p>`;
    return html`
      ${
        failure === null
          ? nothing
          : html`<p class="problem">${deskText('failed', { reason: failure })}
              <button class="plain" @click=${this.#load}>${deskText('retry')}</button></p>`
      }
      ${value?.length === 0 ? html`<p class="empty">${deskText('people.empty')}</p>` : nothing}
      ${value?.length ? this.#table(value) : nothing}
    `;
  }

  #table(people: readonly User[]) {
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${deskText('people.name')}</th>
            <th scope="col">${deskText('people.username')}</th>
            <th scope="col">${deskText('people.role')}</th>
            <th scope="col">${deskText('people.unit')}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            people,
            ({ username }) => username,
            (person) => html`
              <tr>
                <td>${person.name}</td>
                <td>${person.username}</td>
                <td>${deskText(`role.${person.role}`)}</td>
                <td>${person.unit === null ? html`<span class="quiet">${deskText('people.noUnit')}</span>` : this.#unitName(person.unit)}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    `;
  }

  #form() {
    return html`
      <h2>${deskText('people.add')}</h2>
      <form class="fields" @submit=${this.#add} autocomplete="off">
        <label>${deskText('people.name')} <input name="name" required maxlength="128" autocomplete="off" /></label>
        <label>
          ${deskText('people.username')}
          <input
            name="username"
            required
            maxlength="64"
            pattern="[a-z0-9]([a-z0-9._\\-]{0,62}[a-z0-9])?"
            autocapitalize="none"
            autocomplete="off"
            spellcheck="false"
            aria-describedby="username-hint"
          />
          <span class="hint" id="username-hint">${deskText('people.usernameHint')}</span>
        </label>
        <label>
          ${deskText('people.password')}
          <input name="password" type="password" required minlength="10" maxlength="256" autocomplete="new-password" aria-describedby="password-hint" />
          <span class="hint" id="password-hint">${deskText('people.passwordHint')}</span>
        </label>
        <label>
          ${deskText('people.role')}
          <select name="role">
            ${ROLES.map((role) => html`<option value=${role} ?selected=${role === 'focal-point'}>${deskText(`role.${role}`)}</option>`)}
          </select>
        </label>
        <label>
          ${deskText('people.unit')}
          <select name="unit">
            <option value="">${deskText('people.noUnit')}</option>
            ${[...this.units.values()].map(({ id, name }) => html`<option value=${id}>${inLanguage(name)}</option>`)}
          </select>
        </label>
        <button class="primary" ?disabled=${this.busy}>${deskText(this.busy ? 'action.sending' : 'people.add')}</button>
      </form>
      <p class=${this.outcome?.bad ? 'problem' : 'outcome'} role="status" ?hidden=${this.outcome === null}>
        ${this.outcome?.text}
      </p>
    `;
  }

  #add = (event: SubmitEvent) => {
    event.preventDefault();
    if (this.busy) return;
    const form = event.target as HTMLFormElement;
    const fields = new FormData(form);
    const text = (name: string) => String(fields.get(name) ?? '');
    const unit = text('unit');
    void this.#send(form, {
      name: text('name').trim().normalize('NFC'),
      username: text('username'),
      password: text('password'),
      role: ROLES.find((role) => role === text('role')) ?? 'focal-point',
      unit: unit === '' ? null : unit,
    });
  };

  async #send(form: HTMLFormElement, person: NewUser): Promise<void> {
    this.busy = true;
    this.outcome = null;
    try {
      await this.http.post<User>('/users', person);
      form.reset();
      this.outcome = { bad: false, text: deskText('people.added', { name: person.name }) };
      this.#load();
    } catch (error) {
      const taken = error instanceof HttpError && error.key === 'conflict';
      this.outcome = { bad: true, text: taken ? deskText('people.exists') : reasonOf(error) };
    } finally {
      this.busy = false;
    }
  }

  #unitName(id: string): string {
    const unit = this.units.get(id);
    return unit ? inLanguage(unit.name) : id;
  }
}

customElements.define('ops-people-tab', OpsPeopleTab);
