/** Why the hub does not do what was asked. Each is one stable problem type; `http/problem.ts` gives it its status. */
export const REFUSAL_CODES = [
  'invalid-request',
  'not-authenticated',
  'wrong-credentials',
  'forbidden',
  'foreign-origin',
  'not-found',
  'conflict',
  'not-allowed-now',
  'too-many-attempts',
  'busy',
] as const;
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** A place in the request (JSON Pointer, RFC 6901) and what is wrong there. */
export interface FieldError {
  readonly at: string;
  readonly reason: string;
}

/** Thrown by auth and commands; every entrance turns it into its own kind of answer. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly code: RefusalCode;
  readonly errors: readonly FieldError[];
  /** Seconds to wait before another attempt; null when waiting does not help. */
  readonly retryAfter: number | null;

  constructor(
    code: RefusalCode,
    detail: string,
    more: { readonly errors?: readonly FieldError[]; readonly retryAfter?: number } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors ?? [];
    this.retryAfter = more.retryAfter ?? null;
  }
}

/** One wrong field: the commonest refusal. */
export function refuseField(at: string, reason: string): Refused {
  return new Refused('invalid-request', reason, { errors: [{ at, reason }] });
}
