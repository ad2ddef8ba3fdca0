import { css, html, LitElement, type PropertyValues } from 'lit';
import type { Authenticity, Severity } from '#contract/names.ts';
import { coreText } from '../i18n/core-texts.ts';
import { PULSE_SECONDS } from './alert-wording.ts';
import { shapeForm, shapeTemplate } from './severity-shape.ts';
import { elementStyles } from './theme.ts';

/**
 * Severity as shape, colour and word together. With `quiet` the word is only for screen readers; then the word must
 * stand beside it.
 *
 * - `severity`, `authenticity`, `ended`: what is drawn (outline, tick, strike, broken line)
 * - `plain`: filled without a sign, where alerts are counted rather than shown
 * - `pulses`: how often to blink from now on, once a second; none under reduced motion
 */
export class OpsSeverity extends LitElement {
  static override properties = {
    severity: { reflect: true },
    authenticity: { reflect: true },
    ended: { type: Boolean, reflect: true },
    plain: { type: Boolean, reflect: true },
    quiet: { type: Boolean, reflect: true },
    pulses: { type: Number },
  };

  declare severity: Severity;
  declare authenticity: Authenticity;
  declare ended: boolean;
  declare plain: boolean;
  declare quiet: boolean;
  declare pulses: number;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: inline-flex;
        position: relative;
        align-items: center;
        gap: 0.35em;
        color: var(--info);
        white-space: nowrap;
      }
      :host([severity='critical']) {
        color: var(--critical);
      }
      :host([severity='major']) {
        color: var(--major);
      }
      :host([severity='minor']) {
        color: var(--minor);
      }
      :host([severity='warning']) {
        color: var(--warning);
      }
      svg {
        flex: none;
        width: 1.15em;
        height: 1.15em;
        overflow: visible;
      }
      .shape {
        fill: none;
        stroke: currentColor;
        stroke-width: 3;
        stroke-linejoin: round;
      }
      .sign {
        fill: none;
        stroke: currentColor;
        stroke-width: 2.6;
        stroke-linecap: round;
        stroke-linejoin: round;
      }
      :host([plain]) .shape,
      :host([authenticity='confirmed']:not([ended])) .shape {
        fill: currentColor;
      }
      :host([authenticity='confirmed']:not([ended])) .sign {
        stroke: var(--bg-1);
        stroke-width: 3;
      }
      :host([ended]) .shape {
        stroke-width: 2;
        stroke-dasharray: 4 3;
      }
      @media (prefers-reduced-motion: no-preference) {
        .pulsing {
          animation: pulse 1s steps(2, jump-none) var(--pulses, 0);
        }
      }
      @keyframes pulse {
        from {
          opacity: 1;
        }
        to {
          opacity: 0.2;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.severity = 'info';
    this.authenticity = 'unverified';
    this.ended = false;
    this.plain = false;
    this.quiet = false;
    this.pulses = 0;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('pulses')) this.style.setProperty('--pulses', String(Math.min(this.pulses, PULSE_SECONDS)));
  }

  protected override render() {
    const word = coreText(`severity.${this.severity}`);
    const form = this.plain ? 'plain' : shapeForm(this.authenticity, this.ended);
    return html`
      <svg viewBox="0 0 24 24" aria-hidden="true" class=${this.pulses > 0 ? 'pulsing' : ''}>
        ${shapeTemplate(this.severity, form)}
      </svg>
      <span class=${this.quiet ? 'visually-hidden' : ''}>${word}</span>
    `;
  }
}

customElements.define('ops-severity', OpsSeverity);
