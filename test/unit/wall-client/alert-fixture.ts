import type { Alert } from '#contract/alert.ts';

/** An ordinary firing alert; each test says what is special about its own. */
export function alertWith(more: Partial<Alert> = {}): Alert {
  return {
    id: '0199aa00-0000-7000-8000-000000000001',
    rule: 'flow-low',
    labels: {},
    title: { vi: 'Lưu lượng thấp', en: 'Low flow' },
    severity: 'critical',
    unit: 'so-xd',
    condition: 'firing',
    quality: 'live',
    authenticity: 'unverified',
    handling: 'new',
    suppressed: null,
    publication: 'internal',
    startsAt: '2026-11-23T00:00:00.000Z',
    firedAt: '2026-11-23T00:00:00.000Z',
    endsAt: null,
    value: 12.4,
    uom: 'l/s',
    location: { type: 'Point', coordinates: [105.7, 18.7] },
    series: 'series-1',
    thing: 'Đồng hồ tổng',
    runbook: null,
    assignee: null,
    acknowledgedBy: null,
    seq: 1,
    ...more,
  };
}
