import { join } from 'node:path';
import type { FastifyReply } from 'fastify';
import { Type } from 'typebox';
import { SLUG_PATTERN } from '#contract/names.ts';
import type { Principal } from '#contract/people.ts';
import { readCookie, setCookie } from '../../auth/cookie.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { notFound } from '../guard.ts';
import { SCREEN_COOKIE_AGE } from './walls.ts';

/** Vite puts a hash of the content into these names, so that they never change. */
const FOREVER = { immutable: true, maxAge: '1y' } as const;
/** Asked for again each time, answered with 304 while nothing changed. */
const REVALIDATE = { maxAge: 0 } as const;
const HOUR = { maxAge: '1h' } as const;

const hidden = { hide: true };
const isSlug = new RegExp(SLUG_PATTERN);

/** The pages: shells without data. What they may show, the interface decides when they ask. */
export function pageRoutes(api: Api, { auth, walls, options }: HttpDeps): void {
  const { pagesDir } = options;
  if (pagesDir === null) return;
  const shell = (reply: FastifyReply, file: string) => reply.sendFile(file, pagesDir, REVALIDATE);

  api.get('/', { config: { policy: 'public' }, schema: hidden }, async (request, reply) =>
    reply.redirect(homeOf(request.principal), 303),
  );
  api.get('/login', { config: { policy: 'public' }, schema: hidden }, async (_request, reply) =>
    shell(reply, 'login.html'),
  );
  api.get('/desk', { config: { policy: 'session:own', page: true }, schema: hidden }, async (request, reply) =>
    request.principal?.kind === 'wall' ? reply.redirect('/login?next=%2Fdesk', 303) : shell(reply, 'desk.html'),
  );
  // Open to all: the installed page must load before anybody has logged in, and a redirect out of its scope would
  // leave the app.
  api.get('/m/', { config: { policy: 'public' }, schema: hidden }, async (_request, reply) =>
    shell(reply, 'mobile.html'),
  );
  api.get('/m', { config: { policy: 'public' }, schema: hidden }, async (_request, reply) =>
    reply.redirect('/m/', 308),
  );

  api.get(
    '/wall/:wall',
    { config: { policy: 'public' }, schema: { ...hidden, params: Type.Object({ wall: Type.String() }) } },
    async (request, reply) => {
      const { wall } = request.params;
      if (!isSlug.test(wall) || !walls.get(wall)) throw notFound(`wall "${wall}"`);
      const secret = readCookie(request.headers.cookie, auth.cookies.screen);
      if (secret !== null && auth.walls.principal(secret) !== null) {
        reply.header('set-cookie', setCookie(auth.cookies.screen, secret, SCREEN_COOKIE_AGE));
      }
      return shell(reply, 'wall.html');
    },
  );
}

/** Files of the built pages and of the base map. */
export function fileRoutes(api: Api, { options }: HttpDeps): void {
  // The router always gives a wildcard as text; a property named `*` cannot be said in a schema, where keys are patterns.
  const files = Type.Unsafe<{ readonly '*': string }>(Type.Object({}));
  const { pagesDir, basemapDir } = options;

  api.get(
    '/basemap/*',
    { config: { policy: 'basemap:read' }, schema: { ...hidden, params: files } },
    async (request, reply) => reply.sendFile(request.params['*'], basemapDir, HOUR),
  );
  if (pagesDir === null) return;
  // Each folder is its own root, so that no `..` leads from one into another.
  const assets = join(pagesDir, 'assets');
  const phone = join(pagesDir, 'm');

  api.get('/assets/*', { config: { policy: 'public' }, schema: { ...hidden, params: files } }, async (request, reply) =>
    reply.sendFile(request.params['*'], assets, FOREVER),
  );
  api.get('/m/*', { config: { policy: 'public' }, schema: { ...hidden, params: files } }, async (request, reply) =>
    reply.sendFile(request.params['*'], phone, REVALIDATE),
  );
  api.get('/favicon.ico', { config: { policy: 'public' }, schema: hidden }, async (_request, reply) =>
    reply.redirect('/m/icon-192.png', 302),
  );
}

function homeOf(principal: Principal | null): string {
  if (principal === null) return '/login';
  if (principal.kind === 'wall') return `/wall/${principal.wall}`;
  return principal.role === 'focal-point' || principal.role === 'head' ? '/m/' : '/desk';
}
