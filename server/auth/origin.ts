/** What a browser says about where a request comes from. Undefined: the header was not sent. */
export interface RequestOrigin {
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site` (W3C Fetch Metadata). */
  readonly fetchSite: string | undefined;
  /** `scheme://host` the request itself was sent to; used only while no public address is configured. */
  readonly own: string | undefined;
}

/**
 * May a request that carries a cookie change something? A foreign site's page cannot forge either header. Neither
 * header means no browser of the last years: such a client holds the cookie itself, so nobody is tricked.
 * @param publicOrigin origin of the public address, null when none is configured
 */
export function isOwnOrigin(request: RequestOrigin, publicOrigin: string | null): boolean {
  const { origin, fetchSite, own } = request;
  if (fetchSite === 'same-origin') return true;
  if (fetchSite === 'cross-site' || fetchSite === 'same-site') return false;
  if (origin === undefined) return true;
  return origin === (publicOrigin ?? own);
}

/** @returns the origin of an address, null for null. */
export function originOf(url: string | null): string | null {
  return url === null ? null : new URL(url).origin;
}
