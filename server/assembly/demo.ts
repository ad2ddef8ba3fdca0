import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Role } from '#contract/names.ts';
import type { Unit } from '#contract/people.ts';
import type { Thing } from '#contract/series.ts';
import type { Credential, Source } from '#contract/source.ts';
import type { UserDirectory } from '../auth/user-directory.ts';
import { DEMO_LABELS, type DemoPlan, type Place, planDemo } from '../embedded/demo/plan.ts';
import { type Recordings, readRecordings } from '../embedded/demo/recordings.ts';
import { startReplay } from '../embedded/demo/replay.ts';
import type { Logger } from '../observe/logger.ts';

export interface Account {
  readonly username: string;
  readonly name: string;
  readonly role: Role;
  readonly unit: string | null;
}

const ACCOUNTS: readonly Account[] = [
  { username: 'truongca', name: 'Trưởng ca trực', role: 'shift-leader', unit: 'nghean-ioc' },
  { username: 'trucban', name: 'Cán bộ trực ban', role: 'operator', unit: 'nghean-ioc' },
  { username: 'daumoi.nnmt', name: 'Đầu mối Sở Nông nghiệp và Môi trường', role: 'focal-point', unit: 'so-nnmt' },
  { username: 'daumoi.xd', name: 'Đầu mối Sở Xây dựng', role: 'focal-point', unit: 'so-xd' },
  { username: 'daumoi.ca', name: 'Đầu mối Công an tỉnh', role: 'focal-point', unit: 'cong-an' },
  { username: 'lanhdao', name: 'Lãnh đạo tỉnh', role: 'leader', unit: 'tinh-nghe-an' },
];

/** What the demo adds to a hub: sources that replay recordings, their stations' places, and accounts to try. */
export class Demo {
  readonly plan: DemoPlan;
  readonly #recordings: Recordings;
  readonly #credentials = new Map<string, string>();

  private constructor(plan: DemoPlan, recordings: Recordings) {
    this.plan = plan;
    this.#recordings = recordings;
    // New at each start and never stored: they open nothing but this process's own broker.
    for (const source of plan.sources)
      this.#credentials.set(`demo-${source.id}`, randomBytes(24).toString('base64url'));
  }

  static async prepare(recordingsDir: string, basemapDir: string, units: readonly Unit[]): Promise<Demo> {
    const [recordings, communes] = await Promise.all([
      readRecordings(recordingsDir),
      readFile(join(basemapDir, 'communes.geojson'), 'utf8'),
    ]);
    return new Demo(planDemo(readPlaces(communes), units, recordings), recordings);
  }

  get sources(): readonly Source[] {
    return this.plan.sources;
  }

  authenticate(username: string, password: string): Source | null {
    if (this.#credentials.get(username) !== password) return null;
    return this.plan.sources.find((source) => `demo-${source.id}` === username) ?? null;
  }

  things(): Thing[] {
    return [...this.plan.stations, ...this.plan.cameras].map(({ source, thing, name, position }) => ({
      source,
      id: thing,
      name,
      labels: DEMO_LABELS,
      position,
    }));
  }

  start(brokerUrl: string, now: () => number, log: Logger): Promise<{ close(): Promise<void> }> {
    return startReplay({
      brokerUrl,
      plan: this.plan,
      quakes: this.#recordings.quakes,
      credentialOf: (source) => this.#credential(source),
      now,
      random: Math.random,
      onError: (error) => log.warn({ err: error }, 'demo replay'),
    });
  }

  #credential(source: string): Credential {
    const username = `demo-${source}`;
    return { username, password: this.#credentials.get(username) ?? '' };
  }
}

interface CommuneFeature {
  readonly properties: { readonly name: string };
  readonly geometry: { readonly coordinates: [number, number] };
}

function readPlaces(geojson: string): Place[] {
  const { features }: { features: CommuneFeature[] } = JSON.parse(geojson);
  return features.map(({ properties, geometry }) => ({ name: properties.name, position: geometry.coordinates }));
}

/**
 * Makes the accounts of the demo that do not exist yet.
 * @returns those made now, with their passwords, also kept in a file of mode 0600; none at a later start
 */
export async function ensureDemoAccounts(
  users: UserDirectory,
  dataDir: string,
): Promise<readonly (Account & { readonly password: string })[]> {
  const missing = ACCOUNTS.filter(({ username }) => !users.active(username));
  if (missing.length === 0) return [];
  const made = missing.map((account) => ({ ...account, password: randomBytes(9).toString('base64url') }));
  const lines = made.map(({ username, password, role }) => `${username} ${password} ${role}\n`);
  await writeFile(join(dataDir, 'demo-accounts'), lines.join(''), { mode: 0o600, flag: 'a' });
  for (const account of made) await users.create(account, 'hub');
  return made;
}

/** Declares the stations as a person would by `POST /things`, then lets the replay connect like any device. */
export async function startDemo(
  demo: Demo,
  brokerUrl: string,
  ingestThings: (things: readonly Thing[]) => Promise<void>,
  surroundings: { readonly now: () => number; readonly log: Logger },
): Promise<{ close(): Promise<void> }> {
  await ingestThings(demo.things());
  return await demo.start(brokerUrl, surroundings.now, surroundings.log);
}
