import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { Alert } from '#contract/alert.ts';
import { encodeFrame, FRAME_STALE } from '#contract/frame.ts';
import type { LayerCatalogue, LayerConfig, LayerEvent, LayerThing } from '#contract/layer.ts';
import type { SourceHealth } from '#contract/live.ts';
import { SEVERITIES, type Severity } from '#contract/names.ts';
import type { Unit } from '#contract/people.ts';
import type { Position } from '#contract/series.ts';
import type { WallConfig } from '#contract/wall.ts';

/** A busy hour on the wall: 210 stations of the province, nine alerts of every kind, one source without a link. */

const repository = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, repository), 'utf8');

export const wallConfig = parse(read('config/walls/main.yaml')) as WallConfig;
export const units = (parse(read('config/units.yaml')) as { units: Unit[] }).units;
const layerConfigs = (parse(read('config/layers.yaml')) as { layers: LayerConfig[] }).layers;
const places = (
  JSON.parse(read('config/basemap/communes.geojson')) as {
    features: { properties: { name: string }; geometry: { coordinates: Position } }[];
  }
).features.map((feature) => ({ name: feature.properties.name, position: feature.geometry.coordinates }));

let numbers = 0;
const uuid = (kind: string, number: number) => `00000000-0000-${kind}-8000-${String(number).padStart(12, '0')}`;

function series(quantity: string, uom: string) {
  const number = numbers++;
  return { number, id: uuid('5000', number), quantity, uom, staleAfter: 3600 };
}

function thing(source: string, unit: string, id: string, name: string, position: Position): LayerThing {
  return { source, unit, thing: id, name, labels: {}, position, series: [] };
}

const weather = places.map(({ name, position }, at): LayerThing => {
  const station = thing('khi-tuong', 'so-nnmt', `kt-${at}`, `Trạm khí tượng ${name}`, position);
  return {
    ...station,
    series: [series('air-temperature', 'Cel'), series('pressure', 'hPa'), series('wind-speed', 'm/s')],
  };
});
const water = Array.from({ length: 60 }, (_, at): LayerThing => {
  const { name, position } = places[at * 2]!;
  const near: Position = [position[0] + 0.012, position[1] - 0.01];
  return {
    ...thing('cap-nuoc', 'so-xd', `cn-${at}`, `Đồng hồ tổng ${name}`, near),
    series: [series('water-flow', 'l/s')],
  };
});
const sea = Array.from({ length: 20 }, (_, at): LayerThing => {
  const along = at % 10;
  const position: Position = [105.8 + (at < 10 ? 0.1 : 0.24) - along * 0.01, 19.24 - along * 0.05];
  const buoy = thing('hai-van', 'so-nnmt', `hv-${at}`, `Phao hải văn số ${at + 1}`, position);
  return { ...buoy, series: [series('sea-temperature', 'Cel')] };
});

function event(id: string, source: string, position: Position, time: number, more: Partial<LayerEvent>): LayerEvent {
  return { id, source, type: source, title: null, time, position, thing: null, magnitude: null, ...more };
}

function catalogue(id: string, things: LayerThing[], events: LayerEvent[]): LayerCatalogue {
  return { layer: layerConfigs.find((layer) => layer.id === id)!, version: 1, things, events };
}

const STARTED = Date.now();
const MAGNITUDES = [1.2, 2.4, 0.8, 4.6, 1.9, 3.1, 1.1];
const quakes = Array.from({ length: 14 }, (_, at) => {
  const share = (at * 0.381966) % 1;
  const position: Position = [103.9 + share * 1.3, 19.7 - share * 0.9 + 0.15 * Math.sin(at)];
  return event(`q${at}`, 'dia-chan', position, STARTED - at * 240_000, { magnitude: MAGNITUDES[at % 7]! });
});
const cameras = places.slice(0, 11).map(({ position }, at) => {
  const near: Position = [position[0] - 0.008, position[1] + 0.008];
  return event(`c${at}`, 'camera-giao-thong', near, STARTED, { thing: `cam-${at}` });
});

export const catalogues: readonly LayerCatalogue[] = [
  catalogue('weather', weather, []),
  catalogue('water', water, []),
  catalogue('sea', sea, []),
  catalogue('earthquakes', [], quakes),
  catalogue('cameras', [], cameras),
];

const abnormal = new Map<number, { severity: Severity; value: number }>();

function alert(
  number: number,
  station: LayerThing,
  quantity: string,
  severity: Severity,
  title: Alert['title'],
  value: number,
  minutes: number,
  more: Partial<Alert> = {},
): Alert {
  const measured = station.series.find((candidate) => candidate.quantity === quantity)!;
  abnormal.set(measured.number, { severity, value });
  const startsAt = new Date(STARTED - minutes * 60_000).toISOString();
  return {
    id: uuid('7000', number),
    rule: `rule-${number}`,
    labels: {},
    title,
    severity,
    unit: station.unit,
    condition: 'firing',
    quality: 'live',
    authenticity: 'unverified',
    handling: 'new',
    suppressed: null,
    publication: 'internal',
    startsAt,
    firedAt: startsAt,
    endsAt: null,
    value,
    uom: measured.uom,
    location: { type: 'Point', coordinates: station.position! },
    series: measured.id,
    thing: station.name,
    runbook: null,
    assignee: null,
    acknowledgedBy: null,
    seq: number,
    ...more,
  };
}

const lowFlow = { vi: 'Lưu lượng nước giảm đột ngột', en: 'Sudden fall of water flow' };
const strongWind = { vi: 'Gió mạnh trên đất liền', en: 'Strong wind over land' };
const warmSea = { vi: 'Nước biển nóng bất thường', en: 'Unusually warm sea' };
const lowPressure = { vi: 'Áp lực mạng cấp nước thấp', en: 'Low pressure in the water mains' };
const heat = { vi: 'Nắng nóng gay gắt', en: 'Severe heat' };

/** The first is new: it fired the moment the script began. */
export const alerts: readonly Alert[] = [
  alert(1, water[0]!, 'water-flow', 'critical', lowFlow, 12.4, 0),
  alert(2, water[31]!, 'water-flow', 'critical', lowFlow, 31, 13, {
    handling: 'in-progress',
    authenticity: 'confirmed',
  }),
  alert(3, sea[4]!, 'sea-temperature', 'major', warmSea, 31.2, 32, { handling: 'acknowledged' }),
  alert(4, water[45]!, 'water-flow', 'major', lowPressure, 55.1, 51, {
    handling: 'assigned',
    authenticity: 'checking',
  }),
  alert(5, weather[70]!, 'wind-speed', 'minor', strongWind, 17.5, 7),
  alert(6, weather[100]!, 'air-temperature', 'warning', heat, 38.6, 140, { handling: 'acknowledged' }),
  alert(7, weather[40]!, 'wind-speed', 'minor', strongWind, 16.1, 150, { condition: 'resolved' }),
  alert(8, weather[120]!, 'wind-speed', 'info', strongWind, 5.1, 150),
  alert(9, water[12]!, 'water-flow', 'warning', lowFlow, 151, 8, { authenticity: 'refuted' }),
];

const USUAL: Readonly<Record<string, number>> = {
  'air-temperature': 26.4,
  pressure: 1009,
  'wind-speed': 3.2,
  'water-flow': 100.6,
  'sea-temperature': 27.3,
};

/** The whole of a layer as one frame; every seventeenth station has stopped sending. */
export function wholeFrame(layer: string, serverTime: number): Uint8Array | null {
  const things = catalogues.find((known) => known.layer.id === layer)?.things ?? [];
  const rows = things.flatMap((station, at) =>
    station.series.map(({ number, quantity }) => {
      const hit = abnormal.get(number);
      const stale = at % 17 === 3 && hit === undefined;
      const level = hit ? SEVERITIES.length - SEVERITIES.indexOf(hit.severity) : 0;
      const value = hit?.value ?? USUAL[quantity]! + (at % 7) * 0.3;
      return {
        number,
        value,
        age: stale ? -7_200_000 : -1000 - (at % 5) * 700,
        state: level | (stale ? FRAME_STALE : 0),
      };
    }),
  );
  if (rows.length === 0) return null;
  return encodeFrame({
    layer,
    tile: '0/0/0',
    whole: true,
    serverTime,
    catalogue: 1,
    value: Float64Array.from(rows, (row) => row.value),
    series: Uint32Array.from(rows, (row) => row.number),
    age: Int32Array.from(rows, (row) => row.age),
    state: Uint8Array.from(rows, (row) => row.state),
  });
}

/** The real flow of a water main, an hour a point. */
export const history: readonly number[] = read('server/embedded/demo/data/water-flow.csv')
  .trim()
  .split('\n')
  .slice(300, 500)
  .map((line) => Number(line.split(',')[1]));

export function sources(now: number): SourceHealth[] {
  const source = (id: string, unit: string, name: string, silent = 0): SourceHealth => ({
    source: id,
    unit,
    name: `${name} (phát lại)`,
    link: silent > 0 ? 'down' : 'up',
    lastSampleAt: new Date(now - 1000 - silent).toISOString(),
    staleAfter: 60,
    stale: silent > 0,
    samples: 1,
    duplicates: 0,
    quarantined: 0,
    recorded: true,
  });
  return [
    source('khi-tuong', 'so-nnmt', 'Quan trắc khí tượng'),
    source('hai-van', 'so-nnmt', 'Phao hải văn'),
    source('cap-nuoc', 'so-xd', 'Đồng hồ tổng cấp nước'),
    source('dia-chan', 'so-nnmt', 'Báo tin động đất', 252_000),
    source('camera-giao-thong', 'cong-an', 'Camera giao thông'),
  ];
}
