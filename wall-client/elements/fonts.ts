import latin400 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-400-normal.woff2?url';
import latin600 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-latin-600-normal.woff2?url';
import vietnamese400 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-400-normal.woff2?url';
import vietnamese600 from '@fontsource/be-vietnam-pro/files/be-vietnam-pro-vietnamese-600-normal.woff2?url';

export const FONT_FAMILY = 'Be Vietnam Pro';

/** A font file of ours: served by the hub, never by anybody else. */
export interface FontFile {
  readonly url: string;
  readonly weight: 400 | 600;
  readonly unicodeRange: readonly string[];
}

const VIETNAMESE = [
  'U+0102-0103',
  'U+0110-0111',
  'U+0128-0129',
  'U+0168-0169',
  'U+01A0-01A1',
  'U+01AF-01B0',
  'U+0300-0301',
  'U+0303-0304',
  'U+0308-0309',
  'U+0323',
  'U+0329',
  'U+1EA0-1EF9',
  'U+20AB',
];
const LATIN = ['U+0000-00FF', 'U+0131', 'U+0152-0153', 'U+02C6', 'U+02DA', 'U+02DC', 'U+2000-206F', 'U+20AC', 'U+2212'];

export const FONT_FILES: readonly FontFile[] = [
  { url: vietnamese400, weight: 400, unicodeRange: VIETNAMESE },
  { url: latin400, weight: 400, unicodeRange: LATIN },
  { url: vietnamese600, weight: 600, unicodeRange: VIETNAMESE },
  { url: latin600, weight: 600, unicodeRange: LATIN },
];

/**
 * Declares the family and loads it all: the map draws letters into textures and cannot swap them later.
 * A file that does not come leaves the system's font in its place; the page goes on.
 */
export async function loadFonts(): Promise<void> {
  const faces = FONT_FILES.map(
    ({ url, weight, unicodeRange }) =>
      new FontFace(FONT_FAMILY, `url(${JSON.stringify(url)}) format("woff2")`, {
        weight: String(weight),
        unicodeRange: unicodeRange.join(', '),
        display: 'swap',
      }),
  );
  for (const face of faces) document.fonts.add(face);
  await Promise.allSettled(faces.map((face) => face.load()));
}
