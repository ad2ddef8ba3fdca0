import type { Alert } from '#contract/alert.ts';
import type { LayerConfig } from '#contract/layer.ts';
import type { WallConfig } from '#contract/wall.ts';

export function makeAlert(id: string, unit: string, more: Partial<Alert> = {}): Alert {
  return {
    id,
    rule: 'river-above-level-2',
    labels: { river: 'Lam' },
    title: { vi: 'Mực nước vượt báo động II', en: 'River above alarm level II' },
    severity: 'major',
    unit,
    condition: 'firing',
    quality: 'live',
    authenticity: 'unverified',
    handling: 'new',
    suppressed: null,
    publication: 'internal',
    startsAt: '2026-11-23T02:50:00Z',
    firedAt: '2026-11-23T02:55:00Z',
    endsAt: null,
    value: 5.6,
    uom: 'm',
    location: { type: 'Point', coordinates: [105.68, 18.67] },
    series: null,
    thing: 'Trạm Nam Đàn',
    runbook: null,
    assignee: null,
    acknowledgedBy: null,
    seq: 7,
    ...more,
  };
}

export const LAYERS: readonly LayerConfig[] = [
  { id: 'water', title: { vi: 'Mực nước', en: 'Water level' }, kind: 'samples', match: ['water-level'] },
  { id: 'cameras', title: { vi: 'Camera', en: 'Cameras' }, kind: 'events', match: [] },
];

export const WALL: WallConfig = {
  id: 'main',
  title: { vi: 'Tường chính', en: 'Main wall' },
  screen: { viewingDistance: 4, pixelPitch: 0.9, width: 3840 },
  scheme: 'night',
  timeZone: 'Asia/Ho_Chi_Minh',
  map: { bounds: [103.8, 18.5, 106, 20], layers: ['water'] },
  tiles: [],
  shifts: [],
};
