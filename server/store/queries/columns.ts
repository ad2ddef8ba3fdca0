import type { Position } from '#contract/series.ts';

/** How columns become contract fields. */
export const iso = (time: Date): string => time.toISOString();

export const isoOrNull = (time: Date | null): string | null => time?.toISOString() ?? null;

export const toPosition = (lon: number | null, lat: number | null): Position | null =>
  lon === null || lat === null ? null : [lon, lat];
