import { noticeOf, scopedUrl } from '../views/mobile/push-notice.ts';
import { fromShell, keepShell, NETWORK_TIME, SHELL } from '../views/mobile/shell-cache.ts';

/** The phone's service worker, scope `/m/`: opens the page without a network, shows pushes. Never keeps API answers. */
const worker = self as unknown as ServiceWorkerGlobalScope;

worker.addEventListener('install', (event) => {
  // A shell that cannot be kept costs the page without a network, not the pushes.
  event.waitUntil(
    renewShell()
      .catch(() => {})
      .then(() => worker.skipWaiting()),
  );
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim());
});

worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== 'GET' || origin !== worker.location.origin || pathname.startsWith('/api/')) return;
  if (pathname === SHELL && request.mode === 'navigate') event.respondWith(openPage(event));
  else if (pathname.startsWith('/assets/') || pathname.startsWith(SHELL)) event.respondWith(openFile(request));
});

worker.addEventListener('push', (event) => {
  const { title, options } = noticeOf(event.data?.text() ?? null, FALLBACK);
  // Nothing is asked or fetched on the way: what could fail could leave the push unseen.
  event.waitUntil(worker.registration.showNotification(title, options));
});

worker.addEventListener('notificationclick', (event) => {
  event.notification.close();
  event.waitUntil(openAt(scopedUrl((event.notification.data as { url?: unknown } | null)?.url)));
});

worker.addEventListener('pushsubscriptionchange', (event) => {
  (event as ExtendableEvent).waitUntil(resubscribe());
});

/** Shown when a push cannot be read; both languages, for the worker knows nobody's choice. */
const FALLBACK = {
  title: 'NgheanIOC: có cảnh báo mới',
  body: 'Mở ứng dụng để xem. / There is a new alert: open the page.',
};

async function renewShell(): Promise<void> {
  await keepShell(worker.caches, await fetch(SHELL, { cache: 'no-cache' }), fetch);
}

/** The network's page when it comes in time, else the kept one. A new page's files are kept for the next time. */
async function openPage(event: FetchEvent): Promise<Response> {
  const fresh = fetch(event.request);
  const kept = new Promise<Response | undefined>((resolve) => {
    const fall = () => resolve(fromShell(worker.caches, SHELL));
    setTimeout(fall, NETWORK_TIME);
    fresh.catch(fall);
  });
  const response = (await Promise.race([fresh.catch(() => undefined), kept])) ?? (await kept) ?? (await fresh);
  if (response.ok && response.url !== '' && !response.redirected) {
    event.waitUntil(keepShell(worker.caches, response.clone(), fetch).catch(() => {}));
  }
  return response;
}

/** Hashed files never change, so a kept one is right. */
async function openFile(request: Request): Promise<Response> {
  return (await fromShell(worker.caches, new URL(request.url).pathname)) ?? (await fetch(request));
}

async function openAt(url: string): Promise<void> {
  const pages = await worker.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page = pages.find((client) => new URL(client.url).pathname.startsWith(SHELL));
  if (!page) {
    await worker.clients.openWindow(url);
    return;
  }
  // The page routes by itself: navigating would throw away what it already shows. First the word, then the focus,
  // which a browser may refuse.
  page.postMessage({ kind: 'open', url });
  await page.focus();
}

/** The push service gave the phone a new address: the old one is dead, so the hub must learn the new one now. */
async function resubscribe(): Promise<void> {
  const answer = await fetch('/api/v1/push-key');
  if (!answer.ok) return;
  const { key } = (await answer.json()) as { key: string };
  const subscription = await worker.registration.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: key,
  });
  await fetch('/api/v1/push-subscriptions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(subscription),
  });
}
