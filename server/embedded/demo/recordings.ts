import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** One recorded quantity: its values in the order in which they were recorded, gaps left out. */
export interface Recording {
  readonly quantity: string;
  readonly uom: string;
  readonly values: Float64Array;
}

export interface RecordedQuake {
  readonly id: string;
  readonly magnitude: number;
  readonly depth: number;
  readonly place: string;
  readonly recordedAt: string;
}

export interface Recordings {
  readonly waterFlow: Recording;
  readonly seaTemperature: Recording;
  readonly airTemperature: Recording;
  readonly pressure: Recording;
  readonly windSpeed: Recording;
  readonly quakes: readonly RecordedQuake[];
}

/** Reads the files whose sources and licences stand in the README beside them. */
export async function readRecordings(directory: string): Promise<Recordings> {
  const text = (file: string) => readFile(join(directory, file), 'utf8');
  const [flow, sea, weather, quakes] = await Promise.all([
    text('water-flow.csv'),
    text('sea-surface-temperature.csv'),
    text('seattle-weather-hourly-normals.csv'),
    text('earthquakes.json'),
  ]);
  return {
    waterFlow: { quantity: 'water-flow', uom: 'l/s', values: column(flow, 1) },
    seaTemperature: { quantity: 'sea-temperature', uom: 'Cel', values: column(sea, 1) },
    pressure: { quantity: 'pressure', uom: 'hPa', values: column(weather, 1) },
    airTemperature: { quantity: 'air-temperature', uom: 'Cel', values: column(weather, 2) },
    windSpeed: { quantity: 'wind-speed', uom: 'm/s', values: column(weather, 3) },
    quakes: parseQuakes(quakes),
  };
}

function column(csv: string, index: number): Float64Array {
  const values: number[] = [];
  for (const line of csv.split('\n').slice(1)) {
    const cell = line.split(',')[index]?.trim();
    const value = cell ? Number(cell) : Number.NaN;
    if (Number.isFinite(value)) values.push(value);
  }
  return Float64Array.from(values);
}

interface QuakeFeature {
  readonly id: string;
  readonly properties: { readonly mag: number | null; readonly place: string; readonly time: number };
  readonly geometry: { readonly coordinates: readonly [number, number, number] };
}

/** Only what people feel or instruments far away notice; the catalogue is mostly smaller. */
const SMALLEST_SHOWN = 2.5;

function parseQuakes(json: string): RecordedQuake[] {
  const { features }: { features: QuakeFeature[] } = JSON.parse(json);
  return features
    .filter(({ properties }) => (properties.mag ?? 0) >= SMALLEST_SHOWN)
    .sort((a, b) => a.properties.time - b.properties.time)
    .map(({ id, properties, geometry }) => ({
      id,
      magnitude: properties.mag ?? 0,
      depth: geometry.coordinates[2],
      place: properties.place,
      recordedAt: new Date(properties.time).toISOString(),
    }));
}
