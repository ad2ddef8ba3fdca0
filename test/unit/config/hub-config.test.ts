import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadHubConfig } from '../../../server/config/hub-config.ts';
import { InvalidConfig } from '../../../server/config/yaml-document.ts';

const SHIPPED = new URL('../../../config', import.meta.url).pathname;
let directory = '';

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hub-config-'));
  for (const file of ['units.yaml', 'sources.yaml', 'layers.yaml', 'hub.yaml', 'walls']) {
    await cp(join(SHIPPED, file), join(directory, file), { recursive: true });
  }
});

afterEach(() => rm(directory, { recursive: true, force: true }));

async function findingsOf(file: string, text: string): Promise<string[]> {
  await writeFile(join(directory, file), text);
  try {
    await loadHubConfig(directory);
    return [];
  } catch (error) {
    if (error instanceof InvalidConfig)
      return error.findings.map(({ file, line, reason }) => `${file}:${line} ${reason}`);
    throw error;
  }
}

test('the configuration that comes with the hub is valid and holds the 130 communes', async () => {
  const config = await loadHubConfig(directory);
  expect(config.units.filter((unit) => unit.kind === 'commune')).toHaveLength(130);
  expect(config.walls.has('main')).toBe(true);
  expect(config.layers.length).toBeGreaterThan(0);
});

const units = 'units:\n  - { id: tinh, kind: province, name: { vi: Tỉnh, en: Province } }\n';

test.each([
  ['YAML that does not parse', 'units.yaml', 'units: [\n', /^units\.yaml:\d+ /],
  ['a key that does not exist', 'hub.yaml', 'journal:\n  maxByte: 5\n', /^hub\.yaml:\d+ .*/],
  [
    'a kind of unit nobody knows',
    'units.yaml',
    'units:\n  - id: a\n    kind: district\n    name: { vi: A, en: A }\n',
    /^units\.yaml:3 /,
  ],
  [
    'a parent that is not there',
    'units.yaml',
    `${units}  - id: so\n    kind: department\n    name: { vi: S, en: S }\n    parent: tinhh\n`,
    /^units\.yaml:6 parent tinhh/,
  ],
  ['a unit told twice', 'units.yaml', `${units}${units.split('\n')[1]}\n`, /^units\.yaml:3 unit tinh is there twice/],
  [
    'a source of an unknown unit',
    'sources.yaml',
    'sources:\n  - id: s\n    unit: so-xyz\n    name: S\n',
    /^sources\.yaml:3 unit so-xyz/,
  ],
])('%s is named with file, line and reason', async (_, file, text, expected) => {
  const findings = await findingsOf(file, text);
  expect(findings.some((finding) => expected.test(finding))).toBe(true);
});

test('a missing file is said by name', async () => {
  await rm(join(directory, 'layers.yaml'));
  await expect(loadHubConfig(directory)).rejects.toThrow(/layers\.yaml/);
});
