import { css, html, LitElement } from 'lit';
import type { Shift } from '#contract/wall.ts';
import type { LinkStatus } from '../connection/hub-connection.ts';
import '../elements/ops-clock.ts';
import '../elements/ops-link.ts';
import { elementStyles } from '../elements/theme.ts';
import { minuteOfDay } from '../i18n/format.ts';
import { inLanguage } from '../i18n/language.ts';
import { wallText } from '../i18n/wall-texts.ts';
import { shiftAt } from './shift.ts';

/** Clock, date, shift and the link. `now`: hub clock, ms; `link`: as the connection gives it, on the page's clock. */
export class OpsShiftHeader extends LitElement {
  static override properties = {
    now: { type: Number },
    shifts: { attribute: false },
    link: { attribute: false },
  };

  declare now: number;
  declare shifts: readonly Shift[];
  declare link: LinkStatus | null;

  static override styles = [
    elementStyles,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        align-items: end;
        gap: 0 1rem;
        padding: 0.35rem 0.7rem 0.45rem;
      }
      .duty {
        justify-self: end;
        text-align: right;
        color: var(--text-1);
      }
    `,
  ];

  constructor() {
    super();
    this.now = 0;
    this.shifts = [];
    this.link = null;
  }

  protected override render() {
    const shift = shiftAt(this.shifts, minuteOfDay(this.now));
    return html`
      <ops-clock .now=${this.link?.offset == null ? null : this.now}></ops-clock>
      <div class="duty">
        <p>${shift ? inLanguage(shift.name) : wallText('shift.none')}</p>
        ${shift ? html`<p>${shift.from}–${shift.to}</p>` : ''}
        <ops-link .state=${this.link?.state ?? 'connecting'}></ops-link>
      </div>
    `;
  }
}

customElements.define('ops-shift-header', OpsShiftHeader);
