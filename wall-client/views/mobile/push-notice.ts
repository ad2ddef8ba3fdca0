import type { PushPayload } from '#contract/push.ts';

/** What the service worker shows. */
export interface Notice {
  readonly title: string;
  readonly options: NotificationOptions & { readonly renotify?: boolean };
}

/**
 * A push always becomes a notice, even one that cannot be read: a push that shows nothing costs the subscription on
 * iOS after a few, and a person who gets a word too many can look, one who gets none cannot.
 */
export function noticeOf(text: string | null, fallback: { readonly title: string; readonly body: string }): Notice {
  const payload = readPayload(text);
  if (payload === null) {
    return { title: fallback.title, options: { ...LOOK, body: fallback.body, tag: 'unreadable', data: { url: HOME } } };
  }
  // The end of an alert replaces its notice without ringing again; everything else rings, also over an older notice.
  const silent = payload.condition === 'resolved';
  return {
    title: payload.title,
    options: {
      ...LOOK,
      body: payload.body,
      tag: payload.tag,
      renotify: !silent,
      silent,
      requireInteraction: payload.severity === 'critical' && !silent,
      data: { url: scopedUrl(payload.url) },
    },
  };
}

const HOME = '/m/';
const LOOK = { icon: '/m/icon-192.png', badge: '/m/badge-96.png', lang: 'vi' } as const;

function readPayload(text: string | null): PushPayload | null {
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as Partial<PushPayload> | null;
    const complete = typeof value?.title === 'string' && value.title !== '' && typeof value.tag === 'string';
    return complete ? { ...EMPTY, ...value } : null;
  } catch {
    return null;
  }
}

const EMPTY: PushPayload = {
  kind: 'alert',
  tag: '',
  title: '',
  body: '',
  url: HOME,
  severity: 'info',
  condition: 'firing',
  at: '',
};

/** A path under `/m/` only: a notice opens the phone page and nothing else. */
export function scopedUrl(url: unknown): string {
  if (typeof url !== 'string' || !URL.canParse(url, 'https://hub')) return HOME;
  const { pathname, search, hash } = new URL(url, 'https://hub');
  return pathname.startsWith(HOME) ? pathname + search + hash : HOME;
}
