import { css, html, LitElement, nothing, svg } from 'lit';
import type { Severity } from '#contract/names.ts';
import type { Position } from '#contract/series.ts';
import { SEVERITY_PATHS, type ShapeForm, shapeTemplate } from '../../elements/severity-shape.ts';
import { elementStyles } from '../../elements/theme.ts';
import { HEIGHT, isInside, type Outline, outlinePath, project, WIDTH } from './place-outline.ts';
import { Resource } from './resource.ts';

/** For bearings. */
const VINH: Position = [105.692, 18.679];

/** Where in the province: its outline, Vinh for bearings, and the alert's shape. The text beside it says the same. */
export class OpsPlaceSketch extends LitElement {
  static override properties = {
    position: { attribute: false },
    severity: {},
    form: {},
    label: {},
  };

  declare position: Position;
  declare severity: Severity;
  declare form: ShapeForm;
  declare label: string;

  readonly #outline = new Resource<string>(this);

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
        margin-bottom: 0.5rem;
      }
      svg {
        display: block;
        width: 100%;
        max-height: 18rem;
      }
      .land {
        fill: var(--bg-2);
        stroke: var(--text-2);
        stroke-width: 1.5;
        stroke-linejoin: round;
      }
      .town {
        fill: var(--text-2);
      }
      text {
        fill: var(--text-1);
        font-size: 17px;
      }
      .ground {
        fill: var(--bg-1);
        stroke: var(--bg-1);
        stroke-width: 6;
      }
      g {
        color: var(--info);
      }
      g.critical {
        color: var(--critical);
      }
      g.major {
        color: var(--major);
      }
      g.minor {
        color: var(--minor);
      }
      g.warning {
        color: var(--warning);
      }
      .shape,
      .sign {
        fill: none;
        stroke: currentColor;
        stroke-width: 3;
        stroke-linejoin: round;
      }
      .confirmed .shape {
        fill: currentColor;
      }
      .confirmed .sign {
        stroke: var(--bg-1);
      }
      .ended .shape {
        stroke-dasharray: 4 3;
      }
    `,
  ];

  constructor() {
    super();
    this.severity = 'info';
    this.form = 'unverified';
    this.label = '';
  }

  protected override willUpdate(): void {
    if (this.hasUpdated) return;
    void this.#outline.load(async (signal) => {
      const response = await fetch('/basemap/province.geojson', { signal });
      return response.ok ? outlinePath((await response.json()) as Outline) : '';
    });
  }

  protected override render() {
    const outline = this.#outline.value;
    if (!outline || !isInside(this.position)) return nothing;
    const [x, y] = project(this.position);
    const [townX, townY] = project(VINH);
    return html`
      <svg viewBox="0 0 ${WIDTH.toFixed(0)} ${HEIGHT.toFixed(0)}" role="img" aria-label=${this.label}>
        <path class="land" d=${outline}></path>
        ${svg`<circle class="town" cx=${townX} cy=${townY} r="4"></circle>
          <text x=${townX + 9} y=${townY + 18}>Vinh</text>
          <g class="${this.severity} ${this.form}" transform="translate(${x - 14} ${y - 14}) scale(1.17)">
            <path class="ground" d=${SEVERITY_PATHS[this.severity]}></path>
            ${shapeTemplate(this.severity, this.form)}
          </g>`}
      </svg>
    `;
  }
}

customElements.define('ops-place-sketch', OpsPlaceSketch);
