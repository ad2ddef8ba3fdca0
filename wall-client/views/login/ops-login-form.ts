import { css, html, LitElement, nothing } from 'lit';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { controlStyles } from '../desk/desk-styles.ts';
import { reasonOf } from '../desk/resource.ts';
import { type LoginOutcome, logIn } from './log-in.ts';

/**
 * Username and password. While the hub wants to be left alone it counts the seconds down and keeps the button shut.
 * @fires entered the hub opened a session
 */
export class OpsLoginForm extends LitElement {
  static override properties = {
    busy: { state: true },
    outcome: { state: true },
    empty: { state: true },
    wait: { state: true },
    shown: { state: true },
  };

  declare private busy: boolean;
  declare private outcome: LoginOutcome | null;
  declare private empty: boolean;
  /** Seconds left until the next attempt. */
  declare private wait: number;
  declare private shown: boolean;
  #timer: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    elementStyles,
    controlStyles,
    css`
      :host {
        display: block;
      }
      form {
        display: grid;
        gap: 1.1rem;
      }
      label {
        font-size: 1rem;
      }
      input:not([type='checkbox']) {
        min-height: 3rem;
        font-size: 1.125rem;
      }
      button {
        min-height: 3rem;
        font-size: 1.125rem;
      }
      .hint {
        color: var(--text-1);
        font-size: 1rem;
      }
    `,
  ];

  constructor() {
    super();
    this.busy = false;
    this.outcome = null;
    this.empty = false;
    this.wait = 0;
    this.shown = false;
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.#timer);
  }

  protected override firstUpdated(): void {
    this.renderRoot.querySelector<HTMLInputElement>('[name=username]')?.focus();
  }

  protected override render() {
    const problem = this.#problem();
    return html`
      <form @submit=${this.#submit} novalidate>
        <label>
          ${deskText('login.username')}
          <input name="username" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="64" />
        </label>
        <label>
          ${deskText('login.password')}
          <input
            name="password"
            type=${this.shown ? 'text' : 'password'}
            autocomplete="current-password"
            autocapitalize="none"
            spellcheck="false"
            maxlength="256"
          />
        </label>
        <label class="check">
          <input type="checkbox" .checked=${this.shown} @change=${this.#toggle} />
          ${deskText('login.show')}
        </label>
        <div role="alert">${problem === null ? nothing : html`<p class="problem">${problem}</p>`}</div>
        <button class="primary" ?disabled=${this.busy || this.wait > 0}>
          ${deskText(this.busy ? 'login.working' : 'login.submit')}
        </button>
        <p class="hint">${deskText('login.help')}</p>
      </form>
    `;
  }

  #problem(): string | null {
    if (this.empty) return deskText('login.empty');
    switch (this.outcome?.kind) {
      case 'wrong':
        return deskText('login.wrong');
      case 'unreachable':
        return deskText('login.unreachable');
      case 'failed':
        return reasonOf(this.outcome.error);
      case 'throttled':
        return this.wait > 0 ? deskText('login.throttled', { seconds: this.wait }) : deskText('login.ready');
      default:
        return null;
    }
  }

  #submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (this.busy || this.wait > 0) return;
    const fields = new FormData(event.target as HTMLFormElement);
    // NFC, as the hub keeps it: the same letters typed on two systems must be the same password.
    const username = String(fields.get('username') ?? '')
      .trim()
      .toLowerCase();
    const password = String(fields.get('password') ?? '').normalize('NFC');
    this.empty = username === '' || password === '';
    if (this.empty) return;
    this.busy = true;
    this.outcome = await logIn(location.origin, username, password);
    this.busy = false;
    if (this.outcome.kind === 'entered') this.dispatchEvent(new Event('entered'));
    if (this.outcome.kind === 'throttled') this.#countDown(this.outcome.seconds);
    if (this.outcome.kind === 'wrong') this.#again();
  };

  #countDown(seconds: number): void {
    clearInterval(this.#timer);
    this.wait = seconds;
    this.#timer = setInterval(() => {
      this.wait = Math.max(0, this.wait - 1);
      if (this.wait === 0) clearInterval(this.#timer);
    }, 1000);
  }

  #again(): void {
    const password = this.renderRoot.querySelector<HTMLInputElement>('[name=password]');
    password?.focus();
    password?.select();
  }

  #toggle = () => {
    this.shown = !this.shown;
  };
}

customElements.define('ops-login-form', OpsLoginForm);
