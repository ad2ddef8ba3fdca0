import { isIP } from 'node:net';

/**
 * An endpoint is an address a user gives us to connect to, so it may only lead to known push services: checked when it
 * is subscribed and again when it is sent to, since patterns may have changed in between.
 *
 * A pattern is a host, `*.` and a domain (for the names below it), or a host with a port. Without a port in the pattern
 * only HTTPS's own is allowed. Addresses and `localhost` are never met by a wildcard; listed literally they may have
 * any port, which is what a test's own push service needs.
 *
 * @returns what is wrong, in a sentence; null when the endpoint may be used
 */
export function endpointProblem(endpoint: string, allowedHosts: readonly string[]): string | null {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : null;
  if (url === null) return 'the endpoint is not a URL';
  if (url.protocol !== 'https:') return 'the endpoint must be an https URL';
  if (url.username !== '' || url.password !== '') return 'the endpoint must not hold credentials';
  const allowed = allowedHosts.some((pattern) => meets(url, pattern.trim().toLowerCase()));
  return allowed ? null : `${url.host} is not a push service this hub sends to`;
}

function meets(url: URL, pattern: string): boolean {
  const local = isLocal(url.hostname);
  if (url.port !== '' && !(local && pattern === url.hostname)) return pattern === url.host;
  if (pattern === url.hostname) return true;
  return !local && pattern.startsWith('*.') && pattern.length > 2 && url.hostname.endsWith(pattern.slice(1));
}

/** The URL parser has already turned every spelling of an IPv4 address into four decimal numbers. */
function isLocal(hostname: string): boolean {
  return hostname.startsWith('[') || isIP(hostname) !== 0 || /(?:^|\.)localhost\.?$/.test(hostname);
}
