import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectAsync } from 'mqtt';
import { expect, test } from 'vitest';
import type { Alert } from '#contract/alert.ts';
import { topics } from '#contract/names.ts';
import type { Page } from '#contract/primitives.ts';
import type { Series } from '#contract/series.ts';
import type { Credential } from '#contract/source.ts';
import type { Api } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { HubProcess } from '../support/hub-process.ts';
import { makeRulesDirectory } from '../support/rules-directory.ts';

// Ten times killed under load. Every message carries its device and its number, and a device sends again what was not
// acknowledged, as devices do. At the end: what was acknowledged is there, once, and every crossing made one alert.

const UNIT = 'so-nnmt';
const SOURCE = 'thuy-dien';
const DEVICES = ['turbine-1', 'turbine-2', 'turbine-3'];
const KILLS = 10;
const WINDOW = 400;
/** One crossing in so many messages. */
const EPISODE = 500;

const RULES = `groups:
  - name: crash
    rules:
      - alert: turbine-high
        title: { vi: Mực nước tua-bin cao, en: Turbine level high }
        select: { quantity: level }
        condition: { type: threshold, op: ">=", value: 100 }
        severity: minor
`;

/** The n-th message of a device: high for the last fiftieth of every episode. */
const levelOf = (n: number) => (n % EPISODE >= EPISODE - 10 ? 100 + (n % 7) : n % 90);

/** Sends its numbers in order and knows which of them were acknowledged. */
class Device {
  next = 0;
  acknowledged = 0;
  readonly #thing: string;
  readonly #epoch: number;

  constructor(thing: string, epoch: number) {
    this.#thing = thing;
    this.#epoch = epoch;
  }

  /** Publishes from the first unacknowledged number on until the connection breaks. */
  async send(hub: HubProcess, credential: Credential, until: () => boolean): Promise<void> {
    const client = await connectAsync(hub.mqtt, { ...credential, clean: true, reconnectPeriod: 0 });
    client.on('error', () => {});
    this.next = this.acknowledged;
    await new Promise<void>((resolve) => {
      client.once('close', () => resolve());
      const fill = (): void => {
        if (until() && this.acknowledged === this.next) return void client.end(true, () => resolve());
        while (!until() && client.connected && this.next - this.acknowledged < WINDOW) {
          const n = this.next++;
          client.publish(topics.samples(UNIT, SOURCE), this.message(n), { qos: 1 }, (error) => {
            // Acknowledgements of one connection come in order, so the first gap is the first loss.
            if (!error && n === this.acknowledged) this.acknowledged++;
            if (!error) fill();
          });
        }
      };
      fill();
    });
  }

  message(n: number): string {
    return JSON.stringify([{ bn: `${this.#thing}:`, n: 'level', bt: (this.#epoch + n) / 1000, v: levelOf(n) }]);
  }
}

test(`${KILLS} × SIGKILL under load: nothing acknowledged is missing, nothing is there twice, no alert is lost or repeated`, async () => {
  const rules = await makeRulesDirectory(RULES);
  const dataDir = await mkdtemp(join(tmpdir(), 'hub-crash-'));
  const env = { HUB_RULES_DIR: rules.path };
  const epoch = Date.now() - 120_000;
  const devices = DEVICES.map((thing) => new Device(thing, epoch));
  let hub = await HubProcess.start({ dataDir, env });
  const credential = await (await hub.admin()).connectSource(SOURCE, UNIT);
  for (let kill = 0; kill < KILLS; kill++) {
    const sending = devices.map((device) => device.send(hub, credential, () => false));
    // Different moments of a commit, of a checkpoint and of a database transaction.
    await new Promise((resolve) => setTimeout(resolve, 300 + 137 * kill));
    await hub.kill();
    await Promise.all(sending);
    hub = await HubProcess.start({ dataDir, env });
  }
  const target = Math.ceil((Math.max(...devices.map(({ acknowledged }) => acknowledged)) + 1) / EPISODE) * EPISODE;
  await Promise.all(devices.map((device) => device.send(hub, credential, () => device.next >= target)));
  expect(devices.map(({ acknowledged }) => acknowledged)).toEqual(DEVICES.map(() => target));

  const admin = await hub.admin();
  for (const thing of DEVICES) {
    const values = await eventually(async () => {
      const found = await storedValues(admin, thing, epoch, target);
      return found.length >= target ? found : null;
    }, 30_000);
    expect(values).toEqual(Array.from({ length: target }, (_, n) => [epoch + n, levelOf(n)]));
  }

  const episodes = target / EPISODE;
  const alerts = await allAlerts(admin);
  const starts = alerts.map(({ labels, startsAt }) => `${labels.thing} ${Date.parse(startsAt) - epoch}`);
  const expected = DEVICES.flatMap((thing) =>
    Array.from({ length: episodes }, (_, episode) => `${thing} ${(episode + 1) * EPISODE - 10}`),
  );
  expect(starts.sort()).toEqual(expected.sort());
  await hub.stop();
  await rm(dataDir, { recursive: true, force: true });
  await rules.remove();
}, 240_000);

async function storedValues(admin: Api, thing: string, epoch: number, count: number): Promise<[number, number][]> {
  const { items } = await admin.get<Page<Series>>(`/series?source=${SOURCE}&name=${thing}:level`);
  const id = items[0]?.id;
  const found: [number, number][] = [];
  let cursor: string | null = null;
  do {
    const query = new URLSearchParams({
      from: new Date(epoch).toISOString(),
      to: new Date(epoch + count).toISOString(),
      limit: '1000',
      ...(cursor ? { cursor } : {}),
    });
    const page: Page<{ time: string; value: number }> = await admin.get(`/series/${id}/samples?${query}`);
    for (const { time, value } of page.items) found.push([Date.parse(time), value]);
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}

async function allAlerts(admin: Api): Promise<Alert[]> {
  const found: Alert[] = [];
  let cursor: string | null = null;
  do {
    const page: Page<Alert> = await admin.get(
      `/alerts?limit=500${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`,
    );
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return found;
}
