import { expect, test } from 'vitest';
import { isOwnOrigin, originOf } from '../../../server/auth/origin.ts';

const OWN = 'http://127.0.0.1:8080';
const PUBLIC = 'https://ioc.example';

test.each<readonly [string | undefined, string | undefined, string | null, boolean, string]>([
  ['same-origin', PUBLIC, PUBLIC, true, 'the page itself'],
  ['same-origin', 'http://localhost:8080', PUBLIC, true, 'the browser vouches, whatever name it used'],
  ['cross-site', PUBLIC, PUBLIC, false, 'the browser says it is not'],
  ['same-site', 'https://other.ioc.example', PUBLIC, false, 'a sibling host is not this hub'],
  ['none', undefined, PUBLIC, true, 'typed by the person'],
  ['none', 'https://evil.example', PUBLIC, false, 'an origin that contradicts'],
  [undefined, PUBLIC, PUBLIC, true, 'an older browser, own page'],
  [undefined, 'https://evil.example', PUBLIC, false, 'an older browser, foreign page'],
  [undefined, 'null', PUBLIC, false, 'a sandboxed frame or a file'],
  [undefined, OWN, PUBLIC, false, 'with a public address only that one counts'],
  [undefined, OWN, null, true, 'without one, the host the request was sent to'],
  [undefined, 'http://127.0.0.1:9090', null, false, 'another port is another origin'],
  [undefined, undefined, PUBLIC, true, 'no browser: it holds the cookie itself'],
])('Sec-Fetch-Site %s, Origin %s, public %s: %s (%s)', (fetchSite, origin, publicOrigin, allowed) => {
  expect(isOwnOrigin({ fetchSite, origin, own: OWN }, publicOrigin)).toBe(allowed);
});

test('the public origin is that of the address, without its path', () => {
  expect(originOf('https://ioc.example:8443/hub/')).toBe('https://ioc.example:8443');
  expect(originOf(null)).toBeNull();
});
