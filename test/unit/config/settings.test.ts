import { expect, test } from 'vitest';
import { InvalidSettings, loadSettings, redactSettings } from '../../../server/config/settings.ts';

const load = (env: Record<string, string>) => loadSettings(env, '/srv/hub');

function problemsOf(env: Record<string, string>): string[] {
  try {
    load(env);
    return [];
  } catch (error) {
    if (error instanceof InvalidSettings) return error.problems.map(({ variable }) => variable);
    throw error;
  }
}

test('an empty environment is a safe hub on loopback', () => {
  const settings = load({});
  expect(settings.http).toMatchObject({ host: '127.0.0.1', port: 8080, publicUrl: null });
  expect(settings.mqtt).toMatchObject({ host: '127.0.0.1', port: 1883, url: null, tlsPort: null });
  expect(settings.dataDir).toBe('/srv/hub/data');
});

const tls = { HUB_TLS_CERT: 'a.pem', HUB_TLS_KEY: 'a.key' };

test.each<[string, Record<string, string>, string[]]>([
  ['a short administrator password is guessed', { HUB_ADMIN_PASSWORD: 'nghean2026' }, ['HUB_ADMIN_PASSWORD']],
  ['a long one is accepted', { HUB_ADMIN_PASSWORD: 'mot-cau-dai-kho-doan' }, []],
  ['a public address without TLS shows passwords to the network', { HUB_HTTP_HOST: '0.0.0.0' }, ['HUB_HTTP_HOST']],
  ['TLS makes it safe', { HUB_HTTP_HOST: '0.0.0.0', ...tls }, []],
  ['a proxy that ends TLS makes it safe', { HUB_HTTP_HOST: '0.0.0.0', HUB_TRUSTED_PROXIES: '10.0.0.2' }, []],
  ['an IPv6 wildcard is public too', { HUB_HTTP_HOST: '::' }, ['HUB_HTTP_HOST']],
  ['any address of 127/8 is loopback', { HUB_HTTP_HOST: '127.0.0.53' }, []],
  ['a public broker without TLS shows credentials', { HUB_MQTT_HOST: '0.0.0.0' }, ['HUB_MQTT_HOST']],
  ['with TLS on its own port it is safe', { HUB_MQTT_HOST: '0.0.0.0', HUB_MQTT_TLS_PORT: '8883', ...tls }, []],
  [
    'with an external broker the embedded one does not listen',
    { HUB_MQTT_HOST: '0.0.0.0', MQTT_URL: 'mqtt://broker' },
    [],
  ],
  ['a TLS port needs a certificate', { HUB_MQTT_TLS_PORT: '8883' }, ['HUB_MQTT_TLS_PORT']],
  ['a certificate needs its key', { HUB_TLS_CERT: 'a.pem' }, ['HUB_TLS_CERT']],
  ['a port is a number', { HUB_HTTP_PORT: 'http' }, ['HUB_HTTP_PORT']],
  ['a port fits in 16 bits', { HUB_HTTP_PORT: '70000' }, ['HUB_HTTP_PORT']],
  ['port 0 picks a free one', { HUB_HTTP_PORT: '0' }, []],
  ['an address has the right scheme', { DATABASE_URL: 'mysql://db/hub' }, ['DATABASE_URL']],
  ['a proxy is an address, not a name', { HUB_TRUSTED_PROXIES: 'proxy.local' }, ['HUB_TRUSTED_PROXIES']],
  ['an unknown log level is named', { HUB_LOG_LEVEL: 'loud' }, ['HUB_LOG_LEVEL']],
  ['the demo is on or off', { HUB_DEMO: 'yes' }, ['HUB_DEMO']],
  ['every mistake is told at once', { HUB_HTTP_PORT: '-1', MQTT_URL: 'broker' }, ['HUB_HTTP_PORT', 'MQTT_URL']],
])('%s', (_, env, expected) => {
  expect(problemsOf(env)).toEqual(expected);
});

test('no secret survives redaction, and none is in a message', () => {
  const secret = 'rất-bí-mật-9183';
  const encoded = encodeURIComponent(secret);
  const settings = load({
    HUB_ADMIN_PASSWORD: secret,
    DATABASE_URL: `postgres://hub:${encoded}@db/hub`,
    MQTT_URL: `mqtts://hub:${encoded}@broker`,
    REDIS_URL: `redis://:${encoded}@redis`,
  });
  const shown = JSON.stringify(redactSettings(settings));
  expect(shown).not.toContain(secret);
  expect(shown).not.toContain(encoded);
  expect(() => load({ DATABASE_URL: `mysql://hub:${encoded}@db` })).toThrow(expect.not.stringContaining(encoded));
});
