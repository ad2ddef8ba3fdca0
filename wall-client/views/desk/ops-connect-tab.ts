import { html, LitElement, nothing } from 'lit';
import { DECODERS, SLUG_PATTERN } from '#contract/names.ts';
import type { Principal, Unit } from '#contract/people.ts';
import type { Credential, NewSource, Source } from '#contract/source.ts';
import { HttpError, type HubHttp } from '../../connection/http.ts';
import { elementStyles } from '../../elements/theme.ts';
import { deskText } from '../../i18n/desk-texts.ts';
import { inLanguage } from '../../i18n/language.ts';
import type { SourceView } from '../../state/health-store.ts';
import { mosquittoCommand, type SamplePayload } from './connection-guide.ts';
import { connectStyles } from './ops-connect-tab-styles.ts';
import './ops-copy-field.ts';
import { controlStyles, pageStyles } from './desk-styles.ts';
import './ops-first-samples.ts';
import { reasonOf } from './resource.ts';
import { slugOf } from './slug.ts';

/** A source with its fresh account; `baseline` is how many samples it had before. */
interface Connected {
  readonly source: string;
  readonly credential: Credential;
  readonly sample: SamplePayload | null;
  readonly baseline: number;
}

/** Declares a source, shows its account once, and waits beside it for the first sample. */
export class OpsConnectTab extends LitElement {
  static override properties = {
    http: { attribute: false },
    units: { attribute: false },
    sources: { attribute: false },
    principal: { attribute: false },
    now: { type: Number },
    busy: { state: true },
    failure: { state: true },
    idWrong: { state: true },
    connected: { state: true },
  };

  declare http: HubHttp;
  declare units: ReadonlyMap<string, Unit>;
  declare sources: readonly SourceView[];
  declare principal: Principal | null;
  declare now: number;
  declare busy: boolean;
  declare failure: string | null;
  declare idWrong: boolean;
  declare connected: Connected | null;

  #ownsId = false;

  static override styles = [elementStyles, controlStyles, pageStyles, connectStyles];

  constructor() {
    super();
    this.units = new Map();
    this.sources = [];
    this.principal = null;
    this.now = 0;
    this.busy = false;
    this.failure = null;
    this.idWrong = false;
    this.connected = null;
  }

  protected override render() {
    return html`
      <h1>${deskText('connect.title')}</h1>
      <p class="lead">${deskText('connect.lead')}</p>
      ${this.connected === null ? this.#declare() : this.#guide(this.connected)}
    `;
  }

  #declare() {
    const own = this.principal?.kind === 'user' && this.principal.role === 'focal-point' ? this.principal.unit : null;
    const units = [...this.units.values()].filter(({ id }) => own === null || id === own);
    return html`
      <h2>${deskText('connect.step1')}</h2>
      ${this.failure === null ? nothing : html`<p class="problem" role="alert">${this.failure}</p>`}
      <form class="fields" @submit=${this.#create}>
        <label>
          ${deskText('connect.name')}
          <input name="name" required maxlength="128" autocomplete="off" @input=${this.#suggestId} />
        </label>
        <label>
          ${deskText('connect.id')}
          <input
            name="id"
            required
            maxlength="64"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-describedby="id-hint"
            aria-invalid=${this.idWrong}
            @input=${this.#ownId}
          />
          <span class="hint" id="id-hint">${deskText(this.idWrong ? 'connect.idBad' : 'connect.idHint')}</span>
        </label>
        <label>
          ${deskText('connect.unit')}
          <select name="unit" required>
            ${units.map(({ id, name }) => html`<option value=${id}>${inLanguage(name)}</option>`)}
          </select>
        </label>
        <label>
          ${deskText('connect.decoder')}
          <select name="decoder">
            ${DECODERS.map((decoder) => html`<option value=${decoder}>${deskText(`decoder.${decoder}`)}</option>`)}
          </select>
        </label>
        <button class="primary" ?disabled=${this.busy}>
          ${deskText(this.busy ? 'action.sending' : 'connect.create')}
        </button>
      </form>
      ${this.#existing(own)}
    `;
  }

  #existing(own: string | null) {
    const sources = this.sources.filter(({ unit }) => own === null || unit === own);
    if (sources.length === 0) return nothing;
    return html`
      <h2>${deskText('connect.existing')}</h2>
      <form class="fields" @submit=${this.#issueExisting}>
        <label>
          ${deskText('connect.choose')}
          <select name="id">
            ${sources.map(({ source, name }) => html`<option value=${source}>${name} (${source})</option>`)}
          </select>
        </label>
        <button ?disabled=${this.busy}>${deskText('connect.issue')}</button>
      </form>
    `;
  }

  #guide({ source, credential, sample, baseline }: Connected) {
    const health = this.sources.find((known) => known.source === source);
    return html`
      <h2 tabindex="-1">${deskText('connect.step2')}</h2>
      <p class="problem once">${deskText('connect.once')}</p>
      <div class="account">
        <ops-copy-field .label=${deskText('connect.username')} .text=${credential.username}></ops-copy-field>
        <ops-copy-field .label=${deskText('connect.password')} .text=${credential.password}></ops-copy-field>
      </div>
      ${sample === null ? nothing : this.#sample(sample, credential)}
      <h2>${deskText('connect.step3')}</h2>
      <ops-first-samples
        .http=${this.http}
        .source=${source}
        .arrived=${(health?.samples ?? 0) > baseline}
        .quarantined=${health?.quarantined ?? 0}
        .now=${this.now}
      ></ops-first-samples>
      <p class="row"><button @click=${this.#another}>${deskText('connect.another')}</button></p>
    `;
  }

  #sample(sample: SamplePayload, credential: Credential) {
    return html`
      <div class="fields wide">
        <ops-copy-field .label=${deskText('connect.topic')} .text=${sample.topic}></ops-copy-field>
        <ops-copy-field .label=${deskText('connect.payload')} .text=${sample.payload}></ops-copy-field>
        <ops-copy-field
          .label=${deskText('connect.command')}
          .text=${mosquittoCommand(sample, credential, location.hostname)}
        ></ops-copy-field>
      </div>
    `;
  }

  /** Proposes the id while nobody wrote one of their own. */
  #suggestId = (event: Event) => {
    const id = this.renderRoot.querySelector<HTMLInputElement>('[name=id]');
    if (id && !this.#ownsId) id.value = slugOf((event.target as HTMLInputElement).value);
  };

  #ownId = (event: Event) => {
    this.#ownsId = (event.target as HTMLInputElement).value !== '';
  };

  #create = (event: SubmitEvent) => {
    event.preventDefault();
    const fields = new FormData(event.target as HTMLFormElement);
    const text = (name: string) => String(fields.get(name) ?? '').trim();
    const id = text('id');
    this.idWrong = !new RegExp(SLUG_PATTERN).test(id);
    if (this.idWrong) return this.renderRoot.querySelector<HTMLElement>('[name=id]')?.focus();
    const decoder = DECODERS.find((known) => known === text('decoder')) ?? 'senml';
    const body: NewSource = { id, unit: text('unit'), name: text('name').normalize('NFC'), decoder };
    void this.#attempt(async () => {
      await this.http.post<Source>('/sources', body);
      await this.#issue(id);
    });
  };

  #issueExisting = (event: SubmitEvent) => {
    event.preventDefault();
    const id = String(new FormData(event.target as HTMLFormElement).get('id'));
    void this.#attempt(() => this.#issue(id));
  };

  async #issue(source: string): Promise<void> {
    const baseline = this.sources.find((known) => known.source === source)?.samples ?? 0;
    const credential = await this.http.post<Credential>(`/sources/${source}/credentials`);
    // The password exists only in this answer: it is shown even when the sample cannot be had.
    const sample = await this.http.get<SamplePayload>(`/sources/${source}/sample-payload`).catch(() => null);
    this.connected = { source, credential, sample, baseline };
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>('h2')?.focus());
  }

  async #attempt(work: () => Promise<void>): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.failure = null;
    try {
      await work();
    } catch (error) {
      const exists = error instanceof HttpError && error.key === 'conflict';
      this.failure = exists ? deskText('connect.exists') : reasonOf(error);
    } finally {
      this.busy = false;
    }
  }

  #another = () => {
    this.connected = null;
    this.#ownsId = false;
  };
}

customElements.define('ops-connect-tab', OpsConnectTab);
