import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '#contract/primitives.ts';
import { type FieldError, type RefusalCode, Refused } from '../auth/refusal.ts';

/** What a problem's `type` starts with; the rest is one of {@link PROBLEMS}' keys and never changes its meaning. */
export const PROBLEM_PREFIX = 'urn:ioc:problem:';
export const PROBLEM_TYPE = 'application/problem+json';

type ProblemCode =
  | RefusalCode
  | 'malformed'
  | 'too-slow'
  | 'too-large'
  | 'unsupported-media-type'
  | 'idempotency-mismatch'
  | 'idempotency-running'
  | 'store-unavailable'
  | 'overloaded'
  | 'internal';

/** All problem types (RFC 9457 §3.1.1), with their status and title. */
export const PROBLEMS: Readonly<Record<ProblemCode, readonly [status: number, title: string]>> = {
  malformed: [400, 'The body cannot be read'],
  'invalid-request': [400, 'The request does not match the contract'],
  'not-authenticated': [401, 'Log in first'],
  'wrong-credentials': [401, 'Name or password is wrong'],
  forbidden: [403, 'Not allowed'],
  'foreign-origin': [403, 'The request comes from another site'],
  'not-found': [404, 'Not found'],
  'too-slow': [408, 'The request did not come in time'],
  conflict: [409, 'It exists already, or something refers to what does not exist'],
  'not-allowed-now': [409, 'Not possible in the present state'],
  'idempotency-running': [409, 'The first request with this key is still running'],
  'too-large': [413, 'The body is too large'],
  'unsupported-media-type': [415, 'The media type is not understood'],
  'idempotency-mismatch': [422, 'The key was used for another request'],
  'too-many-attempts': [429, 'Too many attempts'],
  internal: [500, 'The hub failed'],
  busy: [503, 'The hub is busy'],
  'store-unavailable': [503, 'The database does not answer; the hub goes on without it'],
  overloaded: [503, 'The hub takes nothing in at the moment'],
};

/** Codes of errors that other rooms and the framework throw. */
const CODES: Readonly<Record<string, ProblemCode>> = {
  'store-down': 'store-unavailable',
  'store-busy': 'store-unavailable',
  'store-timeout': 'store-unavailable',
  'store-closed': 'store-unavailable',
  overloaded: 'overloaded',
  exists: 'conflict',
  'missing-reference': 'conflict',
  'bad-query': 'invalid-request',
  'endpoint-not-allowed': 'invalid-request',
  FST_ERR_VALIDATION: 'invalid-request',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media-type',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed',
  FST_ERR_BAD_URL: 'malformed',
  FST_ERR_HANDLER_TIMEOUT: 'busy',
};

/** An error of this room, for what {@link Refused} has no word for. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  readonly problem: ProblemCode;

  constructor(problem: ProblemCode, detail: string) {
    super(detail);
    this.problem = problem;
  }
}

interface Described {
  readonly body: Problem;
  readonly retryAfter: number | null;
}

interface CodedError extends Error {
  readonly code?: unknown;
  readonly statusCode?: unknown;
  readonly retryAfter?: unknown;
  readonly fields?: readonly FieldError[];
}

/** @returns what to answer. Only errors that were meant for the caller speak; the rest is `internal` without detail. */
export function describe(error: Error): Described {
  const coded = error as CodedError;
  const code = codeOf(coded);
  const retryAfter = typeof coded.retryAfter === 'number' ? coded.retryAfter : code === 'store-unavailable' ? 5 : null;
  const errors = error instanceof Refused ? error.errors : (coded.fields ?? []);
  return { body: problem(code, code === 'internal' ? undefined : error.message, errors), retryAfter };
}

export function problem(code: ProblemCode, detail?: string, errors: readonly FieldError[] = []): Problem {
  const [status, title] = PROBLEMS[code];
  return {
    type: PROBLEM_PREFIX + code,
    title,
    status,
    ...(detail === undefined ? {} : { detail }),
    ...(errors.length === 0 ? {} : { errors: [...errors] }),
  };
}

function codeOf(error: CodedError): ProblemCode {
  if (error instanceof Refused) return error.code;
  if (error instanceof HttpProblem) return error.problem;
  const known = typeof error.code === 'string' && Object.hasOwn(CODES, error.code) ? CODES[error.code] : undefined;
  if (known) return known;
  // What the framework itself blames on the request.
  const status = error.statusCode;
  if (typeof status === 'number' && status >= 400 && status < 500) return status === 404 ? 'not-found' : 'malformed';
  return 'internal';
}

/** Sends an error as problem details. */
export function sendProblem(error: Error, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { body, retryAfter } = describe(error);
  if (retryAfter !== null) reply.header('retry-after', Math.ceil(retryAfter));
  if (body.status === 401) reply.header('www-authenticate', 'Bearer realm="ioc"');
  return reply
    .code(body.status)
    .header('cache-control', 'no-store')
    .type(PROBLEM_TYPE)
    .send(JSON.stringify({ ...body, instance: `urn:uuid:${request.id}` }));
}
