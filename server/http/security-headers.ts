import type { FastifyHelmetOptions } from '@fastify/helmet';

export interface SecurityHeaderOptions {
  /** Reached over HTTPS: browsers may be told to stay with it. */
  readonly secure: boolean;
  /** `HUB_PUBLIC_URL`: its host is named for sockets, for browsers whose 'self' leaves out `wss:`. */
  readonly publicUrl: string | null;
  /** Lets pages put text into scripts' sinks only through a policy of their own (W3C Trusted Types). */
  readonly trustedTypes?: boolean;
}

/** Nothing but this hub's own files: a feed's text that becomes markup by mistake still cannot run or call out. */
export function securityHeaders(options: SecurityHeaderOptions): FastifyHelmetOptions {
  return {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'", 'data:', 'blob:'],
        fontSrc: ["'self'"],
        connectSrc: ["'self'", ...socketOrigin(options.publicUrl)],
        workerSrc: ["'self'"],
        manifestSrc: ["'self'"],
        frameAncestors: ["'none'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        ...(options.trustedTypes ? { requireTrustedTypesFor: ["'script'"] } : {}),
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginOpenerPolicy: { policy: 'same-origin' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
    frameguard: { action: 'deny' },
    strictTransportSecurity: options.secure ? { maxAge: 31_536_000, includeSubDomains: false } : false,
  };
}

function socketOrigin(publicUrl: string | null): string[] {
  if (publicUrl === null) return [];
  const { protocol, host } = new URL(publicUrl);
  return [`${protocol === 'https:' ? 'wss' : 'ws'}://${host}`];
}
