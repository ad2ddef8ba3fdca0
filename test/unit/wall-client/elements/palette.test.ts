import { describe, expect, it } from 'vitest';
import { PALETTES, rgba } from '../../../../wall-client/elements/palette.ts';

/** Relative luminance and contrast, WCAG 2.2. */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = rgba(colour).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(a: string, b: string): number {
  const [dark = 0, light = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}

describe.each(Object.entries(PALETTES))('the %s palette', (_name, palette) => {
  const grounds = [palette.bg0, palette.bg1, palette.bg2];
  const texts = {
    ...palette.severity,
    text0: palette.text0,
    text1: palette.text1,
    text2: palette.text2,
    ok: palette.ok,
  };

  it.each(Object.entries(texts))('shows %s at 4.8 : 1 at least on every ground', (_token, colour) => {
    for (const ground of grounds) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(4.8);
  });

  it('keeps the map quieter than what is drawn on it', () => {
    const { sea, land, province, water } = palette.map;
    for (const ground of [sea, land, province, water]) {
      for (const colour of Object.values(palette.severity)) expect(contrast(colour, ground)).toBeGreaterThanOrEqual(3);
    }
    expect(contrast(province, sea)).toBeLessThan(1.6);
  });
});
