import { SESSION_COOKIE } from '#contract/names.ts';

/** A cookie with a secret in it: never read by scripts, never sent to or from another site. */
export interface SecretCookie {
  readonly name: string;
  readonly secure: boolean;
}

/**
 * Over HTTPS the `__Host-` prefix pins a cookie to this host and to Secure (RFC 6265bis §4.1.3.2). Plain HTTP on
 * loopback cannot have it.
 */
const named = (name: string, secure: boolean): SecretCookie => ({ name: secure ? `__Host-${name}` : name, secure });

export interface HubCookies {
  readonly session: SecretCookie;
  /** A paired screen's. */
  readonly screen: SecretCookie;
  /** A screen's that waits to be paired. */
  readonly pairing: SecretCookie;
}

export function hubCookies(secure: boolean): HubCookies {
  return {
    session: named(SESSION_COOKIE, secure),
    screen: named('ioc_screen', secure),
    pairing: named('ioc_pairing', secure),
  };
}

/** @param maxAge seconds; 0 makes the browser forget it. @returns a `Set-Cookie` value. */
export function setCookie(cookie: SecretCookie, value: string, maxAge: number): string {
  const secure = cookie.secure ? '; Secure' : '';
  return `${cookie.name}=${value}; Max-Age=${Math.floor(maxAge)}; Path=/; HttpOnly; SameSite=Lax${secure}`;
}

/** @returns the cookie's value in a `Cookie` header, null when it is not there. Ours are base64url: nothing to decode. */
export function readCookie(header: string | undefined, cookie: SecretCookie): string | null {
  if (header === undefined) return null;
  for (const part of header.split(';')) {
    const equals = part.indexOf('=');
    if (equals > 0 && part.slice(0, equals).trim() === cookie.name) return part.slice(equals + 1).trim() || null;
  }
  return null;
}
