import { MapLibreOverlay } from '@deck.gl/maplibre';
import { css, html, LitElement, nothing, type PropertyValues, unsafeCSS } from 'lit';
import { MapLibreMap, setWorkerUrl } from 'maplibre-gl';
import mapCss from 'maplibre-gl/dist/maplibre-gl.css?inline';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Position } from '#contract/series.ts';
import { FONT_FAMILY } from '../elements/fonts.ts';
import '../elements/ops-state.ts';
import { PALETTES, type Scheme } from '../elements/palette.ts';
import { elementStyles } from '../elements/theme.ts';
import { wallText } from '../i18n/wall-texts.ts';
import { type BasemapOptions, basemapStyle } from './basemap-style.ts';
import { coalesce } from './coalesce.ts';
import { GraphicsRecovery, type GraphicsState } from './graphics-recovery.ts';
import type { DrawStyle } from './layers/draw-style.ts';
import { eventLayers, type PlaceMark, type QuakeMark } from './layers/events.ts';
import { labelAbnormal, labelLayers } from './layers/labels.ts';
import { stationLayers } from './layers/stations.ts';
import { drawMarkAtlas } from './mark-atlas.ts';
import type { StationMark } from './station-marks.ts';

setWorkerUrl(workerUrl);

/** Milliseconds a drawing may take to reach the screen before the picture counts as frozen. */
const FROZEN_AFTER = 15_000;

/** A part of the map that something else covers, rem; from the right and from the bottom where negative. */
export interface ReservedArea {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export type Bounds = readonly [west: number, south: number, east: number, north: number];

const after = (milliseconds: number, action: () => void) => {
  const timer = setTimeout(action, milliseconds);
  return () => clearTimeout(timer);
};

/**
 * The map: one for the page's whole life, for destroyed maps leak their graphics. Data come as marks; however often they
 * are set, it draws at most four times a second.
 *
 * - `bounds`: what must be seen; `scheme`: night or day; `interactive`: may it be moved (not on a wall)
 * - `stations`, `quakes`, `places`: replace the arrays, do not change them
 * - `reserved`: where no label may lie, because a legend does
 * - event `graphics`: `detail` is the {@link GraphicsState}; on `dead` the page may want to load itself anew
 */
export class OpsMap extends LitElement {
  static override properties = {
    bounds: { attribute: false },
    scheme: {},
    interactive: { type: Boolean },
    stations: { attribute: false },
    quakes: { attribute: false },
    places: { attribute: false },
    reserved: { attribute: false },
    graphics: { state: true },
  };

  declare bounds: Bounds;
  declare scheme: Scheme;
  declare interactive: boolean;
  declare stations: readonly StationMark[];
  declare quakes: readonly QuakeMark[];
  declare places: readonly PlaceMark[];
  declare reserved: readonly ReservedArea[];
  declare private graphics: GraphicsState;
  #map: MapLibreMap | null = null;
  #overlay: MapLibreOverlay | null = null;
  #style: DrawStyle | null = null;
  #basemap: BasemapOptions | null = null;
  #measure: CanvasRenderingContext2D | null = null;
  /** When the oldest drawing was asked for that has not been seen on the screen yet. */
  #awaitedSince: number | null = null;
  readonly #drawing = coalesce(() => this.#draw(), { now: () => performance.now(), after });
  readonly #recovery = new GraphicsRecovery({
    after,
    rebuild: () => this.#renewOverlay(),
    onState: (state) => {
      this.graphics = state;
      this.dispatchEvent(new CustomEvent('graphics', { detail: state, bubbles: true, composed: true }));
    },
  });

  static override styles = [
    unsafeCSS(mapCss),
    elementStyles,
    css`
      :host {
        display: block;
        position: relative;
        overflow: hidden;
        background: var(--bg-0);
      }
      .map {
        position: absolute;
        inset: 0;
        font: inherit;
      }
      .map.gone {
        visibility: hidden;
      }
      ops-state {
        position: absolute;
        inset: auto auto 30% 10%;
        width: 80%;
        z-index: 2;
      }
    `,
  ];

  constructor() {
    super();
    this.bounds = [103.8, 18.5, 106, 20.05];
    this.scheme = 'night';
    this.interactive = false;
    this.stations = [];
    this.quakes = [];
    this.places = [];
    this.reserved = [];
    this.graphics = 'ready';
  }

  protected override firstUpdated(): void {
    const container = this.renderRoot.querySelector<HTMLElement>('.map');
    if (container) this.#open(container);
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (this.#map === null) return;
    if (changed.has('scheme')) this.#restyle();
    if (changed.has('bounds')) this.#fit();
    if (['stations', 'quakes', 'places', 'scheme'].some((name) => changed.has(name as keyof OpsMap))) {
      this.#drawing.request();
    }
  }

  protected override render() {
    const dead = this.graphics === 'dead';
    return html`
      <div class="map ${dead ? 'gone' : ''}"></div>
      ${this.graphics === 'ready' ? nothing : html`<ops-state state="error" .text=${wallText(dead ? 'map.dead' : 'map.lost')}></ops-state>`}
    `;
  }

  #open(container: HTMLElement): void {
    let map: MapLibreMap;
    this.#basemap = this.#basemapOptions();
    try {
      map = new MapLibreMap({
        container,
        style: basemapStyle(this.#basemap),
        bounds: [...this.bounds] as [number, number, number, number],
        fitBoundsOptions: { padding: this.#rem() * 0.5 },
        interactive: this.interactive,
        attributionControl: false,
        fadeDuration: 0,
        pitchWithRotate: false,
        dragRotate: false,
      });
    } catch {
      // No WebGL at all: the rest of the page goes on without a map.
      this.#recovery.failed();
      return;
    }
    this.#map = map;
    map.on('webglcontextlost', () => this.#recovery.lost('basemap'));
    map.on('webglcontextrestored', () => this.#recovery.restored('basemap'));
    map.on('load', () => this.#renewOverlay());
    map.on('moveend', () => this.#drawing.request());
    map.on('resize', () => {
      this.#restyle();
      this.#fit();
    });
  }

  /** A lost context takes the overlay's buffers with it, and deck.gl does not build them again. */
  #renewOverlay(): void {
    const map = this.#map;
    if (map === null) return;
    if (this.#overlay) map.removeControl(this.#overlay);
    this.#overlay = new MapLibreOverlay({ interleaved: false, layers: [], onAfterRender: () => this.#seen() });
    map.addControl(this.#overlay);
    this.#style = null;
    const canvas = this.#overlay.getCanvas();
    canvas?.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      this.#recovery.lost('overlay');
    });
    canvas?.addEventListener('webglcontextrestored', () => this.#recovery.restored('overlay'));
    this.#drawing.request();
  }

  #draw(): void {
    const map = this.#map;
    if (map === null || this.#overlay === null || this.#recovery.state !== 'ready') return;
    this.#await();
    const style = this.#drawStyle();
    const { clientWidth: width, clientHeight: height } = map.getContainer();
    const labels = labelAbnormal(this.stations, {
      width,
      height,
      rem: style.rem,
      project: (position: Position) => map.project([...position]),
      taken: this.reserved.map((area) => areaBox(area, style.rem, width, height)),
      measure: (line, size, weight) => this.#lineWidth(line, size, weight),
    });
    this.#overlay.setProps({
      layers: [
        ...eventLayers(this.quakes, this.places, style),
        ...stationLayers(this.stations, style),
        ...labelLayers(labels, style),
      ],
    });
  }

  /** A driver can hang without losing its context; then what was drawn is never seen. A hidden page draws nothing. */
  #await(): void {
    const now = performance.now();
    if (document.hidden) this.#awaitedSince = null;
    else if (this.#awaitedSince === null) this.#awaitedSince = now;
    else if (now - this.#awaitedSince > FROZEN_AFTER) this.#recovery.lost('frames');
  }

  #seen(): void {
    this.#awaitedSince = null;
    this.#recovery.restored('frames');
  }

  /** Kept until rem or scheme change: the atlas is a texture, and a new one is uploaded again. */
  #drawStyle(): DrawStyle {
    const palette = PALETTES[this.scheme];
    const rem = this.#rem();
    if (this.#style?.palette !== palette || this.#style.rem !== rem) {
      const atlas = this.#style?.palette === palette ? this.#style.atlas : drawMarkAtlas(palette);
      this.#style = { palette, rem, atlas };
    }
    return this.#style;
  }

  #restyle(): void {
    const options = this.#basemapOptions();
    const drawn = this.#basemap;
    if (this.#map === null || (drawn?.palette === options.palette && drawn.rem === options.rem)) return;
    this.#basemap = options;
    this.#map.setStyle(basemapStyle(options), { diff: true });
    this.#drawing.request();
  }

  #fit(): void {
    this.#map?.fitBounds([...this.bounds] as [number, number, number, number], {
      padding: this.#rem() * 0.5,
      animate: false,
    });
  }

  #basemapOptions(): BasemapOptions {
    return { origin: location.origin, palette: PALETTES[this.scheme], rem: this.#rem() };
  }

  #rem(): number {
    return Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  }

  #lineWidth(line: string, size: number, weight: 400 | 600): number {
    this.#measure ??= document.createElement('canvas').getContext('2d');
    if (this.#measure === null) return line.length * size * 0.6;
    this.#measure.font = `${weight} ${size}px "${FONT_FAMILY}"`;
    return this.#measure.measureText(line).width;
  }
}

function areaBox({ x, y, width, height }: ReservedArea, rem: number, mapWidth: number, mapHeight: number) {
  const left = x < 0 ? mapWidth + x * rem : x * rem;
  const top = y < 0 ? mapHeight + y * rem : y * rem;
  return { left, top, right: left + width * rem, bottom: top + height * rem };
}

customElements.define('ops-map', OpsMap);
