import { css, html, LitElement } from 'lit';
import { coreText } from '../i18n/core-texts.ts';
import { formatAge } from '../i18n/format.ts';
import { elementStyles } from './theme.ts';

/** Is a value of `time` too old to be taken for the present? `staleAfter` in seconds. */
function isStale(time: number | null, staleAfter: number, now: number): boolean {
  return time === null || now - time > staleAfter * 1000;
}

/**
 * How old something is, in words. Turns to hatched "old data" after `staleAfter` seconds.
 * `time` and `now` are ms since the Unix epoch on the same clock.
 */
export class OpsAge extends LitElement {
  static override properties = {
    time: { type: Number },
    now: { type: Number },
    staleAfter: { type: Number, attribute: 'stale-after' },
    stale: { type: Boolean, reflect: true },
  };

  declare time: number | null;
  declare now: number;
  declare staleAfter: number;
  declare stale: boolean;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: inline-block;
        color: var(--text-2);
        white-space: nowrap;
      }
      :host([stale]) {
        color: var(--text-0);
      }
      :host([stale])::before {
        content: '';
        display: inline-block;
        width: 0.9em;
        height: 0.7em;
        margin-right: 0.35em;
        border: 0.06em solid var(--text-2);
        background: var(--hatch);
      }
    `,
  ];

  constructor() {
    super();
    this.time = null;
    this.now = 0;
    this.staleAfter = Number.POSITIVE_INFINITY;
    this.stale = false;
  }

  protected override willUpdate(): void {
    this.stale = isStale(this.time, this.staleAfter, this.now);
  }

  protected override render() {
    if (this.time === null) return html`${coreText('age.none')}`;
    const age = this.now - this.time;
    if (this.stale) return html`${coreText('age.stale', { age: formatAge(age) })}`;
    return html`${age < 1000 ? coreText('age.now') : formatAge(age)}`;
  }
}

customElements.define('ops-age', OpsAge);
