/** The phone page without a network: what is kept, where, and how it is renewed. Runs in the service worker. */

export const SHELL = '/m/';
const PREFIX = 'phone-shell-';
/** Files of a shell at most: a page that names more is not one of ours. */
const MOST_FILES = 60;
/** Milliseconds the network may take before the kept page is shown: a bad connection is worse than none. */
export const NETWORK_TIME = 3000;

const REFERENCE = /(?:\/|\.\/|\.\.\/)?(?:assets\/)?[\w.-]+-[\w-]{8}\.(?:js|css|woff2)(?=["'`)?])/g;
const ATTRIBUTE = /(?:src|href)="(\/(?:assets|m)\/[^"]+)"/g;

/** Same-origin files a page, a script or a style refers to by a hashed name, or a page by an attribute. */
export function referencesOf(text: string, base: string): string[] {
  const found = new Set<string>();
  for (const [, path = ''] of text.matchAll(ATTRIBUTE)) found.add(new URL(path, base).pathname);
  for (const [reference] of text.matchAll(REFERENCE)) {
    // Scripts name their chunks relative to themselves, or to the root without its slash.
    const rooted = reference.startsWith('assets/') ? `/${reference}` : reference;
    found.add(new URL(rooted, base).pathname);
  }
  return [...found];
}

/** The name of the cache of this very shell: its text names every hashed file, so it changes with every build. */
async function shellCacheName(page: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(page));
  const hex = Array.from(new Uint8Array(digest, 0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return PREFIX + hex;
}

/**
 * Fetches a page's files and keeps them all, then drops older shells. All or nothing: a shell with a part missing
 * would open and not work. @returns whether a new shell was kept
 */
export async function keepShell(caches: CacheStorage, page: Response, fetcher: typeof fetch): Promise<boolean> {
  const text = await page.clone().text();
  const name = await shellCacheName(text);
  if (await caches.has(name)) return false;
  const files = await fetchAll(text, new URL(page.url).href, fetcher);
  const cache = await caches.open(name);
  for (const [path, response] of files) await cache.put(path, response);
  // The page last: with it the shell counts as whole.
  await cache.put(SHELL, page);
  for (const other of await caches.keys()) if (other.startsWith(PREFIX) && other !== name) await caches.delete(other);
  return true;
}

async function fetchAll(page: string, base: string, fetcher: typeof fetch): Promise<Map<string, Response>> {
  const files = new Map<string, Response>();
  const waiting = referencesOf(page, base);
  while (waiting.length > 0) {
    const path = waiting.pop()!;
    if (files.has(path)) continue;
    if (files.size >= MOST_FILES) throw new Error('the phone page refers to too many files');
    const response = await fetcher(path);
    if (!response.ok) throw new Error(`${path}: ${response.status}`);
    files.set(path, response);
    if (/\.(?:js|css)$/.test(path))
      waiting.push(...referencesOf(await response.clone().text(), new URL(path, base).href));
  }
  return files;
}

/** The answer of a kept shell to a path; undefined when there is none. */
export async function fromShell(caches: CacheStorage, path: string): Promise<Response | undefined> {
  for (const name of await caches.keys()) {
    if (!name.startsWith(PREFIX)) continue;
    const response = await (await caches.open(name)).match(path);
    if (response) return response;
  }
  return undefined;
}
