import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Principal } from '#contract/people.ts';
import type { Auth, Handshake } from '../auth/auth.ts';
import type { Caller } from '../auth/caller.ts';
import { allows, isPolicy, type PolicyName } from '../auth/policy.ts';
import { Refused } from '../auth/refusal.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call this route. A route without one does not start. */
    policy?: PolicyName;
    /** A page: who is not logged in is sent to log in. */
    page?: boolean;
    /** Programs on this machine need no token. */
    localToo?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; null when nobody is logged in. */
    principal: Principal | null;
  }
}

const SAFE_METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Puts every route behind its policy: a route that declares none makes the start fail, naming it. */
export function guardRoutes(app: FastifyInstance, auth: Auth): void {
  app.decorateRequest('principal', null);
  app.addHook('onRoute', requirePolicy);
  app.addHook('onRequest', async (request, reply) => {
    const handshake = handshakeOf(request);
    request.principal = auth.identify(handshake);
    const { policy, page, localToo } = request.routeOptions.config;
    if (policy === undefined) return;
    if (!SAFE_METHODS.has(request.method) && handshake.token === undefined && !auth.ownOrigin(handshake)) {
      throw new Refused('foreign-origin', 'a page of another site may not act for the person who is logged in');
    }
    if (allows(request.principal, policy) || (localToo && isLocal(request))) return;
    if (request.principal !== null) throw new Refused('forbidden', `your role lacks the right ${policy}`);
    if (page) return reply.redirect(`/login?next=${encodeURIComponent(request.url)}`, 303);
    throw new Refused('not-authenticated', 'send the session cookie, or a token as "Authorization: Bearer"');
  });
}

function requirePolicy(route: RouteOptions): void {
  if (isPolicy(route.config?.policy)) return;
  const policy = route.config?.policy === undefined ? 'no policy' : `the unknown policy "${route.config.policy}"`;
  throw new Error(`route ${route.method} ${route.url} declares ${policy}`);
}

/** What a request shows of itself. */
export function handshakeOf(request: FastifyRequest): Handshake {
  const { cookie, authorization, origin } = request.headers;
  const fetchSite = request.headers['sec-fetch-site'];
  const token = authorization === undefined ? undefined : bearer(authorization);
  return {
    cookie,
    token,
    origin,
    fetchSite: typeof fetchSite === 'string' ? fetchSite : undefined,
    own: `${request.protocol}://${request.host}`,
  };
}

/** RFC 6750 §2.1. Another scheme is a token nobody has, so that it is refused instead of ignored. */
function bearer(authorization: string): string {
  return /^Bearer +([\w\-.~+/]+=*)$/i.exec(authorization)?.[1] ?? '';
}

/** From this machine, and not passed on by a proxy on it: then the socket's address says nothing about who asks. */
function isLocal(request: FastifyRequest): boolean {
  const { headers } = request;
  const forwarded = headers['x-forwarded-for'] ?? headers.forwarded ?? headers.via;
  return forwarded === undefined && isLoopback(request.socket.remoteAddress ?? '');
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(?:::ffff:)?127\./.test(address);
}

/** @returns who asks, with their address. @throws Refused when nobody is logged in */
export function callerOf(request: FastifyRequest): Caller {
  if (request.principal === null) throw new Refused('not-authenticated', 'log in first');
  return { principal: request.principal, from: request.ip };
}

/**
 * Does this principal's right reach what belongs to `unit`? What they may not see does not exist for them.
 * @throws Refused `not-found`
 */
export function requireUnit(
  request: FastifyRequest,
  policy: PolicyName,
  unit: string | null | undefined,
  what: string,
): void {
  if (unit === undefined || !allows(request.principal, policy, { unit })) throw notFound(what);
}

export function notFound(what: string): Refused {
  return new Refused('not-found', `there is no ${what}`);
}
