import { css, html, LitElement, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { HubHttp } from '../../connection/http.ts';
import { HttpError } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatMoment } from '../../i18n/format.ts';
import { ageWords } from './age-words.ts';
import { controlStyles, pageStyles } from './desk-styles.ts';
import { listOf, Resource, reasonOf } from './resource.ts';

/** A paired screen as `GET /wall-screens` lists it. */
interface PairedScreen {
  readonly id: string;
  readonly wall: string;
  readonly pairedBy: string;
  readonly pairedAt: string;
}

/** Pairs a wall's screen by the code it shows, lists the paired ones, and lets one go. */
export class OpsScreensTab extends LitElement {
  static override properties = {
    http: { attribute: false },
    now: { type: Number },
    busy: { state: true },
    outcome: { state: true },
    leaving: { state: true },
  };

  declare http: HubHttp;
  declare now: number;
  declare busy: boolean;
  declare outcome: { readonly bad: boolean; readonly text: string } | null;
  /** Id of the screen whose unpairing waits for a second word. */
  declare leaving: string | null;

  readonly #screens = new Resource<readonly PairedScreen[]>(this);

  static override styles = [
    elementStyles,
    controlStyles,
    pageStyles,
    css`
      form {
        display: flex;
        align-items: end;
        gap: 1rem;
        max-width: 30rem;
      }
      label {
        flex: 1;
      }
      input[name='code'] {
        font-size: 1.6rem;
        letter-spacing: 0.12em;
        text-transform: uppercase;
      }
      .outcome,
      .problem {
        margin-top: 1rem;
      }
      td {
        vertical-align: middle;
      }
    `,
  ];

  constructor() {
    super();
    this.now = 0;
    this.busy = false;
    this.outcome = null;
    this.leaving = null;
  }

  protected override willUpdate(): void {
    if (!this.hasUpdated) this.#load();
  }

  #load = () => {
    void this.#screens.load((signal) => listOf<PairedScreen>(this.http, '/wall-screens', signal));
  };

  protected override render() {
    return html`
      <h1>${deskText('screens.title')}</h1>
      <p class="lead">${deskText('screens.lead')}</p>
      <form @submit=${this.#pair}>
        <label>
          ${deskText('screens.code')}
          <input name="code" required maxlength="16" autocomplete="off" autocapitalize="characters" spellcheck="false" />
        </label>
        <button class="primary" ?disabled=${this.busy}>
          ${deskText(this.busy ? 'action.sending' : 'screens.pair')}
        </button>
      </form>
      <p class=${this.outcome?.bad ? 'problem' : 'outcome'} role="status" ?hidden=${this.outcome === null}>
        ${this.outcome?.text}
      </p>
      <h2>${deskText('screens.list')}</h2>
      ${this.#list()}
    `;
  }

  #list() {
    const { value, failure } = this.#screens;
    if (value === null && failure === null) return html`<p class="empty">${deskText('loading')}</p>`;
    return html`
      ${
        failure === null
          ? nothing
          : html`<p class="problem">${deskText('failed', { reason: failure })}
              <button class="plain" @click=${this.#load}>${deskText('retry')}</button></p>`
      }
      ${value?.length === 0 ? html`<p class="empty">${deskText('screens.empty')}</p>` : nothing}
      ${value?.length ? this.#table(value) : nothing}
    `;
  }

  #table(screens: readonly PairedScreen[]) {
    return html`
      <table>
        <thead>
          <tr>
            <th scope="col">${deskText('screens.wall')}</th>
            <th scope="col">${deskText('screens.by')}</th>
            <th scope="col">${deskText('screens.at')}</th>
            <th scope="col"><span class="visually-hidden">${deskText('action.title')}</span></th>
          </tr>
        </thead>
        <tbody>
          ${repeat(
            screens,
            ({ id }) => id,
            (screen) => this.#row(screen),
          )}
        </tbody>
      </table>
    `;
  }

  #row(screen: PairedScreen) {
    const at = Date.parse(screen.pairedAt);
    return html`
      <tr>
        <td>${screen.wall}</td>
        <td>${screen.pairedBy}</td>
        <td>${formatMoment(at, this.now)} <span class="quiet">${ageWords(this.now - at)}</span></td>
        <td>${this.leaving === screen.id ? this.#confirm(screen.id) : this.#unpairButton(screen.id)}</td>
      </tr>
    `;
  }

  #unpairButton(id: string) {
    const ask = () => {
      this.leaving = id;
    };
    return html`<button @click=${ask}>${deskText('screens.unpair')}</button>`;
  }

  #confirm(id: string) {
    const keep = () => {
      this.leaving = null;
    };
    return html`
      <p>${deskText('screens.confirm')}</p>
      <div class="row">
        <button class="primary" ?disabled=${this.busy} @click=${() => this.#unpair(id)}>${deskText('screens.unpair')}</button>
        <button @click=${keep}>${deskText('screens.keep')}</button>
      </div>
    `;
  }

  #pair = (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const code = String(new FormData(form).get('code') ?? '')
      .replaceAll(/[\s-]/g, '')
      .toUpperCase();
    void this.#attempt(async () => {
      const { wall } = await this.http.post<{ readonly wall: string }>('/wall-pairings/claim', { code });
      form.reset();
      this.outcome = { bad: false, text: deskText('screens.paired', { wall }) };
    });
  };

  #unpair(id: string): void {
    void this.#attempt(async () => {
      await this.http.delete(`/wall-screens/${encodeURIComponent(id)}`);
      this.leaving = null;
    });
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.outcome = null;
    try {
      await work();
      this.#load();
    } catch (error) {
      const badCode = error instanceof HttpError && error.key === 'not-found' && this.leaving === null;
      this.outcome = { bad: true, text: badCode ? deskText('screens.badCode') : reasonOf(error) };
    } finally {
      this.busy = false;
    }
  }
}

customElements.define('ops-screens-tab', OpsScreensTab);
