import { html, LitElement } from 'lit';
import type { Alert } from '#contract/alert.ts';
import { SEVERITIES } from '#contract/names.ts';
import type { Unit } from '#contract/people.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import '../../elements/ops-severity.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatNumber } from '../../i18n/format.ts';
import type { HubState } from '../../state/hub-state.ts';
import { actionOf } from './desk-keys.ts';
import { type DeskRoute, formatRoute, parseRoute } from './desk-route.ts';
import { controlStyles } from './desk-styles.ts';
import { isUnitOfficer, tabsFor } from './desk-tabs.ts';
import './ops-alert-case.ts';
import type { OpsAlertCase } from './ops-alert-case.ts';
import './ops-alert-evidence.ts';
import './ops-alert-queue.ts';
import type { OpsAlertQueue } from './ops-alert-queue.ts';
import './ops-connect-tab.ts';
import './ops-desk-header.ts';
import { pageStyles } from './ops-desk-page-styles.ts';
import './ops-people-tab.ts';
import './ops-quarantine-tab.ts';
import './ops-screens-tab.ts';
import './ops-sources-tab.ts';
import { listOf, Resource } from './resource.ts';

/** Remembers that somebody switched the keys off. */
const KEYS_OFF = 'desk.keys-off';

/**
 * The desk: it listens to the stores for all its parts and hands each what it shows. Which part, and which alert, the
 * address says. Nobody logged in: to the login and back here.
 */
export class OpsDeskPage extends LitElement {
  static override properties = {
    hub: { attribute: false },
    connection: { attribute: false },
    route: { state: true },
    keys: { state: true },
  };

  declare hub: HubState;
  declare connection: HubConnection;
  declare private route: DeskRoute;
  declare private keys: boolean;

  readonly #units = new Resource<ReadonlyMap<string, Unit>>(this);
  readonly #opened = new Resource<Alert>(this);
  #ready = false;
  #stops: (() => void)[] = [];

  static override styles = [elementStyles, controlStyles, pageStyles];

  constructor() {
    super();
    this.route = parseRoute('');
    this.keys = localStorage.getItem(KEYS_OFF) === null;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const update = () => this.requestUpdate();
    window.addEventListener('hashchange', this.#onRoute);
    window.addEventListener('keydown', this.#onKey);
    this.#stops = [
      this.hub.clock.subscribe(update),
      this.hub.alerts.subscribe(update),
      this.hub.health.subscribe(update),
      this.hub.session.subscribe(this.#onSession),
      this.connection.on('alerts', () => {
        this.#ready = true;
      }),
      this.connection.on('link', ({ state }) => {
        // The hub no longer knows who we are: ask, and go to the login if so.
        if (state === 'refused') void this.#start();
      }),
      () => window.removeEventListener('hashchange', this.#onRoute),
      () => window.removeEventListener('keydown', this.#onKey),
    ];
    this.#onRoute();
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  async #start(): Promise<void> {
    // Without an answer the page stays as it is; its link says that the hub is away, and the clock asks again.
    await this.hub.session.load().catch(() => setTimeout(() => void this.#start(), 3000));
  }

  #onSession = () => {
    const { session } = this.hub;
    if (session.state === 'none') {
      location.replace(`/login?next=${encodeURIComponent(location.pathname + location.hash)}`);
      return;
    }
    if (session.state === 'present' && this.#units.value === null) {
      this.connection.watch({ alerts: {} });
      this.connection.retry();
      void this.#units.load(async (signal) => {
        const units = await listOf<Unit>(this.connection.http, '/units', signal);
        return new Map(units.map((unit) => [unit.id, unit]));
      });
      this.#open();
    }
    this.requestUpdate();
  };

  #onRoute = () => {
    this.route = parseRoute(location.hash);
    this.#open();
  };

  /** An alert that is over, or another page of the list, is not among the live ones: ask for it. */
  #open(): void {
    const { alert } = this.route;
    if (alert === null || this.hub.session.state !== 'present') return;
    if (this.hub.alerts.get(alert) || this.#opened.value?.id === alert) return;
    this.#opened.clear();
    void this.#opened.load((signal) => this.connection.http.get<Alert>(`/alerts/${alert}`, {}, { signal }));
  }

  /** The chosen alert as it last was known; null while it is being fetched, or when there is none. */
  #chosen(): Alert | null {
    const { alert: id } = this.route;
    if (id === null) return null;
    const live = this.hub.alerts.get(id);
    if (live) {
      // Kept for when it is over and leaves the list under the eyes of its reader.
      if ((this.#opened.value?.seq ?? -1) < live.seq || this.#opened.value?.id !== id) this.#opened.value = live;
      return live;
    }
    return this.#opened.value?.id === id ? this.#opened.value : null;
  }

  protected override updated(): void {
    const fresh = this.hub.alerts.all.filter(
      (alert) => alert.handling === 'new' && alert.condition !== 'pending',
    ).length;
    document.title = `${fresh > 0 ? `(${fresh}) ` : ''}${deskText('desk')} – ${deskText('short')}`;
  }

  protected override render() {
    const { session } = this.hub;
    if (session.state !== 'present') return html`<p class="starting">${deskText('loading')}</p>`;
    const now = this.connection.serverNow();
    const tabs = tabsFor(session.principal);
    const tab = tabs.includes(this.route.tab) ? this.route.tab : 'alerts';
    const { state } = this.hub.health.link;
    return html`
      <ops-desk-header
        .tabs=${tabs}
        .tab=${tab}
        .principal=${session.principal}
        .health=${this.hub.health}
        .units=${this.#units.value ?? new Map()}
        .now=${now}
        @leave=${this.#logOut}
      >
        <a class="skip" href="#main" @click=${this.#skip}>${deskText('skip')}</a>
      </ops-desk-header>
      <main id="main" tabindex="-1" class=${`${tab} ${state === 'lost' || state === 'silent' ? 'lost' : ''}`}>
        ${tab === 'alerts' ? this.#alerts(now) : this.#tab(tab, now)}
      </main>
    `;
  }

  #alerts(now: number) {
    const units = this.#units.value ?? new Map();
    const chosen = this.#chosen();
    return html`
      <ops-alert-queue
        class=${this.route.alert === null ? 'alone' : ''}
        .alerts=${this.hub.alerts.all}
        .omitted=${this.hub.alerts.omitted}
        .units=${units}
        .chosen=${this.route.alert}
        .ready=${this.#ready}
        .now=${now}
        @choose=${this.#choose}
      ></ops-alert-queue>
      ${
        chosen === null
          ? this.#noCase()
          : html`
              <div class="case">
                <a class="back" href="#/alerts">${deskText('case.back')}</a>
                <ops-alert-case
                  .alert=${chosen}
                  .units=${units}
                  .principal=${this.hub.session.principal}
                  .http=${this.connection.http}
                  .keys=${this.keys}
                  .now=${now}
                  @done=${this.#done}
                  @keys=${this.#toggleKeys}
                ></ops-alert-case>
              </div>
              <ops-alert-evidence .alert=${chosen} .http=${this.connection.http} .now=${now}></ops-alert-evidence>
            `
      }
    `;
  }

  #noCase() {
    if (this.route.alert === null) return this.#overview();
    if (this.#opened.failure === null) return html`<p class="none">${deskText('loading')}</p>`;
    return html`<p class="none">${deskText('case.gone')} <span class="quiet">${this.#opened.failure}</span></p>`;
  }

  /** Before anything is chosen: how much of what there is. */
  #overview() {
    const { counts } = this.hub.alerts;
    return html`
      <div class="none">
        <p>${deskText('case.choose')}</p>
        <dl class="counts">
          ${SEVERITIES.map(
            (severity) =>
              html`<div>
                <dt><ops-severity .severity=${severity}></ops-severity></dt>
                <dd>${this.#ready ? formatNumber(counts[severity]) : '–'}</dd>
              </div>`,
          )}
        </dl>
      </div>
    `;
  }

  #tab(tab: Exclude<DeskRoute['tab'], 'alerts'>, now: number) {
    const { http } = this.connection;
    const { principal } = this.hub.session;
    const units = this.#units.value ?? new Map();
    const sources = this.hub.health.sources(now);
    switch (tab) {
      case 'sources':
        return html`<ops-sources-tab
          .sources=${sources}
          .units=${units}
          .ready=${this.hub.health.link.state === 'live'}
          .mayConnect=${tabsFor(principal).includes('connect')}
          .now=${now}
        ></ops-sources-tab>`;
      case 'connect':
        return html`<ops-connect-tab .http=${http} .units=${units} .sources=${sources} .principal=${principal} .now=${now}></ops-connect-tab>`;
      case 'quarantine':
        return html`<ops-quarantine-tab
          .http=${http}
          .sources=${sources}
          .wholeHub=${!isUnitOfficer(principal)}
          .now=${now}
        ></ops-quarantine-tab>`;
      case 'screens':
        return html`<ops-screens-tab .http=${http} .now=${now}></ops-screens-tab>`;
      case 'people': {
        const mayAdd = principal !== null && principal.kind !== 'wall' && principal.role === 'administrator';
        return html`<ops-people-tab .http=${http} .units=${units} .mayAdd=${mayAdd}></ops-people-tab>`;
      }
    }
  }

  #choose = (event: CustomEvent<string>) => {
    // Walking through the list must not fill the way back with every alert passed.
    location.replace(formatRoute({ tab: 'alerts', alert: event.detail }));
  };

  #done = (event: CustomEvent<Alert>) => {
    this.#opened.value = event.detail;
    this.hub.alerts.put(event.detail);
  };

  #onKey = (event: KeyboardEvent) => {
    const action = this.keys ? actionOf(event) : null;
    if (action === null || this.route.tab !== 'alerts' || isTextField(event.composedPath()[0])) return;
    event.preventDefault();
    const queue = this.renderRoot.querySelector<OpsAlertQueue>('ops-alert-queue');
    if (action === 'next') queue?.step(1);
    else if (action === 'previous') queue?.step(-1);
    else this.renderRoot.querySelector<OpsAlertCase>('ops-alert-case')?.perform(action);
  };

  #skip = (event: Event) => {
    // The address belongs to the route; the target is in this element anyway.
    event.preventDefault();
    this.renderRoot.querySelector<HTMLElement>('main')?.focus();
  };

  #toggleKeys = () => {
    this.keys = !this.keys;
    if (this.keys) localStorage.removeItem(KEYS_OFF);
    else localStorage.setItem(KEYS_OFF, '1');
  };

  #logOut = async () => {
    // Also without an answer: the person is leaving, and the login page asks the hub anew.
    await this.hub.session.logOut().catch(() => location.replace('/login'));
  };
}

function isTextField(target: EventTarget | undefined): boolean {
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && target.type !== 'checkbox';
}

customElements.define('ops-desk-page', OpsDeskPage);
