import type { Shift } from '#contract/wall.ts';

/** The shift on duty at a minute of the day; one that ends before it begins runs over midnight. */
export function shiftAt(shifts: readonly Shift[], minute: number): Shift | null {
  const on = shifts.find((shift) => {
    const from = minutes(shift.from);
    const to = minutes(shift.to);
    return from < to ? minute >= from && minute < to : minute >= from || minute < to;
  });
  return on ?? null;
}

function minutes(time: string): number {
  const [hours = '0', rest = '0'] = time.split(':');
  return Number(hours) * 60 + Number(rest);
}
