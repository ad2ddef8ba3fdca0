import { css, html, LitElement } from 'lit';
import type { LayerCatalogue } from '#contract/layer.ts';
import type { Unit } from '#contract/people.ts';
import type { Page } from '#contract/primitives.ts';
import type { WallConfig } from '#contract/wall.ts';
import type { HttpError } from '../../connection/http.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import '../../elements/ops-state.ts';
import { elementStyles, followScreen, installTheme } from '../../elements/theme.ts';
import { minuteOfDay, setTimeZone } from '../../i18n/format.ts';
import { inLanguage } from '../../i18n/language.ts';
import { wallText } from '../../i18n/wall-texts.ts';
import type { GraphicsState } from '../../map/graphics-recovery.ts';
import type { HubState } from '../../state/hub-state.ts';
import './ops-wall-pairing.ts';
import './ops-wall-scene.ts';
import { type PairingProgress, PairingSession } from './pairing-session.ts';
import { ScreenCare } from './screen-care.ts';

/** Milliseconds until the configuration is asked for again after a failure. */
const RETRY_AFTER = 5000;
/** Layers of events announce no frames of their own; what is new in them is asked for this often, ms. */
const EVENTS_EVERY = 15_000;
/** Until the wall's own figures are known: a pairing code is read from some metres anyway. */
const BEFORE_CONFIG = { viewingDistance: 6, pixelPitch: 1.26, width: 1920 };

type Stage =
  | { readonly name: 'loading'; readonly problem: string }
  | { readonly name: 'pairing' }
  | { readonly name: 'scene'; readonly config: WallConfig; readonly units: ReadonlyMap<string, Unit> };

const after = (milliseconds: number, action: () => void) => {
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
};

/**
 * A wall screen from power-on: who am I → pair if nobody → load the wall → its scene. It has no keyboard, so every
 * failure says so and is tried again.
 */
export class OpsWallPage extends LitElement {
  static override properties = {
    hub: { attribute: false },
    connection: { attribute: false },
    wall: {},
    stage: { state: true },
    progress: { state: true },
    now: { state: true },
  };

  declare hub: HubState;
  declare connection: HubConnection;
  declare wall: string;
  declare private stage: Stage;
  declare private progress: PairingProgress;
  declare private now: number;
  #pairing: PairingSession | null = null;
  readonly #care = new ScreenCare({
    now: Date.now,
    random: Math.random,
    reload: () => location.reload(),
    memory: sessionStorage,
  });
  #stops: (() => void)[] = [];

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
      }
      ops-state {
        height: 100vh;
        padding: 4rem;
        font-size: var(--size-3);
      }
    `,
  ];

  constructor() {
    super();
    this.stage = { name: 'loading', problem: '' };
    this.progress = { step: 'asking' };
    this.now = 0;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.#stops = [
      followScreen(BEFORE_CONFIG),
      this.hub.clock.subscribe(() => {
        this.now = this.connection.serverNow();
        this.#care.tick(minuteOfDay(this.now), this.#calm());
      }),
      this.connection.on('wall', ({ wall, kind }) => {
        if (wall === this.wall && kind === 'unpaired') location.reload();
      }),
      this.connection.on('link', ({ state }) => {
        if (state === 'refused' && this.stage.name === 'scene') void this.#checkPaired();
      }),
    ];
    void this.#start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#pairing?.stop();
    for (const stop of this.#stops) stop();
    this.#stops = [];
  }

  #calm(): boolean {
    return this.hub.health.link.state === 'live' && this.hub.alerts.counts.critical === 0;
  }

  async #start(): Promise<void> {
    try {
      await this.hub.session.load();
      if (this.hub.session.state === 'present') await this.#open();
      else this.#pair();
    } catch (error) {
      this.stage = { name: 'loading', problem: inLanguage((error as HttpError).text) };
      after(RETRY_AFTER, () => void this.#start());
    }
  }

  /** The pairing may have been withdrawn while this screen was away. */
  async #checkPaired(): Promise<void> {
    try {
      await this.hub.session.load();
    } catch {
      // The hub cannot be asked; the link shows it, and the next refusal asks again.
      return;
    }
    if (this.hub.session.state === 'none') location.reload();
  }

  #pair(): void {
    this.stage = { name: 'pairing' };
    this.#pairing?.stop();
    this.#pairing = new PairingSession({
      http: this.connection.http,
      wall: this.wall,
      now: () => this.connection.serverNow(),
      after,
      onProgress: (progress) => {
        this.progress = progress;
        if (progress.step !== 'paired') return;
        this.connection.retry();
        void this.#start();
      },
    });
    this.#pairing.start();
  }

  async #open(): Promise<void> {
    const { http } = this.connection;
    const [config, units] = await Promise.all([
      http.get<WallConfig>(`/walls/${this.wall}`),
      http.get<Page<Unit>>('/units'),
    ]);
    setTimeZone(config.timeZone);
    installTheme(config.scheme);
    this.#stops.push(followScreen(config.screen));
    this.connection.watch({ alerts: {}, layers: config.map.layers.map((id) => ({ id })) });
    this.stage = { name: 'scene', config, units: new Map(units.items.map((unit) => [unit.id, unit])) };
    this.#followEvents(config.map.layers);
  }

  #followEvents(layers: readonly string[]): void {
    for (const id of layers) this.#loadCatalogue(id);
    const timer = setInterval(() => {
      for (const id of layers) if (this.hub.layers.layer(id)?.config?.kind === 'events') this.#loadCatalogue(id);
    }, EVENTS_EVERY);
    this.#stops.push(() => clearInterval(timer));
  }

  #loadCatalogue(id: string): void {
    this.connection.http.get<LayerCatalogue>(`/layers/${id}`).then(
      (catalogue) => this.hub.layers.putCatalogue(catalogue),
      // The link shows that the hub is away; the next frame or the next turn asks again.
      () => {},
    );
  }

  readonly #onGraphics = (event: CustomEvent<GraphicsState>) => {
    if (event.detail === 'dead') this.#care.graphicsDead();
  };

  protected override render() {
    const { stage } = this;
    if (stage.name === 'pairing') {
      return html`<ops-wall-pairing
        .wall=${this.wall}
        .address=${location.host}
        .progress=${this.progress}
        .now=${this.now}
      ></ops-wall-pairing>`;
    }
    if (stage.name === 'scene') {
      return html`<ops-wall-scene
        .hub=${this.hub}
        .http=${this.connection.http}
        .config=${stage.config}
        .units=${stage.units}
        @graphics=${this.#onGraphics}
      ></ops-wall-scene>`;
    }
    if (stage.problem === '') return html`<ops-state state="loading" .text=${wallText('setup.loading')}></ops-state>`;
    const text = wallText('setup.failed', { wall: this.wall });
    return html`<ops-state state="error" .text=${text} .detail=${stage.problem}></ops-state>`;
  }
}

customElements.define('ops-wall-page', OpsWallPage);
