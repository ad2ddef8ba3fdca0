import { css, html, LitElement, nothing } from 'lit';
import { SEVERITIES } from '#contract/names.ts';
import '../../elements/ops-severity.ts';
import { elementStyles } from '../../elements/theme.ts';
import { coreText } from '../../i18n/core-texts.ts';
import { wallText } from '../../i18n/wall-texts.ts';

/** What the marks of the map mean. For somebody who walks up to the wall. */
export class OpsMapLegend extends LitElement {
  static override properties = { quakes: { type: Boolean }, cameras: { type: Boolean } };

  declare quakes: boolean;
  declare cameras: boolean;

  static override styles = [
    elementStyles,
    css`
      :host {
        position: absolute;
        z-index: 2;
        top: 0.4rem;
        right: 0.6rem;
        font-size: 0.62rem;
        color: var(--text-1);
      }
      ul + ul {
        margin-top: 0.5rem;
      }
      li {
        display: flex;
        align-items: center;
        justify-content: end;
        gap: 0.4rem;
      }
      svg {
        order: 1;
        width: 0.9rem;
        height: 0.9rem;
        fill: none;
        stroke: var(--text-1);
        stroke-width: 2;
      }
      .dot {
        fill: var(--text-2);
        stroke: none;
      }
    `,
  ];

  constructor() {
    super();
    this.quakes = false;
    this.cameras = false;
  }

  protected override render() {
    return html`
      <ul>
        ${SEVERITIES.map((severity) => html`<li>${coreText(`severity.${severity}`)}<ops-severity quiet plain .severity=${severity}></ops-severity></li>`)}
        <li>${wallText('map.legend.forms')}</li>
      </ul>
      <ul>
        <li><svg viewBox="0 0 24 24" aria-hidden="true"><circle class="dot" cx="12" cy="12" r="4"></circle></svg>${wallText('map.legend.station')}</li>
        <li>
          <svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="8"></circle><path d="M7 16 16 7M11 18l7-7"></path></svg>
          ${wallText('map.legend.stale')}
        </li>
        ${
          this.quakes
            ? html`<li>
              <svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="9"></circle><circle cx="12" cy="12" r="4"></circle></svg>
              ${wallText('map.legend.event')}
            </li>`
            : nothing
        }
        ${
          this.cameras
            ? html`<li>
              <svg viewBox="0 0 24 24" aria-hidden="true"><path class="dot" d="M3 7.5h11.5v9H3zM14.5 10.6l6-3v8.8l-6-3z"></path></svg>
              ${wallText('map.legend.camera')}
            </li>`
            : nothing
        }
      </ul>
    `;
  }
}

customElements.define('ops-map-legend', OpsMapLegend);
