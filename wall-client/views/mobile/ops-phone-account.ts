import { css, html, LitElement, nothing } from 'lit';
import type { Principal, Unit } from '#contract/people.ts';
import { HttpError } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { inLanguage } from '../../i18n/language.ts';
import { type MobileTextKey, mobileText } from '../../i18n/mobile-texts.ts';
import { reasonOf } from '../desk/resource.ts';
import { phoneStyles } from './phone-styles.ts';
import type { PushEnrolment } from './push-enrolment.ts';
import type { PushState } from './push-state.ts';

/** How a state that the page cannot mend is mended by the person. */
const REMEDY: Partial<Readonly<Record<PushState, MobileTextKey>>> = {
  denied: 'push.deniedMend',
  install: 'push.installMend',
  insecure: 'push.insecureMend',
  unsupported: 'push.unsupportedMend',
};

/**
 * Who is logged in on this phone, and whether it rings: explained before the browser asks, shown afterwards, tried.
 * @fires leave log out; the page asks again when something is still unsent
 */
export class OpsPhoneAccount extends LitElement {
  static override properties = {
    principal: { attribute: false },
    units: { attribute: false },
    push: { attribute: false },
    pushState: {},
    unsent: { type: Number },
    busy: { state: true },
    outcome: { state: true },
    leaving: { state: true },
  };

  declare principal: Principal | null;
  declare units: ReadonlyMap<string, Unit>;
  declare push: PushEnrolment;
  declare pushState: PushState;
  declare unsent: number;
  declare private busy: 'enable' | 'test' | 'disable' | null;
  declare private outcome: { readonly bad: boolean; readonly text: string } | null;
  declare private leaving: boolean;

  static override styles = [
    elementStyles,
    phoneStyles,
    css`
      :host {
        display: block;
        padding: 1rem 1rem 2.5rem;
      }
      section {
        padding: 1rem 0 1.75rem;
      }
      h1 {
        font-size: 1.5rem;
        font-weight: 600;
      }
      h2 {
        margin-bottom: 0.5rem;
        font-size: 1.25rem;
        font-weight: 600;
      }
      .state {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        font-size: 1.125rem;
      }
      .mark {
        flex: none;
        width: 0.9rem;
        height: 0.9rem;
        border: 2px solid var(--text-0);
        border-radius: 50%;
      }
      .on .mark {
        background: var(--text-0);
      }
      .explain {
        color: var(--text-1);
      }
    `,
  ];

  constructor() {
    super();
    this.principal = null;
    this.units = new Map();
    this.pushState = 'off';
    this.unsent = 0;
    this.busy = null;
    this.outcome = null;
    this.leaving = false;
  }

  protected override render() {
    return html`
      <h1>${mobileText('account')}</h1>
      <section class="stack">
        <h2>${mobileText('push.title')}</h2>
        <p class=${`state ${this.pushState}`}><span class="mark" aria-hidden="true"></span>${mobileText(`push.${this.pushState}`)}</p>
        ${this.#choices()}
        <p class=${this.outcome?.bad ? 'problem' : 'explain'} role="status" ?hidden=${this.outcome === null}>
          ${this.outcome?.text}
        </p>
      </section>
      <section class="stack">${this.#person()} ${this.leaving ? this.#confirm() : this.#leaveButton()}</section>
    `;
  }

  #choices() {
    const remedy = REMEDY[this.pushState];
    if (remedy !== undefined) return html`<p class="explain">${mobileText(remedy)}</p>`;
    if (this.pushState === 'on') {
      return html`
        <button ?disabled=${this.busy !== null} @click=${this.#test}>
          ${mobileText(this.busy === 'test' ? 'push.testing' : 'push.test')}
        </button>
        <button ?disabled=${this.busy !== null} @click=${this.#disable}>${mobileText('push.disable')}</button>
      `;
    }
    return html`
      <p class="explain">${mobileText('push.explain')}</p>
      <button class="primary" ?disabled=${this.busy !== null} @click=${this.#enable}>
        ${mobileText(this.busy === 'enable' ? 'push.working' : 'push.enable')}
      </button>
    `;
  }

  #person() {
    const { principal } = this;
    if (principal === null || principal.kind === 'wall') return nothing;
    const unit = principal.unit === null ? undefined : this.units.get(principal.unit);
    const unitName =
      principal.unit === null ? mobileText('account.noUnit') : unit ? inLanguage(unit.name) : principal.unit;
    return html`
      <h2>${mobileText('account.name')}</h2>
      <p>${principal.name}, ${deskText(`role.${principal.role}`)}<br />${unitName}</p>
    `;
  }

  #leaveButton() {
    return html`<button @click=${this.#leave}>${mobileText('logOut')}</button>`;
  }

  #confirm() {
    const stay = () => {
      this.leaving = false;
    };
    return html`
      <p class="problem" role="alert">${mobileText('logOutPending', { count: this.unsent })}</p>
      <button @click=${stay}>${mobileText('stay')}</button>
      <button @click=${this.#leaveNow}>${mobileText('logOutAnyway')}</button>
    `;
  }

  #leave = () => {
    if (this.unsent > 0) this.leaving = true;
    else this.#leaveNow();
  };

  #leaveNow = () => {
    this.dispatchEvent(new Event('leave'));
  };

  #enable = () => {
    void this.#attempt('enable', 'push.failed', () => this.push.enable());
  };

  #disable = () => {
    void this.#attempt('disable', 'push.disableFailed', () => this.push.disable());
  };

  #test = () => {
    void this.#attempt('test', 'push.testFailed', async () => {
      const { state, detail } = await this.push.test();
      const reason = [deskText(`delivery.${state}`), detail].filter(Boolean).join(': ');
      this.outcome =
        state === 'accepted' || state === 'retrying'
          ? { bad: false, text: mobileText('push.tested') }
          : { bad: true, text: mobileText('push.testFailed', { reason }) };
    });
  };

  async #attempt(what: 'enable' | 'test' | 'disable', failed: MobileTextKey, work: () => Promise<void>): Promise<void> {
    if (this.busy !== null) return;
    this.busy = what;
    this.outcome = null;
    try {
      await work();
    } catch (error) {
      // The browser's own words on its push service are in its language and of no help.
      const reason = error instanceof HttpError ? reasonOf(error) : mobileText('push.serviceFailed');
      this.outcome = { bad: true, text: mobileText(failed, { reason }) };
    } finally {
      this.busy = null;
    }
  }
}

customElements.define('ops-phone-account', OpsPhoneAccount);
