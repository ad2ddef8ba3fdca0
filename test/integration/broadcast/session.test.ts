import { io } from 'socket.io-client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Channel } from '../../../wall-client/connection/channel.ts';
import { HubHttp } from '../../../wall-client/connection/http.ts';
import { LiveSession, type SessionSocket } from '../../../wall-client/connection/live-session.ts';
import { browserEnvironment } from '../../../wall-client/connection/open-socket.ts';
import { PageConnection } from '../../../wall-client/connection/page-connection.ts';
import { createHubState, type HubState } from '../../../wall-client/state/hub-state.ts';
import { LiveHub, pause } from './live-hub.ts';

/** The page as it is, but for its worker: session, connection and stores against a real hub. */
class Page {
  readonly connection: PageConnection;
  readonly state: HubState;
  #socket: SessionSocket | null = null;

  constructor(origin: string, token: string) {
    const connect = (): SessionSocket => {
      const options = { auth: { token }, transports: ['websocket'], forceNew: true, reconnection: false };
      this.#socket = io(`${origin}/live`, options) as SessionSocket;
      return this.#socket;
    };
    this.connection = new PageConnection({
      origin,
      http: new HubHttp({ origin }),
      now: Date.now,
      every: (milliseconds, tick) => {
        const timer = setInterval(tick, milliseconds);
        return () => clearInterval(timer);
      },
      open: (listener): Channel => {
        // Attempts follow quickly, so that a test of many breaks is short.
        const session = new LiveSession({ ...browserEnvironment(listener), connect, random: () => 0 });
        return { send: (message) => session.handle(message), close: () => session.handle({ kind: 'close' }) };
      },
    });
    this.state = createHubState(this.connection);
  }

  /** The wire breaks; nobody says goodbye. */
  cut(): void {
    (this.#socket as unknown as { io: { engine: { close(): void } } }).io.engine.close();
  }

  ids(): string[] {
    return this.state.alerts.all.map(({ id }) => id).sort();
  }

  close(): void {
    this.state.close();
    this.connection.close();
  }
}

let hub: LiveHub;
let pages: Page[];
const open = (token: string) => {
  const page = new Page(hub.origin, token);
  pages.push(page);
  return page;
};
beforeEach(async () => {
  pages = [];
  hub = new LiveHub();
  await hub.listen();
});
afterEach(async () => {
  for (const page of pages) page.close();
  await hub.close();
});

test('a page fills its stores: alerts, values with the catalogue that explains them, health, the hub’s clock', async () => {
  hub.station(4, [105.69, 18.67]);
  hub.samples([[4, 4.5]]);
  hub.alert({ id: 'a', severity: 'critical' });
  const { connection, state } = open('operator');
  connection.watch({ layers: [{ id: 'water', bbox: [105, 18, 106, 19], zoom: 9 }] });
  await expect.poll(() => state.layers.layer('water')?.place(4)?.thing.name).toBe('Trạm 4');
  expect(state.layers.layer('water')?.latest(4)).toMatchObject({ value: 4.5, stale: false });
  expect(state.alerts.counts.critical).toBe(1);
  await expect.poll(() => state.health.overall(state.clock.now)).toBe('good');
  expect(Math.abs(connection.serverNow() - Date.now())).toBeLessThan(1000);

  hub.samples([[4, 4.75]]);
  await expect.poll(() => state.layers.layer('water')?.latest(4)?.value).toBe(4.75);
  hub.broadcast.declareThing({ source: 'gauges', id: 'gauge-4', name: 'Chợ Tràng', labels: {}, position: [105, 18.5] });
  await expect.poll(() => state.layers.layer('water')?.place(4)?.thing.name, { timeout: 6000 }).toBe('Chợ Tràng');
});

test('however often the wire breaks, each page ends with exactly the alerts it may see', async () => {
  const [all, unit] = [open('operator'), open('so-xd')];
  for (const page of pages) page.connection.watch({});
  let breaks = 0;
  for (let step = 0; step < 120; step++) {
    const id = `alert-${step % 17}`;
    const unitOf = step % 5 === 0 ? 'so-xd' : 'so-nnmt';
    if (step % 11 === 3) hub.alert({ id, handling: 'closed' }, 'resolve');
    else hub.alert({ id, unit: unitOf, handling: 'new' }, step % 5 === 0 ? 'assign' : 'fired');
    if (step % 30 === 7) {
      pages[breaks++ % 2]!.cut();
      await pause(20);
    }
    await pause(10);
  }
  const expected = (who: (unit: string) => boolean) =>
    [...hub.book.alerts.values()]
      .filter(({ unit, handling }) => who(unit) && handling !== 'closed')
      .map(({ id }) => id);
  await expect.poll(() => all.ids(), { timeout: 5000 }).toEqual(expected(() => true).sort());
  await expect.poll(() => unit.ids(), { timeout: 5000 }).toEqual(expected((name) => name === 'so-xd').sort());
  expect(breaks).toBe(4);
});

test('whose right ends sees it said, and comes back after a new login', async () => {
  const page = open('operator');
  page.connection.watch({});
  await expect.poll(() => page.connection.link.state).toBe('live');
  const operator = hub.principals.get('operator')!;
  hub.principals.delete('operator');
  hub.revoked();
  await expect.poll(() => page.connection.link.state, { timeout: 3000 }).toBe('refused');
  expect(page.state.health.overall(page.state.clock.now)).toBe('unknown');
  hub.principals.set('operator', operator);
  page.connection.retry();
  await expect.poll(() => page.connection.link.state).toBe('live');
});
