import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, type Rig, startRig } from './http-rig.ts';

let rig: Rig;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ioc-pages-'));
  const files: Record<string, string> = {
    'pages/login.html': '<title>login</title>',
    'pages/wall.html': '<title>wall</title>',
    'pages/desk.html': '<title>desk</title>',
    'pages/mobile.html': '<title>mobile</title>',
    'pages/assets/wall-abc123.js': 'export {};',
    'pages/m/service-worker.js': '// worker',
    'pages/m/manifest.webmanifest': '{}',
    'basemap/land.geojson': '{"type":"FeatureCollection","features":[]}',
    'secret.txt': 'not to be served',
  };
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(directory, name, '..'), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  rig = await startRig({ pagesDir: join(directory, 'pages'), basemapDir: join(directory, 'basemap') });
});
afterAll(async () => {
  await rig.close();
  await rm(directory, { recursive: true });
});

async function cookieOf(username: string): Promise<{ cookie: string }> {
  const login = await rig.api.inject({
    method: 'POST',
    url: '/api/v1/sessions',
    payload: { username, password: PASSWORD },
  });
  return { cookie: String(login.headers['set-cookie']).split(';')[0] ?? '' };
}

describe('the address without a path', () => {
  test.each([
    [null, '/login'],
    ['truc-ban', '/desk'],
    ['admin', '/desk'],
    ['dau-moi', '/m/'],
  ])('sends %s to %s', async (username, location) => {
    const headers = username === null ? {} : await cookieOf(username);
    const response = await rig.api.inject({ url: '/', headers });
    expect([response.statusCode, response.headers.location]).toEqual([303, location]);
  });
});

describe('pages', () => {
  test.each([
    ['/login', 'login'],
    ['/wall/main', 'wall'],
    ['/m/', 'mobile'],
  ])('%s is served to all, under the policy and asked for again each time', async (url, title) => {
    const response = await rig.api.inject(url);
    expect(response.statusCode).toBe(200);
    expect(response.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(response.body).toBe(`<title>${title}</title>`);
    expect(response.headers['cache-control']).toBe('public, max-age=0');
    expect(response.headers['content-security-policy']).toBe(
      "default-src 'none';script-src 'self';style-src 'self';img-src 'self' data: blob:;font-src 'self';" +
        "connect-src 'self';worker-src 'self';manifest-src 'self';frame-ancestors 'none';base-uri 'none';form-action 'self'",
    );
    expect(response.headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
    });
    expect(response.headers['strict-transport-security']).toBeUndefined();
  });

  test('Trusted Types can be asked for', async () => {
    const strict = await startRig({ trustedTypes: true });
    const { headers } = await strict.api.inject('/healthz');
    expect(headers['content-security-policy']).toContain("require-trusted-types-for 'script'");
    await strict.close();
  });

  test('the desk asks who is not logged in to log in, and then to come back', async () => {
    const response = await rig.api.inject('/desk?alert=1');
    expect([response.statusCode, response.headers.location]).toEqual([303, '/login?next=%2Fdesk%3Falert%3D1']);
    const desk = await rig.api.inject({ url: '/desk', headers: await cookieOf('truc-ban') });
    expect(desk.body).toBe('<title>desk</title>');
  });

  test.each(['/wall/nowhere', '/wall/..%2f..', '/office', '/admin', '/m/nothing.js', '/assets/nothing.js'])(
    '%s does not exist',
    async (url) => {
      const response = await rig.api.inject(url);
      expect(response.statusCode).toBe(404);
      expect(response.json()).toMatchObject({ type: 'urn:ioc:problem:not-found' });
    },
  );
});

describe('files', () => {
  test('with a hash in their name stay for ever, others are asked for again', async () => {
    const asset = await rig.api.inject('/assets/wall-abc123.js');
    expect(asset.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const worker = await rig.api.inject('/m/service-worker.js');
    expect(worker.headers['cache-control']).toBe('public, max-age=0');
    expect(worker.headers['content-type']).toContain('javascript');
    const manifest = await rig.api.inject('/m/manifest.webmanifest');
    expect(manifest.headers['content-type']).toContain('application/manifest+json');
    const again = await rig.api.inject({
      url: '/assets/wall-abc123.js',
      headers: { 'if-none-match': String(asset.headers.etag) },
    });
    expect(again.statusCode).toBe(304);
  });

  test('the base map is for who is logged in', async () => {
    expect((await rig.api.inject('/basemap/land.geojson')).statusCode).toBe(401);
    const map = await rig.api.inject({ url: '/basemap/land.geojson', headers: rig.as('leader') });
    expect(map.json()).toMatchObject({ type: 'FeatureCollection' });
  });

  test('outside the directories nothing is served', async () => {
    for (const url of [
      '/assets/../../secret.txt',
      '/assets/%2e%2e/%2e%2e/secret.txt',
      '/assets/..%2f..%2fsecret.txt',
      '/m/..%2flogin.html',
      '/m/%5c..%5c..%5csecret.txt',
      '/assets//etc/passwd',
      '/assets/%00',
    ]) {
      const response = await rig.api.inject({ url, headers: rig.as('administrator') });
      expect([400, 403, 404], url).toContain(response.statusCode);
      expect(response.body).not.toContain('not to be served');
      expect(response.body).not.toContain(directory);
    }
  });
});

describe('operating', () => {
  test('liveness and readiness are open; a fatal reason makes the hub not ready', async () => {
    expect((await rig.api.inject('/healthz')).json()).toEqual({ status: 'ok' });
    expect((await rig.api.inject('/readyz')).json()).toEqual({ ready: true, reasons: [] });
    rig.deficiencies.push({ part: 'database', reason: 'does not answer', fatal: false });
    expect((await rig.api.inject('/readyz')).statusCode).toBe(200);
    rig.deficiencies.push({ part: 'journal', reason: 'is full', fatal: true });
    const response = await rig.api.inject('/readyz');
    expect(response.statusCode).toBe(503);
    expect(response.json().reasons).toHaveLength(2);
    rig.deficiencies.length = 0;
  });

  test.each<readonly [string, Record<string, string>, number, string]>([
    ['127.0.0.1', {}, 200, 'a program on this machine'],
    ['::1', {}, 200, 'a program on this machine'],
    ['127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }, 401, 'somebody behind a proxy on this machine'],
    ['192.0.2.9', {}, 401, 'somebody elsewhere'],
    ['192.0.2.9', { 'x-forwarded-for': '127.0.0.1' }, 401, 'somebody who claims to be here'],
  ])('metrics for %s with %j: %i (%s)', async (remoteAddress, headers, status) => {
    const response = await rig.api.inject({ url: '/metrics', remoteAddress, headers });
    expect(response.statusCode).toBe(status);
    if (status === 200) expect(response.body).toBe('ioc_up 1\n');
  });

  test('metrics for roles from elsewhere', async () => {
    const ask = async (headers: { authorization: string }) =>
      (await rig.api.inject({ url: '/metrics', remoteAddress: '192.0.2.9', headers })).statusCode;
    expect(await ask(rig.as('auditor'))).toBe(200);
    expect(await ask(rig.as('operator'))).toBe(403);
  });
});

describe('behind a proxy', () => {
  const from = (address: string, forwarded: string) => ({
    method: 'POST' as const,
    url: '/api/v1/sessions',
    payload: { username: 'admin', password: 'sai' },
    remoteAddress: address,
    headers: { 'x-forwarded-for': forwarded },
  });

  test('a trusted one’s word counts, anybody else’s does not', async () => {
    const proxied = await startRig({ trustedProxies: ['10.0.0.2'] });
    await proxied.api.inject(from('10.0.0.2', '203.0.113.5'));
    await proxied.api.inject(from('198.51.100.1', '203.0.113.6'));
    await proxied.api.inject(from('10.0.0.2', '203.0.113.7, 198.51.100.2'));
    expect(proxied.trail.map((entry) => entry.from)).toEqual(['203.0.113.5', '198.51.100.1', '198.51.100.2']);
    await proxied.close();
  });

  test('without one nobody’s does', async () => {
    await rig.api.inject(from('198.51.100.1', '203.0.113.6'));
    expect(rig.trail.at(-1)).toMatchObject({ from: '198.51.100.1' });
  });
});
