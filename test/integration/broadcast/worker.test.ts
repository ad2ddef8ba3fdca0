import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { build, type Rolldown } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SESSION_COOKIE } from '#contract/names.ts';
import { launchBrowser } from '../../support/browser.ts';
import { LiveHub } from './live-hub.ts';

const CLIENT = fileURLToPath(new URL('../../../wall-client', import.meta.url));

/** What a view does, and what it then knows. */
const PAGE = `
import { connectHub } from '${CLIENT}/connection/connect-hub.ts';
import { createHubState } from '${CLIENT}/state/hub-state.ts';
const connection = connectHub({ origin: location.origin });
const state = createHubState(connection);
connection.watch({ layers: [{ id: 'water', bbox: [105, 18, 106, 19], zoom: 9 }] });
globalThis.look = () => ({
  link: connection.link.state,
  alerts: state.alerts.all.map((alert) => alert.id),
  value: state.layers.layer('water')?.latest(4)?.value ?? null,
  name: state.layers.layer('water')?.place(4)?.thing.name ?? null,
  health: state.health.overall(state.clock.now),
});
`;

interface Look {
  readonly link: string;
  readonly alerts: string[];
  readonly value: number | null;
  readonly name: string | null;
  readonly health: string;
}

let hub: LiveHub;
let browser: Browser;
let directory: string;

beforeAll(async () => {
  hub = new LiveHub();
  await hub.listen();
  hub.station(4, [105.69, 18.67]);
  directory = await mkdtemp(join(tmpdir(), 'ioc-worker-'));
  await writeFile(join(directory, 'page.js'), PAGE);
  const built = (await build({
    root: directory,
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['source', 'module', 'browser'] },
    worker: { format: 'es' },
    build: { write: false, assetsInlineLimit: 0, rolldownOptions: { input: join(directory, 'page.js') } },
  })) as Rolldown.RolldownOutput;
  for (const file of built.output) {
    const body = file.type === 'chunk' ? file.code : file.source;
    hub.files.set(`/${file.fileName}`, { type: 'text/javascript', body });
  }
  const entry = built.output.find((file) => file.type === 'chunk' && file.isEntry)!;
  const body = `<!doctype html><script type="module" src="/${entry.fileName}"></script>`;
  hub.files.set('/', { type: 'text/html', body });
  browser = await launchBrowser();
}, 60_000);

afterAll(async () => {
  await browser?.close();
  await hub?.close();
  await rm(directory, { recursive: true, force: true });
});

async function openPage(): Promise<{ look: () => Promise<Look>; workers: () => number; close: () => Promise<void> }> {
  const context = await browser.newContext();
  await context.addCookies([{ name: SESSION_COOKIE, value: 'operator', url: hub.origin }]);
  const page = await context.newPage();
  await page.goto(hub.origin);
  return {
    look: () => page.evaluate(() => (globalThis as unknown as { look(): Look }).look()),
    workers: () => page.workers().length,
    close: () => context.close(),
  };
}

test('in a browser, under the pages’ policy, the worker owns the socket and the page gets everything', async () => {
  hub.samples([[4, 4.5]]);
  hub.alert({ id: 'a' });
  const page = await openPage();
  await expect
    .poll(page.look, { timeout: 10_000 })
    .toEqual({ link: 'live', alerts: ['a'], value: 4.5, name: 'Trạm 4', health: 'good' });
  expect(page.workers()).toBe(1);
  hub.samples([[4, 4.75]]);
  hub.alert({ id: 'b' });
  await expect.poll(page.look).toMatchObject({ alerts: ['a', 'b'], value: 4.75 });
  await page.close();
});

test('where no worker can be had, the page does its work itself', async () => {
  const worker = [...hub.files].find(([path]) => path.includes('socket-worker'))!;
  hub.files.delete(worker[0]);
  const page = await openPage();
  await expect.poll(page.look, { timeout: 10_000 }).toMatchObject({ link: 'live', value: 4.75, name: 'Trạm 4' });
  expect(page.workers()).toBe(0);
  await page.close();
  hub.files.set(...worker);
});
