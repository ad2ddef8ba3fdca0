import { describe, expect, it } from 'vitest';
import { rootFontSize } from '../../../../wall-client/elements/theme.ts';

describe('rootFontSize', () => {
  const wall = { viewingDistance: 6, pixelPitch: 0.63, width: 3840 };

  it.each([
    [wall, 3840, 63.3, '16 minutes of arc at 6 m and 0.63 mm a pixel'],
    [wall, 1920, 31.7, 'the same wall with half the pixels: letters of the same height in millimetres'],
    [{ ...wall, viewingDistance: 3 }, 3840, 31.7, 'half as far, half as large'],
    [
      { viewingDistance: 0.6, pixelPitch: 0.25, width: 1920 },
      1920,
      16,
      'a desk at arm’s length: about a browser’s own size',
    ],
    [{ viewingDistance: 0.3, pixelPitch: 0.5, width: 1920 }, 1920, 12, 'never smaller than can be read'],
    [{ viewingDistance: 30, pixelPitch: 0.3, width: 1920 }, 1920, 48, 'never so large that nothing fits'],
  ])('%o at %d pixels: %d px (%s)', (screen, width, expected) => {
    expect(rootFontSize(screen, width)).toBeCloseTo(expected, 0);
  });
});
