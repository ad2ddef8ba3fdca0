import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Page } from '#contract/primitives.ts';
import { eventually } from '../support/eventually.ts';
import { HubProcess, repository } from '../support/hub-process.ts';
import { makeRulesDirectory, RIVER_RULES, type RulesDirectory } from '../support/rules-directory.ts';

// What a hub must not start with, or not take over while it runs: it says what, where and why.

const started: HubProcess[] = [];
let rules: RulesDirectory;
let configDir: string;

beforeAll(async () => {
  rules = await makeRulesDirectory(RIVER_RULES);
  configDir = await mkdtemp(join(tmpdir(), 'hub-config-'));
  await cp(join(repository, 'config'), configDir, { recursive: true });
});

afterEach(async () => {
  for (const hub of started.splice(0).reverse()) await hub.stop();
});

afterAll(async () => {
  await rules.remove();
  await rm(configDir, { recursive: true, force: true });
});

async function refused(
  env: Record<string, string>,
  dataDir?: string,
): Promise<{ code: number | null; output: string }> {
  const hub = await HubProcess.launch({ env, ...(dataDir ? { dataDir } : {}) });
  started.push(hub);
  const code = await hub.exit();
  return { code, output: hub.output };
}

test.each([
  ['a short administrator password', { HUB_ADMIN_PASSWORD: 'ngan' }, /HUB_ADMIN_PASSWORD has 4 characters/],
  ['a public address without TLS', { HUB_HTTP_HOST: '0.0.0.0' }, /HUB_HTTP_HOST 0\.0\.0\.0 .* without encryption/],
  ['a configuration directory that is not there', { HUB_CONFIG_DIR: '/nowhere' }, /units\.yaml:1:1 cannot be read/],
])('%s is refused, by name', async (_, env, expected) => {
  const { code, output } = await refused(env);
  expect(code).toBe(78);
  expect(output).toMatch(expected);
  expect(output).not.toContain('    at ');
});

test('a rule with a fault is refused with file, line and reason', async () => {
  const bad = await makeRulesDirectory(RIVER_RULES.replace('op: ">="', 'op: "=>"'));
  const { code, output } = await refused({ HUB_RULES_DIR: bad.path });
  await bad.remove();
  expect(code).toBe(78);
  expect(output).toMatch(/acceptance\.rules\.yaml:7:\d+ .*op/);
});

test('a second hub on the same data directory is refused, and says who holds it', async () => {
  const first = await HubProcess.start({ env: { HUB_RULES_DIR: rules.path } });
  started.push(first);
  const { code, output } = await refused({ HUB_RULES_DIR: rules.path }, first.dataDir);
  expect(code).toBe(78);
  expect(output).toContain(String(first.pid));
  expect(output).toContain(first.dataDir);
  expect((await fetch(`${first.http}/healthz`)).status).toBe(200);
});

test('changed files with a fault leave the old in force, and the fault is shown until it is mended', async () => {
  const hub = await HubProcess.start({ env: { HUB_RULES_DIR: rules.path, HUB_CONFIG_DIR: configDir } });
  started.push(hub);
  const admin = await hub.admin();
  const ruleIds = async () => (await admin.get<Page<{ alert: string }>>('/rules')).items.map(({ alert }) => alert);
  const reasons = async () => {
    const body = (await (await fetch(`${hub.http}/readyz`)).json()) as { reasons: { part: string; reason: string }[] };
    return body.reasons;
  };

  await rules.write(RIVER_RULES.replace('severity: critical', 'severity: terrible'));
  const fault = await eventually(async () => (await reasons()).find(({ part }) => part === 'rules'));
  expect(fault.reason).toMatch(/acceptance\.rules\.yaml:8 /);
  expect(await ruleIds()).toEqual(['river-high']);

  await rules.write(RIVER_RULES.replace('alert: river-high', 'alert: river-very-high'));
  await eventually(async () => ((await ruleIds())[0] === 'river-very-high' ? true : null));
  expect(await reasons()).toEqual([]);

  const units = join(configDir, 'units.yaml');
  const before = await readFile(units, 'utf8');
  await writeFile(units, `${before}  - id: Hoa\n    kind: commune\n`);
  await eventually(async () => (await reasons()).find(({ part }) => part === 'configuration'));
  await writeFile(
    units,
    `${before}  - id: xa-moi\n    kind: commune\n    name: { vi: Xã Mới, en: New }\n    parent: tinh-nghe-an\n`,
  );
  await eventually(async () => {
    const { items } = await admin.get<Page<{ id: string }>>('/units');
    return items.find(({ id }) => id === 'xa-moi');
  });
});

test('Ctrl-C ends the hub cleanly, and a second start goes on with what the first had', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-twice-'));
  const first = await HubProcess.start({ dataDir });
  await (await first.admin()).connectSource('tram-thu', 'so-nnmt');
  expect(await first.stop()).toBe(0);
  const second = await HubProcess.start({ dataDir });
  const { items } = await (await second.admin()).get<Page<{ id: string }>>('/sources');
  expect(items.map(({ id }) => id)).toContain('tram-thu');
  expect(await second.stop()).toBe(0);
  await rm(dataDir, { recursive: true, force: true });
});

test('a hub that stands by takes over when the first is killed, with its sources and accounts', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-pair-'));
  const first = await HubProcess.start({ dataDir });
  await (await first.admin()).connectSource('tram-doi', 'so-nnmt');
  const second = await HubProcess.launch({ dataDir, env: { HUB_STANDBY: '1' } });
  started.push(second);
  await eventually(() => (second.output.includes('standing by') ? true : null));
  expect(second.running).toBe(true);
  await first.kill();
  await second.ready(20_000);
  const { items } = await (await second.admin()).get<Page<{ id: string }>>('/sources');
  expect(items.map(({ id }) => id)).toContain('tram-doi');
  await second.stop();
  await rm(dataDir, { recursive: true, force: true });
});
