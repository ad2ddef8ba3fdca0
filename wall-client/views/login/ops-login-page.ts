import { css, html, LitElement } from 'lit';
import type { Principal } from '#contract/people.ts';
import { HubHttp } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { loginTarget } from './login-target.ts';
import './ops-login-form.ts';

/** `/login`: a form, then on to the page that was wanted. Somebody logged in already goes on at once. */
export class OpsLoginPage extends LitElement {
  readonly #http = new HubHttp({ origin: location.origin });

  static override styles = [
    elementStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 26rem);
        place-content: center;
        min-height: 100dvh;
        padding: 1.5rem;
        background: var(--bg-0);
      }
      main {
        padding: 2rem;
        background: var(--bg-1);
      }
      h1 {
        font-size: 1.6rem;
        font-weight: 600;
        line-height: 1.3;
      }
      .product {
        margin-bottom: 1.5rem;
        color: var(--text-1);
      }
      @media (max-width: 30rem) {
        :host {
          align-content: start;
          padding: 0;
          background: var(--bg-1);
        }
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    // A wall's cookie may be here too; whoever opens the login wants to be a person.
    void this.#current().then((principal) => principal?.kind === 'user' && this.#goOn(principal));
  }

  protected override render() {
    return html`
      <main>
        <h1>${deskText('login.title')}</h1>
        <p class="product">${deskText('product')}</p>
        <ops-login-form @entered=${this.#entered}></ops-login-form>
      </main>
    `;
  }

  #entered = async () => {
    this.#goOn(await this.#current());
  };

  #goOn(principal: Principal | null): void {
    location.replace(loginTarget(location.search, principal, location.origin));
  }

  /** Who is logged in; null when nobody is, or when the hub cannot be asked: the form then says so. */
  async #current(): Promise<Principal | null> {
    return await this.#http.get<Principal>('/sessions/current').catch(() => null);
  }
}

customElements.define('ops-login-page', OpsLoginPage);
