import type { Principal } from '#contract/people.ts';

/**
 * Where to go after a login: the page that was asked for, else the one of the role. Only a path of this hub counts as
 * asked for; anything else would let a link from outside choose where a fresh session lands.
 */
export function loginTarget(search: string, principal: Principal | null, origin: string): string {
  const wanted = new URLSearchParams(search).get('next');
  return (wanted !== null && samePath(wanted, origin)) || pageOf(principal);
}

/** The page a person works on: officers of units have a phone, the centre has desks. */
function pageOf(principal: Principal | null): string {
  if (principal === null) return '/login';
  if (principal.kind === 'wall') return `/wall/${principal.wall}`;
  return principal.role === 'focal-point' || principal.role === 'head' ? '/m/' : '/desk';
}

/** Path, query and hash of `wanted` if it stays on `origin` and is not the login page; else null. */
function samePath(wanted: string, origin: string): string | null {
  // `//host` and `/\host` are other origins to a browser, whatever they look like.
  if (!wanted.startsWith('/') || !URL.canParse(wanted, origin)) return null;
  const url = new URL(wanted, origin);
  if (url.origin !== origin || url.pathname === '/login') return null;
  return url.pathname + url.search + url.hash;
}
