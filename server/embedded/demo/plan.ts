import type { Unit } from '#contract/people.ts';
import type { Position } from '#contract/series.ts';
import type { Source } from '#contract/source.ts';
import type { Recording, Recordings } from './recordings.ts';

/** A station of the demo: a place of Nghệ An that tells a recorded series, each from another hour on. */
export interface Station {
  readonly source: string;
  readonly thing: string;
  readonly name: string;
  readonly position: Position;
  readonly recordings: readonly Recording[];
  /** Where in the recording it begins. */
  readonly offset: number;
}

export interface CameraStation {
  readonly source: string;
  readonly thing: string;
  readonly name: string;
  readonly position: Position;
}

export interface DemoPlan {
  readonly sources: readonly Source[];
  readonly stations: readonly Station[];
  readonly cameras: readonly CameraStation[];
}

/** A commune's point with its name, from the basemap. */
export interface Place {
  readonly name: string;
  readonly position: Position;
}

export const DEMO_LABELS = { replay: 'recorded' } as const;

export const demoSources: readonly Source[] = [
  demoSource('khi-tuong', 'so-nnmt', 'Quan trắc khí tượng (phát lại)'),
  demoSource('hai-van', 'so-nnmt', 'Phao hải văn (phát lại)'),
  demoSource('cap-nuoc', 'so-xd', 'Đồng hồ tổng cấp nước (phát lại)'),
  demoSource('dia-chan', 'so-nnmt', 'Báo tin động đất (phát lại)', 60),
  demoSource('camera-giao-thong', 'cong-an', 'Camera giao thông (phát lại)'),
];

function demoSource(id: string, unit: string, name: string, staleAfter = 15): Source {
  return { id, unit, name, decoder: 'senml', staleAfter, recorded: true };
}

/** The coast of Nghệ An runs roughly from Quỳnh Lưu to Cửa Lò; buoys lie off it on two lines. */
const COAST: readonly Position[] = [
  [105.82, 19.24],
  [105.76, 19.1],
  [105.72, 18.98],
  [105.7, 18.88],
  [105.75, 18.78],
];
const BUOYS = 24;
const WATER_METERS = 48;
const CAMERAS = 12;

/**
 * Lays out 202 stations: weather in every commune, meters in forty-eight, buoys off the coast, cameras in the wards.
 * Deterministic, so that a station keeps its name and history from one start to the next.
 */
export function planDemo(places: readonly Place[], units: readonly Unit[], recordings: Recordings): DemoPlan {
  const known = new Set(units.map((unit) => unit.id));
  const wards = places.filter((place) => place.name.startsWith('Phường'));
  return {
    sources: demoSources.filter((source) => known.has(source.unit)),
    stations: [...weatherStations(places, recordings), ...waterMeters(places, recordings), ...buoys(recordings)],
    cameras: Array.from({ length: CAMERAS }, (_, index) => camera(wards, index)),
  };
}

function weatherStations(places: readonly Place[], { airTemperature, pressure, windSpeed }: Recordings): Station[] {
  return places.map((place, index) => ({
    source: 'khi-tuong',
    thing: `kt-${number(index)}`,
    name: `Trạm khí tượng ${place.name}`,
    position: place.position,
    recordings: [airTemperature, pressure, windSpeed],
    // Stations of one province differ by minutes, not seasons: the recording begins within two days of the same hour.
    offset: 4000 + (index % 48),
  }));
}

function waterMeters(places: readonly Place[], { waterFlow }: Recordings): Station[] {
  const step = Math.floor(places.length / WATER_METERS);
  return Array.from({ length: WATER_METERS }, (_, index) => {
    const place = places[index * step]!;
    return {
      source: 'cap-nuoc',
      thing: `cn-${number(index)}`,
      name: `Đồng hồ tổng ${place.name}`,
      position: [place.position[0] + 0.012, place.position[1] - 0.01],
      recordings: [waterFlow],
      // Spread over the whole recording, so that at any time some meter passes one of its four anomalies.
      offset: Math.floor((index * waterFlow.values.length) / WATER_METERS),
    };
  });
}

function buoys({ seaTemperature }: Recordings): Station[] {
  return Array.from({ length: BUOYS }, (_, index) => {
    const along = (index % (BUOYS / 2)) / (BUOYS / 2);
    const offshore = index < BUOYS / 2 ? 0.1 : 0.24;
    const [longitude, latitude] = pointOnCoast(along);
    return {
      source: 'hai-van',
      thing: `hv-${number(index)}`,
      name: `Phao hải văn số ${index + 1}`,
      position: [round(longitude + offshore), round(latitude)],
      recordings: [seaTemperature],
      offset: Math.floor((index * seaTemperature.values.length) / BUOYS),
    };
  });
}

function pointOnCoast(share: number): Position {
  const at = share * (COAST.length - 1);
  const from = COAST[Math.floor(at)]!;
  const to = COAST[Math.min(Math.floor(at) + 1, COAST.length - 1)]!;
  const rest = at - Math.floor(at);
  return [from[0] + (to[0] - from[0]) * rest, from[1] + (to[1] - from[1]) * rest];
}

function camera(wards: readonly Place[], index: number): CameraStation {
  const ward = wards[index % wards.length]!;
  return {
    source: 'camera-giao-thong',
    thing: `cam-${number(index)}`,
    name: `Camera ${ward.name}`,
    position: [
      round(ward.position[0] - 0.008),
      round(ward.position[1] + 0.008 + 0.01 * Math.floor(index / wards.length)),
    ],
  };
}

const number = (index: number) => String(index + 1).padStart(3, '0');
const round = (degrees: number) => Math.round(degrees * 10_000) / 10_000;
