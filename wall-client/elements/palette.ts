import type { Severity } from '#contract/names.ts';

/** The colours of one scheme, as `#RRGGBB`; measured, see test/unit/wall-client/elements/palette.test.ts. */
export interface Palette {
  readonly bg0: string;
  readonly bg1: string;
  readonly bg2: string;
  /** Lines that separate, never text. */
  readonly line: string;
  readonly text0: string;
  readonly text1: string;
  readonly text2: string;
  readonly severity: Readonly<Record<Severity, string>>;
  readonly ok: string;
  readonly map: {
    readonly sea: string;
    readonly land: string;
    readonly province: string;
    readonly outline: string;
    readonly water: string;
    readonly border: string;
    readonly place: string;
  };
}

export type Scheme = 'night' | 'day';

/** On a wall anything coloured means something, so the ground is grey. Text is at least 4.8 : 1 on all three grounds. */
export const PALETTES: Readonly<Record<Scheme, Palette>> = {
  night: {
    bg0: '#0B1115',
    bg1: '#121B21',
    bg2: '#1B272F',
    line: '#2B3A44',
    text0: '#E9EFF2',
    text1: '#AFBDC6',
    text2: '#8395A1',
    severity: { critical: '#FF5A52', major: '#FF9E2C', minor: '#FFD54A', warning: '#63B9FF', info: '#9FB0BB' },
    ok: '#5FB98A',
    map: {
      sea: '#0B1115',
      land: '#10181D',
      province: '#19242B',
      outline: '#4A5C68',
      water: '#273B48',
      border: '#33434E',
      place: '#8395A1',
    },
  },
  day: {
    bg0: '#E4E8EA',
    bg1: '#F2F4F5',
    bg2: '#FFFFFF',
    line: '#C3CCD1',
    text0: '#10181D',
    text1: '#3A4850',
    text2: '#566670',
    severity: { critical: '#B3140F', major: '#964B00', minor: '#6F5600', warning: '#0B5CA8', info: '#4B5C66' },
    ok: '#1C6A43',
    map: {
      sea: '#D6DEE2',
      land: '#E9ECEE',
      province: '#F8F9FA',
      outline: '#7C8C96',
      water: '#B9CCD8',
      border: '#A9B5BC',
      place: '#566670',
    },
  },
};

/** Custom properties of a scheme; elements use these names and no colours of their own. */
export function customProperties(palette: Palette): Readonly<Record<string, string>> {
  const { severity } = palette;
  return {
    '--bg-0': palette.bg0,
    '--bg-1': palette.bg1,
    '--bg-2': palette.bg2,
    '--line': palette.line,
    '--text-0': palette.text0,
    '--text-1': palette.text1,
    '--text-2': palette.text2,
    '--critical': severity.critical,
    '--major': severity.major,
    '--minor': severity.minor,
    '--warning': severity.warning,
    '--info': severity.info,
    '--ok': palette.ok,
    // 45° hatch over what is stale: seen as dead from any distance, readable below.
    '--hatch': `repeating-linear-gradient(135deg, ${palette.text2}66 0 0.09rem, transparent 0.09rem 0.36rem)`,
  };
}

/** [red, green, blue, alpha] 0…255, as deck.gl takes it. */
export function rgba(colour: string, alpha = 255): [number, number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255, alpha];
}
