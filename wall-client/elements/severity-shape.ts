import { type SVGTemplateResult, svg } from 'lit';
import type { Authenticity, Severity } from '#contract/names.ts';

/**
 * Outline of each severity's shape in a box of 24 × 24: told apart without colour, from afar, and by a colour-blind
 * reader. The map draws the same paths.
 */
export const SEVERITY_PATHS: Readonly<Record<Severity, string>> = {
  critical: 'M8 2h8l6 6v8l-6 6H8l-6-6V8z',
  major: 'M12 2.2 22.6 21H1.4z',
  minor: 'M12 1.2 22.8 12 12 22.8 1.2 12z',
  warning: 'M3.4 3.4h17.2v17.2H3.4z',
  info: 'M12 2.2a9.8 9.8 0 1 1 0 19.6 9.8 9.8 0 0 1 0-19.6z',
};

/** How the shape is drawn: what is known of the alert beside how bad it is; `plain` where several are counted. */
export type ShapeForm = 'plain' | 'unverified' | 'checking' | 'confirmed' | 'refuted' | 'unverifiable' | 'ended';

/** The sign inside the shape; the triangle's centre of mass lies lower than its box's. */
export const FORM_PATHS: Readonly<Record<ShapeForm, string>> = {
  plain: '',
  unverified: '',
  checking: 'M12 9.2v4.6M12 16.6v.4',
  confirmed: 'm7.6 12.6 3.2 3.2 5.8-6.4',
  refuted: 'M4 20 20 4',
  unverifiable: 'M9.6 9.8a2.5 2.5 0 1 1 3.6 2.2c-.9.5-1.2 1-1.2 1.9M12 16.8v.3',
  ended: '',
};
export const FORM_SHIFT: Readonly<Record<Severity, number>> = { critical: 0, major: 2, minor: 0, warning: 0, info: 0 };

export function shapeForm(authenticity: Authenticity, ended: boolean): ShapeForm {
  return ended ? 'ended' : authenticity;
}

/** Confirmed (and counted) is filled; everything else is an outline, and what has ended a broken one. */
export function shapeTemplate(severity: Severity, form: ShapeForm): SVGTemplateResult {
  const sign = FORM_PATHS[form];
  return svg`
    <path class="shape" d=${SEVERITY_PATHS[severity]}></path>
    ${sign === '' ? '' : svg`<path class="sign" d=${sign} transform="translate(0 ${FORM_SHIFT[severity]})"></path>`}
  `;
}
