import type { Palette } from '../../elements/palette.ts';
import type { MarkAtlas } from '../mark-atlas.ts';

/** What all layers need beside their data. `rem` in pixels. */
export interface DrawStyle {
  readonly palette: Palette;
  readonly atlas: MarkAtlas;
  readonly rem: number;
}
