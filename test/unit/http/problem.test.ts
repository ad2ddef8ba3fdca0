import { expect, test } from 'vitest';
import { Refused } from '../../../server/auth/refusal.ts';
import { describe as describeError, HttpProblem, PROBLEMS } from '../../../server/http/problem.ts';

const coded = (code: string, more: object = {}) => Object.assign(new Error('said by it'), { code, ...more });

test.each([
  [new Refused('forbidden', 'no'), 403, 'forbidden', 'no', null],
  [new Refused('too-many-attempts', 'wait', { retryAfter: 3 }), 429, 'too-many-attempts', 'wait', 3],
  [new HttpProblem('idempotency-mismatch', 'key'), 422, 'idempotency-mismatch', 'key', null],
  [coded('store-down'), 503, 'store-unavailable', 'said by it', 5],
  [coded('store-timeout'), 503, 'store-unavailable', 'said by it', 5],
  [coded('overloaded', { retryAfter: 30 }), 503, 'overloaded', 'said by it', 30],
  [coded('exists'), 409, 'conflict', 'said by it', null],
  [coded('bad-query'), 400, 'invalid-request', 'said by it', null],
  [coded('FST_ERR_CTP_BODY_TOO_LARGE', { statusCode: 413 }), 413, 'too-large', 'said by it', null],
  [coded('FST_ERR_CTP_INVALID_JSON_BODY', { statusCode: 400 }), 400, 'malformed', 'said by it', null],
  [coded('FST_ERR_SOMETHING_NEW', { statusCode: 400 }), 400, 'malformed', 'said by it', null],
])('%o is %i %s', (error, status, code, detail, retryAfter) => {
  expect(describeError(error)).toMatchObject({
    body: { type: `urn:ioc:problem:${code}`, title: PROBLEMS[code as keyof typeof PROBLEMS][1], status, detail },
    retryAfter,
  });
});

test.each([
  [new TypeError("Cannot read properties of undefined (reading 'secret')")],
  [coded('ECONNREFUSED')],
  [coded('toString')],
  [coded('42P01', { statusCode: 500 })],
])('what was not meant for the caller is not told: %o', (error) => {
  expect(describeError(error).body).toEqual({
    type: 'urn:ioc:problem:internal',
    title: 'The hub failed',
    status: 500,
  });
});
