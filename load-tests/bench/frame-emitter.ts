import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SampleBuilder } from '#contract/sample-batch.ts';
import type { Series, Thing } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import { Broadcast } from '../../server/broadcast/broadcast.ts';
import { createLiveServer } from '../../server/broadcast/live-server.ts';

/** The hub's own way out, and nothing else of it: what goes out of the process is what its CPU time is for. */
const SERIES = 5000;
const EVERY_MS = 250;
const LAYER = 'water';

const source: Source = {
  id: 'bench',
  unit: 'so-nnmt',
  name: 'bench',
  decoder: 'senml',
  staleAfter: 300,
  recorded: false,
};
const http = createServer();
const io = createLiveServer(http, { mostConnections: 1000, mostPerAddress: 1000, addressOf: () => '127.0.0.1' });
const broadcast = new Broadcast({
  layers: [{ id: LAYER, title: { vi: 'Nước', en: 'Water' }, kind: 'samples', match: [] }],
  access: {
    authenticate: () => ({ kind: 'user', name: 'bench', role: 'operator', unit: null }),
    alertUnits: () => null,
    onRevoked: () => {},
  },
  alerts: { open: () => [], changesSince: () => [], seq: () => 0 },
  health: { sources: () => [], degraded: () => [], evaluation: () => true },
  clock: {
    now: Date.now,
    every(milliseconds, tick) {
      const timer = setInterval(tick, milliseconds);
      return () => clearInterval(timer);
    },
  },
  log: { warn: () => {} },
  addressOf: () => '127.0.0.1',
});
for (let number = 0; number < SERIES; number++) {
  const id = `gauge-${number}`;
  // All within a province, so that the tiles are those a province's wall asks for.
  const position: [number, number] = [103.9 + (number % 100) * 0.019, 18.6 + Math.floor(number / 100) * 0.028];
  const thing: Thing = { source: source.id, id, name: id, labels: {}, position };
  const series: Series = {
    id,
    number,
    unit: source.unit,
    source: source.id,
    name: `${id}/water-level`,
    thing: id,
    quantity: 'water-level',
    uom: 'm',
  };
  broadcast.declareSeries(series, thing, source);
}
broadcast.attach(io);
http.listen(0, '127.0.0.1', () => process.stdout.write(`${(http.address() as AddressInfo).port}\n`));

process.on('message', ({ seconds }: { seconds: number }) => {
  const before = process.cpuUsage();
  const builder = new SampleBuilder(SERIES);
  let round = 0;
  const timer = setInterval(() => {
    const now = Date.now();
    for (let number = 0; number < SERIES; number++) builder.push(number, now, (number + round) / 7, 0);
    broadcast.group({ position: ++round, at: now, samples: builder.take(), entries: [] });
    if (round * EVERY_MS < seconds * 1000) return;
    clearInterval(timer);
    setTimeout(() => {
      const { user, system } = process.cpuUsage(before);
      process.send?.({ cpuSeconds: (user + system) / 1e6 });
    }, 1000);
  }, EVERY_MS);
});
