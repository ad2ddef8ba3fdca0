import type { Alert, AlertChange } from '#contract/alert.ts';
import type { HubEvent } from '#contract/event.ts';
import type { LayerConfig } from '#contract/layer.ts';
import type { SourceHealth } from '#contract/live.ts';
import type { Delivery } from '#contract/push.ts';
import type { QuarantineItem } from '#contract/quarantine.ts';
import type { AuditEntry } from '#contract/records.ts';
import type { SamplePoint, Series } from '#contract/series.ts';
import type { WallConfig } from '#contract/wall.ts';
import type { RuleSummary } from '../../../server/http/ports.ts';

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

export const SERIES: Series = {
  id: '5f0c2c1e-7a3b-5a52-9a51-0c6f7d0b7a11',
  number: 0,
  unit: 'so-nnmt',
  source: 'so-nnmt-tram',
  name: 'tram-1:water-level',
  thing: 'tram-1',
  quantity: 'water-level',
  uom: 'm',
};

export const SAMPLES: readonly SamplePoint[] = [
  { time: '2026-11-23T02:00:00Z', value: 5.1, quality: 'live' },
  { time: '2026-11-23T02:01:00Z', value: null, quality: 'late' },
];

export const QUARANTINED: QuarantineItem = {
  id: 'q1',
  at: '2026-11-23T02:00:00Z',
  source: 'so-nnmt-tram',
  transport: 'mqtt',
  topic: 'ioc/v1/so-nnmt/so-nnmt-tram/samples',
  reason: 'malformed',
  detail: 'not JSON at byte 3',
  excerpt: '[{"',
  size: 3,
};

export const EVENT: HubEvent = {
  id: 'e1',
  unit: 'so-nnmt',
  source: 'so-nnmt-tram',
  type: 'earthquake',
  thing: null,
  time: Date.parse('2026-11-23T02:00:00Z'),
  position: [105, 19],
  title: 'Động đất 3,1',
  data: { magnitude: 3.1 },
};

export const DELIVERY: Delivery = {
  id: 'd1',
  alert: null,
  seq: 0,
  subscription: 's1',
  username: 'dau-moi',
  state: 'accepted',
  attempts: 1,
  status: 201,
  detail: null,
  queuedAt: '2026-11-23T03:00:00Z',
  finishedAt: '2026-11-23T03:00:01Z',
};

export const AUDITED: AuditEntry = {
  at: '2026-11-23T02:00:00Z',
  actor: 'admin',
  action: 'user.create',
  subject: 'an',
  from: null,
  detail: { role: 'operator' },
};

export const RULE: RuleSummary = {
  alert: 'river-above-level-2',
  title: { vi: 'Mực nước vượt báo động II', en: 'River above alarm level II' },
  severity: 'major',
  file: 'hydrology/river.rules.yaml',
  condition: { type: 'threshold', op: '>=', value: 5.4, clear: 5.2 },
  runbook: null,
};

export const HEALTH: SourceHealth = {
  source: 'so-nnmt-tram',
  unit: 'so-nnmt',
  name: 'Trạm đo',
  link: 'up',
  lastSampleAt: null,
  staleAfter: 300,
  stale: false,
  samples: 0,
  duplicates: 0,
  quarantined: 0,
  recorded: false,
};

export function fired(id: string): AlertChange {
  return { seq: 7, at: 0, kind: 'fired', actor: null, note: null, alert: makeAlert(id, 'so-nnmt') };
}
