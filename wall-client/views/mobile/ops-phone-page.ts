import { html, LitElement, nothing } from 'lit';
import type { Alert } from '#contract/alert.ts';
import type { Unit } from '#contract/people.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { mobileText } from '../../i18n/mobile-texts.ts';
import type { HubState } from '../../state/hub-state.ts';
import { ageWords } from '../desk/age-words.ts';
import { newIdempotencyKey } from '../desk/idempotency-key.ts';
import { listOf, Resource, reasonOf } from '../desk/resource.ts';
import '../login/ops-login-form.ts';
import './ops-phone-account.ts';
import './ops-phone-alert.ts';
import './ops-phone-list.ts';
import { phonePageStyles } from './ops-phone-page-styles.ts';
import { PendingCommands } from './pending-commands.ts';
import type { Person, PhoneMemory, RememberedList } from './phone-memory.ts';
import { type PhoneRoute, parsePhoneRoute } from './phone-route.ts';
import { phoneStyles } from './phone-styles.ts';
import type { PushEnrolment } from './push-enrolment.ts';

/** Alerts kept on the phone at most. */
const MOST_REMEMBERED = 200;
/** Milliseconds after which an unchanged list is kept again, with its new time. */
const KEEP_EVERY = 60_000;
/** Milliseconds a connection may take before the page speaks of it. */
const PATIENCE = 4000;

/** The phone: log in, the unit's alerts, one alert, the account. Works on with what it knows when the hub is away. */
export class OpsPhonePage extends LitElement {
  static override properties = {
    hub: { attribute: false },
    connection: { attribute: false },
    memory: { attribute: false },
    push: { attribute: false },
    route: { state: true },
  };

  declare hub: HubState;
  declare connection: HubConnection;
  declare memory: PhoneMemory;
  declare push: PushEnrolment;
  declare private route: PhoneRoute;

  readonly #units = new Resource<ReadonlyMap<string, Unit>>(this);
  readonly #opened = new Resource<Alert>(this);
  #commands!: PendingCommands;
  #remembered: RememberedList | null = null;
  /** The snapshot of this session came: what is on the screen is the hub's. */
  #live = false;
  #entered: string | null = null;
  #stops: (() => void)[] = [];

  static override styles = [elementStyles, phoneStyles, phonePageStyles];

  constructor() {
    super();
    this.route = parsePhoneRoute(location.hash);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const { hub, connection } = this;
    this.#commands = new PendingCommands({
      memory: this.memory,
      http: connection.http,
      now: Date.now,
      newKey: newIdempotencyKey,
      reason: reasonOf,
      onDone: (alert) => this.#take(alert),
    });
    const update = () => this.requestUpdate();
    const { serviceWorker } = navigator as { serviceWorker?: ServiceWorkerContainer };
    window.addEventListener('hashchange', this.#onRoute);
    serviceWorker?.addEventListener('message', this.#onMessage);
    this.#stops = [
      hub.clock.subscribe(() => {
        this.#keep(KEEP_EVERY);
        update();
      }),
      hub.session.subscribe(this.#onSession),
      this.push.subscribe(update),
      this.#commands.subscribe(update),
      connection.on('alerts', this.#onAlerts),
      connection.on('link', ({ state }) => {
        if (state === 'live') void this.#commands.flush();
        if (state === 'refused') void this.#start();
        this.requestUpdate();
      }),
      () => window.removeEventListener('hashchange', this.#onRoute),
      () => serviceWorker?.removeEventListener('message', this.#onMessage),
    ];
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  /** Asks the hub who this is. Away: whoever the kept list belongs to, until the hub can say otherwise. */
  async #start(): Promise<void> {
    this.#remembered ??= await this.memory.list().catch(() => null);
    try {
      await this.hub.session.load();
    } catch {
      if (this.#remembered !== null) await this.#commands.open(this.#remembered.person.name);
      setTimeout(() => void this.#start(), PATIENCE);
    }
    this.requestUpdate();
  }

  #onSession = () => {
    const { state, principal } = this.hub.session;
    this.requestUpdate();
    if (state !== 'present' || principal === null || principal.kind === 'wall') {
      this.#entered = null;
      return;
    }
    if (this.#entered !== principal.name) void this.#enter(principal);
  };

  async #enter(principal: Person): Promise<void> {
    this.#entered = principal.name;
    if (this.#remembered !== null && this.#remembered.person.name !== principal.name) {
      // Another person's list: not for these eyes.
      this.#remembered = null;
      await this.memory.forget().catch(() => {});
    }
    this.connection.watch({ alerts: {} });
    this.connection.retry();
    void this.#units.load(async (signal) => {
      const units = await listOf<Unit>(this.connection.http, '/units', signal);
      return new Map(units.map((unit) => [unit.id, unit]));
    });
    this.#open();
    await this.#commands.open(principal.name);
    // Without the hub the state of the push says "off"; the next opening asks again.
    await this.push.refresh().catch(() => {});
  }

  #onAlerts = () => {
    this.#live = true;
    this.#keep(0);
    this.requestUpdate();
  };

  /** Keeps the list as of now, unless it was kept less than `every` ms ago: on a calm night, too, it is known fresh. */
  #keep(every: number): void {
    const { principal } = this.hub.session;
    if (!this.#live || this.connection.link.state !== 'live' || principal === null || principal.kind === 'wall') return;
    const at = this.connection.serverNow();
    if (at - (this.#remembered?.at ?? 0) < every) return;
    this.#remembered = { person: principal, at, alerts: this.hub.alerts.all.slice(0, MOST_REMEMBERED) };
    void this.memory.keepList(this.#remembered).catch(() => {});
  }

  #onRoute = () => {
    this.route = parsePhoneRoute(location.hash);
    this.#open();
    window.scrollTo(0, 0);
  };

  /** A notice was tapped while the page was open. */
  #onMessage = (event: MessageEvent<{ readonly kind?: string; readonly url?: string }>) => {
    const { kind, url } = event.data;
    if (kind === 'open' && url !== undefined) location.hash = new URL(url, location.origin).hash;
  };

  #open(): void {
    if (this.route.page !== 'alert' || this.hub.session.state !== 'present') return;
    const { id } = this.route;
    if (this.#opened.value?.id === id || this.#listed(id)) return;
    this.#opened.clear();
    void this.#opened.load((signal) => this.connection.http.get<Alert>(`/alerts/${id}`, {}, { signal }));
  }

  #take(alert: Alert): void {
    if (this.route.page === 'alert' && this.route.id === alert.id) this.#opened.value = alert;
    this.hub.alerts.put(alert);
    this.requestUpdate();
  }

  /** While the hub cannot say who this is, whoever the kept list belongs to. */
  #person(): Person | null {
    const { principal } = this.hub.session;
    if (principal === null) return this.#remembered?.person ?? null;
    return principal.kind === 'wall' ? null : principal;
  }

  #alerts(): readonly Alert[] {
    return this.#live ? this.hub.alerts.all : (this.#remembered?.alerts ?? []);
  }

  #listed(id: string): Alert | undefined {
    return this.#alerts().find((alert) => alert.id === id);
  }

  protected override render() {
    const { state } = this.hub.session;
    if (state === 'none') return this.#login();
    if (state === 'unknown' && this.#remembered === null) return this.#waiting();
    return html`<header>${this.#bar()} ${this.#linkMark()}</header><main>${this.#page()}</main>`;
  }

  #login() {
    return html`
      <main class="login">
        <h1>${deskText('login.title')}</h1>
        <p class="product">${deskText('product')}</p>
        <ops-login-form @entered=${() => void this.#start()}></ops-login-form>
      </main>
    `;
  }

  #waiting() {
    const away = this.connection.link.state === 'lost';
    return html`<main class="login"><p role="status">${mobileText(away ? 'offlineNothing' : 'loading')}</p></main>`;
  }

  #bar() {
    return html`
      <div class="bar">
        ${
          this.route.page === 'list'
            ? html`<h1>${mobileText('title')}</h1>
                <a class="account" href="#/account" aria-label=${mobileText('account')}>
                  <svg viewBox="0 0 24 24" aria-hidden="true">
                    <circle cx="12" cy="8" r="4"></circle>
                    <path d="M4 21c0-4.4 3.6-7 8-7s8 2.6 8 7"></path>
                  </svg>
                </a>`
            : html`<a class="back" href="#/">
                <svg viewBox="0 0 24 24" aria-hidden="true"><path d="M15 4 7 12l8 8"></path></svg>
                ${mobileText('back')}
              </a>`
        }
      </div>
    `;
  }

  /** The hub is not heard. A connection being made within some seconds is not yet a lost one. */
  #away(): boolean {
    const { state, since } = this.connection.link;
    return state === 'lost' || state === 'silent' || (state === 'connecting' && Date.now() - since > PATIENCE);
  }

  #linkMark() {
    if (!this.#away()) return nothing;
    const at = this.#remembered?.at;
    const age = at === undefined ? null : ageWords(this.connection.serverNow() - at);
    // Only the words that stay the same are announced: an age that grows would be read out every second.
    return html`<p class="away">
      <span role="alert">${mobileText('offline')}.</span> ${age === null ? nothing : mobileText('offlineSince', { age })}
    </p>`;
  }

  #page() {
    const now = this.connection.serverNow();
    const units = this.#units.value ?? new Map();
    switch (this.route.page) {
      case 'list':
        return html`${this.#remind()}
          <ops-phone-list .alerts=${this.#alerts()} .pending=${this.#commands.all} .known=${this.#live || this.#remembered !== null} .away=${this.#away()} .now=${now}></ops-phone-list>`;
      case 'account':
        return html`<ops-phone-account
          .principal=${this.#person()}
          .units=${units}
          .push=${this.push}
          .pushState=${this.push.state}
          .unsent=${this.#commands.unsent.length}
          @leave=${this.#logOut}
        ></ops-phone-account>`;
      case 'alert':
        return this.#alertPage(this.route.id, units, now);
    }
  }

  #remind() {
    if (this.push.state !== 'off' || this.hub.session.state !== 'present') return nothing;
    return html`<p class="remind">${mobileText('push.remind')} <a href="#/account">${mobileText('push.setUp')}</a></p>`;
  }

  #alertPage(id: string, units: ReadonlyMap<string, Unit>, now: number) {
    const alert = this.#listed(id) ?? (this.#opened.value?.id === id ? this.#opened.value : undefined);
    if (alert === undefined) {
      const text = this.#opened.failure === null ? 'loading' : this.#live ? 'alert.unknown' : 'alert.offlineUnknown';
      return html`<p class="missing">${mobileText(text)}</p>`;
    }
    return html`<ops-phone-alert
      .alert=${alert}
      .units=${units}
      .principal=${this.#person()}
      .http=${this.connection.http}
      .commands=${this.#commands}
      .pending=${this.#commands.of(id)}
      .online=${this.connection.link.state === 'live'}
      .away=${this.#away()}
      .now=${now}
    ></ops-phone-alert>`;
  }

  /** First the phone falls silent and forgets, then the session ends: a failure in between leaves nothing behind. */
  #logOut = async () => {
    await this.push.disable().catch(() => {});
    this.#commands.close();
    this.#remembered = null;
    this.#live = false;
    await this.memory.forget().catch(() => {});
    await this.hub.session.logOut().catch(() => {});
    // A fresh page: no alert of this person stays in memory, and a session the hub did not end is asked about anew.
    location.replace('/m/');
  };
}

customElements.define('ops-phone-page', OpsPhonePage);
