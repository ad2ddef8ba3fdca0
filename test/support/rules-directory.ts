import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A rules' directory of its own for one hub. */
export interface RulesDirectory {
  readonly path: string;
  write(text: string): Promise<void>;
  remove(): Promise<void>;
}

export async function makeRulesDirectory(text: string): Promise<RulesDirectory> {
  const path = await mkdtemp(join(tmpdir(), 'hub-rules-'));
  const write = (content: string) => writeFile(join(path, 'acceptance.rules.yaml'), content);
  await write(text);
  return { path, write, remove: () => rm(path, { recursive: true, force: true }) };
}

/** River gauges: critical from 5.4 m, clear below 5.2 m. */
export const RIVER_RULES = `groups:
  - name: hydrology
    rules:
      - alert: river-high
        title: { vi: Mực nước vượt báo động, en: River above alarm level }
        select: { quantity: water-level }
        condition: { type: threshold, op: ">=", value: 5.4, clear: 5.2 }
        severity: critical
        labels: { hazard: flood }
`;
