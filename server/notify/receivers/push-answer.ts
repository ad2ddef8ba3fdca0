import type { Attempt } from '../ports.ts';

/**
 * What a push service's status means (RFC 8030 §5, §7.3, §8.4): 404 and 410 end the subscription, 429 and 5xx are for
 * now, anything else will not change by asking again. A redirect is not followed: it would lead around the list of
 * hosts.
 * @param now ms since the Unix epoch, for a `Retry-After` that is a date
 */
export function judgeAnswer(status: number, retryAfter: string | undefined, body: string, now: number): Attempt {
  if (status >= 200 && status < 300) return { result: 'accepted', status, detail: null, retryAfterMs: null };
  const detail = plainText(body) || null;
  if (status === 404 || status === 410) return { result: 'gone', status, detail, retryAfterMs: null };
  const passing = status === 408 || status === 429 || status >= 500;
  if (!passing) return { result: 'refused', status, detail, retryAfterMs: null };
  return { result: 'retry', status, detail, retryAfterMs: parseRetryAfter(retryAfter, now) };
}

/** Seconds or an HTTP date (RFC 9110 §10.2.3). @returns milliseconds from now; null when there is none to go by. */
export function parseRetryAfter(value: string | undefined, now: number): number | null {
  const text = value?.trim() ?? '';
  if (/^\d+$/.test(text)) return Number(text) * 1000;
  const date = text === '' ? Number.NaN : Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** What a stranger's server says, as one short line for the record. */
export function plainText(text: string): string {
  return text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, 200);
}
