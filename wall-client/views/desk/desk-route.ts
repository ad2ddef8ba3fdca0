/** What the desk shows. The address keeps it, so that a link opens the same thing again. */
export const DESK_TABS = ['alerts', 'sources', 'connect', 'quarantine', 'screens', 'people'] as const;
export type DeskTab = (typeof DESK_TABS)[number];

export interface DeskRoute {
  readonly tab: DeskTab;
  /** Id of the chosen alert; null on other tabs or when none is chosen. */
  readonly alert: string | null;
}

/** Reads `#/alerts/<id>` or `#/<tab>`; what is not understood is the queue. */
export function parseRoute(hash: string): DeskRoute {
  const [, tab = '', id = ''] = hash.split('/');
  const known = DESK_TABS.find((name) => name === tab) ?? 'alerts';
  return { tab: known, alert: known === 'alerts' && /^[0-9a-f-]{36}$/i.test(id) ? id : null };
}

/** The inverse of {@link parseRoute}. */
export function formatRoute(route: DeskRoute): string {
  return route.alert === null ? `#/${route.tab}` : `#/${route.tab}/${route.alert}`;
}
