import { css, html, LitElement, nothing } from 'lit';
import type { Alert } from '#contract/alert.ts';
import { coreText } from '../i18n/core-texts.ts';
import { formatCountdown, formatSpan } from '../i18n/format.ts';
import { inLanguage } from '../i18n/language.ts';
import { endedUnseen } from '../state/alert-store.ts';
import { handlingText, pulsesLeft } from './alert-wording.ts';
import './ops-fit.ts';
import './ops-severity.ts';
import { elementStyles } from './theme.ts';
import { shortUnitName } from './unit-name.ts';

/**
 * One alert: shape, title; place; severity in words, unit, handling, age or deadline. In a wide box it takes
 * two lines, in a narrow one three.
 *
 * - `unitName`: name of the responsible unit in the page's language
 * - `now`: hub clock, ms; `deadline`: ms, null when none runs
 */
export class OpsAlertRow extends LitElement {
  static override properties = {
    alert: { attribute: false },
    unitName: { attribute: false },
    now: { type: Number },
    deadline: { type: Number },
  };

  declare alert: Alert | null;
  declare unitName: string;
  declare now: number;
  declare deadline: number | null;
  /** Counted once an alert: a countdown in progress must not be restarted every second. */
  #pulses = 0;
  #pulsesOf = '';

  static override styles = [
    elementStyles,
    css`
      :host {
        display: block;
        container-type: inline-size;
        min-width: 0;
      }
      article {
        display: grid;
        grid-template-columns: 1.75rem minmax(0, 1fr) auto;
        grid-template-areas:
          'shape title title'
          'shape place age'
          'shape state state';
        column-gap: 0.35rem;
        padding: 0.16rem 0.5rem 0.22rem 0;
        border-left: 0.3rem solid transparent;
      }
      article.unseen {
        border-left-color: currentColor;
      }
      .critical {
        color: var(--critical);
      }
      .major {
        color: var(--major);
      }
      .minor {
        color: var(--minor);
      }
      .warning {
        color: var(--warning);
      }
      .info {
        color: var(--info);
      }
      .shape {
        grid-area: shape;
        justify-self: center;
        padding-top: 0.06rem;
        font-size: var(--size-2);
      }
      .title {
        grid-area: title;
        color: var(--text-0);
        font-size: var(--size-2);
        font-weight: 600;
        line-height: 1.35;
      }
      .place {
        grid-area: place;
        color: var(--text-0);
      }
      .state {
        grid-area: state;
        display: flex;
        color: var(--text-1);
        white-space: pre;
      }
      .state ops-fit {
        flex: 0 1 auto;
      }
      .age {
        grid-area: age;
        color: var(--text-1);
        white-space: nowrap;
      }
      .late {
        color: var(--text-0);
        font-weight: 600;
      }
      .ended .title,
      .ended .place,
      .shelved .title,
      .shelved .place {
        color: var(--text-1);
        font-weight: 400;
      }
      .refuted .title {
        text-decoration: line-through;
      }
      .word {
        font-weight: 600;
      }
      @container (min-width: 34rem) {
        article {
          grid-template-areas:
            'shape title place'
            'shape state age';
          grid-template-columns: 1.75rem minmax(0, 1fr) minmax(auto, 45%);
        }
        .place,
        .age {
          justify-self: end;
          text-align: right;
        }
        .place {
          align-self: center;
        }
      }
    `,
  ];

  constructor() {
    super();
    this.alert = null;
    this.unitName = '';
    this.now = 0;
    this.deadline = null;
  }

  protected override willUpdate(): void {
    const { alert } = this;
    const key = alert ? `${alert.id} ${alert.handling} ${alert.condition} ${alert.severity}` : '';
    if (alert === null || key === this.#pulsesOf || this.now === 0) return;
    this.#pulsesOf = key;
    this.#pulses = pulsesLeft(alert, this.now);
  }

  protected override render() {
    const { alert } = this;
    if (alert === null) return nothing;
    const ended = endedUnseen(alert);
    const { severity } = alert;
    const classes = [
      severity,
      alert.handling === 'new' && !ended ? 'unseen' : '',
      ended ? 'ended' : '',
      alert.suppressed ? 'shelved' : '',
      alert.authenticity === 'refuted' ? 'refuted' : '',
    ];
    return html`
      <article class=${classes.join(' ')}>
        <ops-severity
          class="shape"
          quiet
          .severity=${severity}
          .authenticity=${alert.authenticity}
          .ended=${ended}
          .pulses=${this.#pulses}
        ></ops-severity>
        <h3 class="title"><ops-fit lines="2" smallest="0.8" .text=${inLanguage(alert.title)}></ops-fit></h3>
        <p class="place"><ops-fit kept="end" .text=${alert.thing ?? alert.rule}></ops-fit></p>
        <p class="age">${this.#age(alert)}</p>
        <p class="state">
          <span class="word ${severity}">${coreText(`severity.${severity}`)}</span><span> · </span
          ><ops-fit kept="end" .text=${shortUnitName(this.unitName)}></ops-fit><span> · ${handlingText(alert)}</span>
        </p>
      </article>
    `;
  }

  #age(alert: Alert) {
    if (this.deadline !== null) {
      const left = this.deadline - this.now;
      return left < 0
        ? html`<span class="late">${coreText('alert.overdue', { span: formatSpan(-left) })}</span>`
        : coreText('alert.due', { countdown: formatCountdown(left) });
    }
    return formatSpan(this.now - Date.parse(alert.startsAt));
  }
}

customElements.define('ops-alert-row', OpsAlertRow);
