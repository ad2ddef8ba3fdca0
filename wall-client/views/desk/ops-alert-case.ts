import { html, LitElement, nothing } from 'lit';
import type { Alert, AlertChange } from '#contract/alert.ts';
import type { Principal, Unit } from '#contract/people.ts';
import type { HubHttp } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import '../../elements/ops-severity.ts';
import { coreText } from '../../i18n/core-texts.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { formatMoment } from '../../i18n/format.ts';
import { inLanguage } from '../../i18n/language.ts';
import { endedUnseen } from '../../state/alert-store.ts';
import { ageWords } from './age-words.ts';
import './ops-alert-actions.ts';
import type { OpsAlertActions } from './ops-alert-actions.ts';
import { caseStyles } from './ops-alert-case-styles.ts';
import './ops-alert-trail.ts';
import type { DeskAction } from './desk-keys.ts';
import { controlStyles } from './desk-styles.ts';
import { exactValue } from './exact-value.ts';
import { listOf, Resource } from './resource.ts';

/**
 * The chosen alert: its six axes in words, the facts, what may be done, what was done. The trail is fetched anew with
 * each change of the alert, so that it never tells less than the axes above it.
 */
export class OpsAlertCase extends LitElement {
  static override properties = {
    alert: { attribute: false },
    units: { attribute: false },
    principal: { attribute: false },
    http: { attribute: false },
    keys: { type: Boolean },
    now: { type: Number },
  };

  declare alert: Alert;
  declare units: ReadonlyMap<string, Unit>;
  declare principal: Principal | null;
  declare http: HubHttp;
  declare keys: boolean;
  declare now: number;

  readonly #trail = new Resource<readonly AlertChange[]>(this);
  #trailOf = '';

  static override styles = [elementStyles, controlStyles, caseStyles];

  constructor() {
    super();
    this.units = new Map();
    this.principal = null;
    this.keys = true;
    this.now = 0;
  }

  /** Does what a key or a button stands for. */
  perform(action: DeskAction): void {
    this.renderRoot.querySelector<OpsAlertActions>('ops-alert-actions')?.perform(action);
  }

  protected override willUpdate(): void {
    const wanted = `${this.alert.id} ${this.alert.seq}`;
    if (wanted === this.#trailOf) return;
    if (!this.#trailOf.startsWith(this.alert.id)) this.#trail.clear();
    this.#trailOf = wanted;
    this.#loadTrail();
  }

  #loadTrail = () => {
    const { id } = this.alert;
    void this.#trail.load((signal) => listOf<AlertChange>(this.http, `/alerts/${id}/history`, signal));
  };

  protected override render() {
    const { alert } = this;
    return html`
      <article aria-label=${deskText('case.title')}>
        <header class=${alert.severity}>
          <div>
            <ops-severity
              .severity=${alert.severity}
              .authenticity=${alert.authenticity}
              .ended=${endedUnseen(alert)}
            ></ops-severity>
            <h2 tabindex="-1">${inLanguage(alert.title)}</h2>
            <p class="where">${this.#where()}</p>
          </div>
          ${this.#value()}
        </header>
        <ops-alert-actions
          .alert=${alert}
          .units=${this.units}
          .principal=${this.principal}
          .http=${this.http}
          .keys=${this.keys}
        ></ops-alert-actions>
        <section>
          <h3>${deskText('case.status')}</h3>
          <dl class="axes">${this.#axes()}</dl>
        </section>
        <section>
          <h3>${deskText('case.facts')}</h3>
          <dl class="facts">${this.#facts()}</dl>
        </section>
        <section>
          <h3>${deskText('trail.title')}</h3>
          ${this.#history()}
        </section>
      </article>
    `;
  }

  #where() {
    const { thing } = this.alert;
    const unit = this.#unitName(this.alert.unit);
    return thing === null ? unit : html`${thing} <span class="quiet">·</span> ${unit}`;
  }

  #value() {
    const { value, uom, quality } = this.alert;
    if (value === null) return nothing;
    // A value whose series fell silent is the last known one, not the present one.
    return html`<p class=${quality === 'live' ? 'value' : 'value old'}>${exactValue(value, uom)}</p>`;
  }

  #axes() {
    const { condition, quality, authenticity, handling, suppressed, publication } = this.alert;
    const shelf = suppressed && {
      until: formatMoment(Date.parse(suppressed.until), this.now),
      by: suppressed.by,
      why: suppressed.why,
    };
    return [
      pair(
        deskText('axis.condition'),
        endedUnseen(this.alert) ? coreText('condition.ended-unseen') : coreText(`condition.${condition}`),
      ),
      pair(deskText('axis.handling'), coreText(`handling.${handling}`)),
      pair(deskText('axis.authenticity'), coreText(`authenticity.${authenticity}`)),
      pair(deskText('axis.quality'), coreText(`quality.${quality}`)),
      pair(deskText('axis.suppressed'), shelf ? deskText('case.shelvedUntil', shelf) : deskText('case.notShelved')),
      pair(deskText('axis.publication'), deskText(`publication.${publication}`)),
    ];
  }

  #facts() {
    const { alert } = this;
    return [
      pair(deskText('case.startsAt'), this.#moment(alert.startsAt)),
      pair(deskText('case.firedAt'), this.#moment(alert.firedAt)),
      pair(deskText('case.endsAt'), this.#moment(alert.endsAt)),
      pair(deskText('axis.unit'), this.#unitName(alert.unit)),
      pair(deskText('case.acknowledgedBy'), alert.acknowledgedBy ?? deskText('case.notYet')),
      pair(deskText('case.assignee'), alert.assignee ?? deskText('case.notYet')),
      pair(deskText('case.rule'), alert.rule),
      pair(deskText('case.runbook'), this.#runbook()),
    ];
  }

  #runbook() {
    const { runbook, rule } = this.alert;
    if (runbook === null) return deskText('none');
    const address = `/api/v1/rules/${encodeURIComponent(rule)}/runbook`;
    return html`<a href=${address} target="_blank" rel="noreferrer">${runbook.split('/').at(-1)}</a>`;
  }

  #moment(time: string | null) {
    if (time === null) return deskText('case.notYet');
    const at = Date.parse(time);
    return html`<time datetime=${time}>${formatMoment(at, this.now)}</time>
      <span class="quiet">${ageWords(this.now - at)}</span>`;
  }

  #history() {
    const { value, failure } = this.#trail;
    return html`
      ${
        failure === null
          ? nothing
          : html`<p class="problem">${deskText('failed', { reason: failure })}
              <button class="plain" @click=${this.#loadTrail}>${deskText('retry')}</button></p>`
      }
      ${
        value === null
          ? failure === null && html`<p class="quiet">${deskText('loading')}</p>`
          : html`<ops-alert-trail .changes=${value} .units=${this.units} .now=${this.now}></ops-alert-trail>`
      }
    `;
  }

  #unitName(id: string): string {
    const unit = this.units.get(id);
    return unit ? inLanguage(unit.name) : id;
  }
}

const pair = (name: string, value: unknown) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;

customElements.define('ops-alert-case', OpsAlertCase);
