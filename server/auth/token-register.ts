import { randomUUID } from 'node:crypto';
import type { NewToken, Principal } from '#contract/people.ts';
import type { TokenRecord } from '#contract/records.ts';
import type { Audit, Caller } from './caller.ts';
import { actorOf, UNIT_ROLES } from './policy.ts';
import type { IdentityStore } from './ports.ts';
import { Refused, refuseField } from './refusal.ts';
import { generateSecret, hashSecret } from './secret.ts';

export interface TokenRegisterOptions {
  readonly store: Pick<IdentityStore, 'createToken' | 'deleteToken'>;
  readonly unitExists: (unit: string) => boolean;
  readonly now: () => number;
  readonly audit: Audit;
  readonly revoked: () => void;
}

/** A token as administrators may see it: never the secret, nor its hash. */
export type TokenSummary = Omit<TokenRecord, 'hash'>;

/** What a token starts with, so that scanners of repositories and logs know one when they see it. */
const PREFIX = 'ioc_';

/** Machine tokens, found by the hash of what is shown. */
export class TokenRegister {
  readonly #options: TokenRegisterOptions;
  readonly #byHash = new Map<string, TokenRecord>();

  constructor(options: TokenRegisterOptions) {
    this.#options = options;
  }

  restore(tokens: readonly TokenRecord[]): void {
    for (const token of tokens) this.#byHash.set(token.hash, token);
  }

  /** @returns who holds this token, null when unknown or expired. */
  principal(token: string): Principal | null {
    const record = this.#byHash.get(hashSecret(token));
    if (!record || (record.expiresAt !== null && Date.parse(record.expiresAt) <= this.#options.now())) return null;
    return { kind: 'token', name: record.name, role: record.role, unit: record.unit };
  }

  list(): TokenSummary[] {
    return [...this.#byHash.values()].map(({ hash: _, ...summary }) => summary);
  }

  /** @returns the token, shown this once. @throws Refused; what the store throws */
  async create(token: NewToken, by: Caller): Promise<TokenSummary & { readonly token: string }> {
    const { store, unitExists, now, audit } = this.#options;
    const unit = token.unit ?? null;
    if (unit !== null && !unitExists(unit)) throw refuseField('/unit', `there is no unit "${unit}"`);
    if (unit === null && UNIT_ROLES.includes(token.role)) {
      throw refuseField('/unit', `the role ${token.role} acts for a unit: name it`);
    }
    if (token.expiresAt !== undefined && Date.parse(token.expiresAt) <= now()) {
      throw refuseField('/expiresAt', 'lies in the past');
    }
    const secret = PREFIX + generateSecret();
    const record: TokenRecord = {
      id: randomUUID(),
      hash: hashSecret(secret),
      name: token.name.normalize('NFC'),
      role: token.role,
      unit,
      createdBy: actorOf(by.principal),
      expiresAt: token.expiresAt ?? null,
    };
    await store.createToken(record);
    this.#byHash.set(record.hash, record);
    audit(by, 'token.create', record.id, { name: record.name, role: record.role, unit, expiresAt: record.expiresAt });
    const { hash: _, ...summary } = record;
    return { ...summary, token: secret };
  }

  /** @throws Refused `not-found`; what the store throws */
  async delete(id: string, by: Caller): Promise<void> {
    const record = [...this.#byHash.values()].find((token) => token.id === id);
    if (!record) throw new Refused('not-found', `there is no token "${id}"`);
    await this.#options.store.deleteToken(id);
    this.#byHash.delete(record.hash);
    this.#options.audit(by, 'token.delete', id, { name: record.name });
    this.#options.revoked();
  }
}
