import type { CredentialRecord } from '#contract/records.ts';
import type { Credential, NewSource, Source } from '#contract/source.ts';
import type { Audit, Caller } from './caller.ts';
import type { SourceStore } from './ports.ts';
import { Refused, refuseField } from './refusal.ts';
import { generateSecret, hashSecret, sameHash } from './secret.ts';

export interface SourceDirectoryOptions {
  readonly store: SourceStore;
  readonly unitExists: (unit: string) => boolean;
  readonly now: () => number;
  readonly audit: Audit;
}

const DEFAULT_STALE_AFTER = 300;
/** Enough to roll a credential over while devices change; more would only hide forgotten ones. */
const MAX_CREDENTIALS = 50;
const NO_HASH = hashSecret('');

/** A credential as people may see it. */
export interface CredentialSummary {
  readonly username: string;
  readonly source: string;
  readonly createdAt: string;
}

/** Sources and their credentials, in memory so that brokers and HTTP ask without waiting. The configuration's win. */
export class SourceDirectory {
  readonly #store: SourceStore;
  readonly #unitExists: (unit: string) => boolean;
  readonly #now: () => number;
  readonly #audit: Audit;
  readonly #configured = new Map<string, Source>();
  readonly #added = new Map<string, Source>();
  readonly #credentials = new Map<string, CredentialRecord>();
  readonly #addedListeners = new Set<(source: Source) => void>();
  readonly #revoked = new Set<(username: string) => void>();

  constructor(options: SourceDirectoryOptions) {
    this.#store = options.store;
    this.#unitExists = options.unitExists;
    this.#now = options.now;
    this.#audit = options.audit;
  }

  restore(sources: readonly Source[], credentials: readonly CredentialRecord[]): void {
    for (const source of sources) this.#added.set(source.id, source);
    for (const credential of credentials) this.#credentials.set(credential.username, credential);
  }

  /** Takes over the configuration's sources, at start and after a reload. */
  configure(sources: readonly Source[]): void {
    this.#configured.clear();
    for (const source of sources) this.#configured.set(source.id, source);
  }

  source(id: string): Source | undefined {
    return this.#configured.get(id) ?? this.#added.get(id);
  }

  /** @returns sorted by id. */
  sources(): Source[] {
    return [...new Map([...this.#added, ...this.#configured]).values()].sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** @returns the source this credential belongs to; the time taken does not tell whether the name exists. */
  verify(username: string, password: string): Source | null {
    const credential = this.#credentials.get(username);
    const matches = sameHash(credential?.hash ?? NO_HASH, hashSecret(password));
    return matches && credential ? (this.source(credential.source) ?? null) : null;
  }

  credentials(source: string): CredentialSummary[] {
    return [...this.#credentials.values()]
      .filter((credential) => credential.source === source)
      .map(({ username, createdAt }) => ({ username, source, createdAt }));
  }

  /** Called with each source created while the hub runs. */
  onAdded(listener: (source: Source) => void): void {
    this.#addedListeners.add(listener);
  }

  /** Called with the username of a withdrawn credential: whoever is connected with it must go. */
  onCredentialRevoked(listener: (username: string) => void): void {
    this.#revoked.add(listener);
  }

  /** @throws Refused `conflict` or `invalid-request`; what the store throws */
  async create(source: NewSource, by: Caller): Promise<Source> {
    if (this.source(source.id)) throw new Refused('conflict', `there is a source "${source.id}" already`);
    if (!this.#unitExists(source.unit)) throw refuseField('/unit', `there is no unit "${source.unit}"`);
    const record: Source = {
      id: source.id,
      unit: source.unit,
      name: source.name.normalize('NFC'),
      decoder: source.decoder ?? 'senml',
      staleAfter: source.staleAfter ?? DEFAULT_STALE_AFTER,
      recorded: false,
    };
    await this.#store.create(record);
    this.#added.set(record.id, record);
    this.#audit(by, 'source.create', record.id, { unit: record.unit, decoder: record.decoder });
    for (const listener of this.#addedListeners) listener(record);
    return record;
  }

  /** @returns the credential; its password is nowhere else and not shown again. @throws Refused; what the store throws */
  async addCredential(source: Source, by: Caller): Promise<Credential> {
    if (this.credentials(source.id).length >= MAX_CREDENTIALS) {
      throw new Refused('conflict', `${source.id} has ${MAX_CREDENTIALS} credentials; delete those no longer used`);
    }
    const password = generateSecret();
    // The name is random too, so that a name alone, seen in a log, cannot be tried elsewhere.
    const username = `${source.id}.${generateSecret().slice(0, 8).toLowerCase().replace(/[-_]/g, '0')}`;
    const record = {
      username,
      hash: hashSecret(password),
      source: source.id,
      createdAt: new Date(this.#now()).toISOString(),
    };
    await this.#store.addCredential(record);
    this.#credentials.set(username, record);
    this.#audit(by, 'credential.create', username, { source: source.id });
    return { username, password };
  }

  /** @throws Refused `not-found`; what the store throws */
  async deleteCredential(source: string, username: string, by: Caller): Promise<void> {
    if (this.#credentials.get(username)?.source !== source) {
      throw new Refused('not-found', `${source} has no credential "${username}"`);
    }
    await this.#store.deleteCredential(username);
    this.#credentials.delete(username);
    this.#audit(by, 'credential.delete', username, { source });
    for (const listener of this.#revoked) listener(username);
  }
}
