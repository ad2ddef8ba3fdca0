import { expect, test } from 'vitest';
import { endpointProblem } from '../../../server/notify/receivers/push-endpoint.ts';

const vendors = ['fcm.googleapis.com', '*.push.services.mozilla.com', 'web.push.apple.com', 'Push.Tinh.Example:8443'];

test.each([
  ['https://fcm.googleapis.com/fcm/send/abc'],
  ['https://fcm.googleapis.com:443/fcm/send/abc'],
  ['https://FCM.googleapis.com/x'],
  ['https://updates.push.services.mozilla.com/wpush/v2/x'],
  ['https://push.tinh.example:8443/x'],
])('%s may be used', (endpoint) => {
  expect(endpointProblem(endpoint, vendors)).toBeNull();
});

test.each([
  ['plain HTTP', 'http://fcm.googleapis.com/x'],
  ['another scheme', 'file:///etc/passwd'],
  ['no URL', 'fcm.googleapis.com/x'],
  ['another port of a known host', 'https://fcm.googleapis.com:8443/x'],
  ['the intranet port without its host', 'https://push.tinh.example/x'],
  ['credentials that look like the host', 'https://fcm.googleapis.com@evil.example/x'],
  ['credentials at a known host', 'https://user:pass@fcm.googleapis.com/x'],
  ['a host that ends alike', 'https://evilfcm.googleapis.com/x'],
  ['a host that begins alike', 'https://fcm.googleapis.com.evil.example/x'],
  ['the domain of a wildcard itself', 'https://push.services.mozilla.com/x'],
  ['a name glued to a wildcard', 'https://evilpush.services.mozilla.com/x'],
  ['loopback', 'https://127.0.0.1/x'],
  ['loopback, in one number', 'https://2130706433/x'],
  ['loopback, in hexadecimal', 'https://0x7f.1/x'],
  ['loopback, IPv6', 'https://[::1]/x'],
  ['loopback, IPv4 in IPv6', 'https://[::ffff:127.0.0.1]/x'],
  ['metadata of a cloud', 'https://169.254.169.254/latest'],
  ['a private address', 'https://10.0.0.5/x'],
  ['localhost', 'https://localhost/x'],
  ['below localhost', 'https://x.localhost/x'],
])('%s is refused: %s', (_, endpoint) => {
  expect(endpointProblem(endpoint, vendors)).not.toBeNull();
});

test('no wildcard opens addresses or localhost; only their own literal does, then on any port', () => {
  const wide = ['*.0.0.1', '*.localhost', '*.', '*', ''];
  for (const endpoint of ['https://127.0.0.1/x', 'https://a.localhost/x', 'https://evil.example/x']) {
    expect(endpointProblem(endpoint, wide)).not.toBeNull();
  }
  expect(endpointProblem('https://127.0.0.1:45123/x', ['127.0.0.1'])).toBeNull();
  expect(endpointProblem('https://[::1]:45123/x', ['[::1]'])).toBeNull();
  expect(endpointProblem('http://127.0.0.1:45123/x', ['127.0.0.1'])).not.toBeNull();
  expect(endpointProblem('https://127.0.0.2:45123/x', ['127.0.0.1'])).not.toBeNull();
});
