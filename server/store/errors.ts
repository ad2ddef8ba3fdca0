/** The database cannot answer now: down, starting, busy, or too slow. Trying again later may help (HTTP 503). */
export class StoreUnavailable extends Error {
  readonly code: 'store-down' | 'store-busy' | 'store-timeout' | 'store-closed';

  constructor(code: StoreUnavailable['code'], reason: string) {
    super(reason);
    this.name = 'StoreUnavailable';
    this.code = code;
  }
}

/** What was to be created exists, or what it refers to does not (HTTP 409). */
export class Conflict extends Error {
  readonly code: 'exists' | 'missing-reference';

  constructor(code: Conflict['code'], reason: string) {
    super(reason);
    this.name = 'Conflict';
    this.code = code;
  }
}

/** The server must not be used at all: wrong version, unsafe settings, a schema from elsewhere. Ends the start. */
export class StoreRefused extends Error {
  readonly code = 'store-refused';
}

/** A caller's argument that SQL could not take, e.g. a cursor from another list (HTTP 400). */
export class BadQuery extends Error {
  readonly code = 'bad-query';
}

type FailureKind = 'connection' | 'transient' | 'data' | 'conflict' | 'schema' | 'other';

const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
]);

/**
 * What a failure says about the next try. `connection` and `transient`: the same again later. `data`: never with these
 * rows. `schema`: never with these statements or rights; no row is to blame.
 * Classes of SQLSTATE after PostgreSQL, appendix A.
 */
export function failureKind(error: unknown): FailureKind {
  const code = (error as { code?: unknown }).code;
  if (typeof code !== 'string') return isBrokenClient(error) ? 'connection' : 'other';
  if (CONNECTION_CODES.has(code)) return 'connection';
  if (!/^[0-9A-Z]{5}$/.test(code)) return 'other';
  // 25006: read-only, the server became a standby. 53300: too many connections.
  if (/^(08|57P)/.test(code) || code === '25006' || code === '53300') return 'connection';
  if (/^(40|53|55|57|58)/.test(code)) return 'transient';
  if (code === '23505' || code === '23503') return 'conflict';
  if (/^(22|23|54)/.test(code)) return 'data';
  return /^(0A|28|2B|3[DF]|42)/.test(code) ? 'schema' : 'other';
}

/** `pg` reports a lost or stuck connection as plain errors, known by their text alone (8.23). */
function isBrokenClient(error: unknown): boolean {
  const text = error instanceof Error ? error.message : '';
  return /terminated|timeout|not queryable|Connection ended|closed the connection/i.test(text);
}

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Node's happy-eyeballs error has an empty message; its parts tell.
  if (error instanceof AggregateError) return error.errors.map(reasonOf).join('; ');
  return error.message;
}
