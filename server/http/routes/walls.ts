import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { LayerCatalogue, LayerConfig } from '#contract/layer.ts';
import { nullable, page, Slug, Timestamp } from '#contract/primitives.ts';
import { NewWallPairing, WallConfig, WallPairing } from '#contract/wall.ts';
import { readCookie, setCookie } from '../../auth/cookie.ts';
import { PAIRING_LIFE } from '../../auth/wall-pairing.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { callerOf, notFound } from '../guard.ts';
import { answers, NoContent, onePage } from './answers.ts';

/** Browsers keep a cookie 400 days at most (RFC 6265bis §5.6.2); each visit to the wall's page renews it. */
export const SCREEN_COOKIE_AGE = 400 * 86_400;

const WallScreen = Type.Object({
  id: Type.String(),
  wall: Slug,
  pairedBy: Type.String(),
  pairedAt: Timestamp,
  lastSeenAt: nullable(Timestamp),
});

export function wallRoutes(api: Api, { walls, layers }: HttpDeps): void {
  /** A screen reads what its wall shows, and nothing else exists for it. */
  const shows = (request: FastifyRequest, layer: string): boolean => {
    const { principal } = request;
    return principal?.kind !== 'wall' || walls.get(principal.wall)?.map.layers.includes(layer) === true;
  };

  api.get(
    '/walls/:id',
    {
      config: { policy: 'walls:read' },
      schema: {
        summary: 'What a wall shows',
        tags: ['walls'],
        params: Type.Object({ id: Slug }),
        response: answers({ 200: WallConfig }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const { principal } = request;
      const wall = principal?.kind === 'wall' && principal.wall !== id ? null : walls.get(id);
      if (!wall) throw notFound(`wall "${id}"`);
      return wall;
    },
  );

  api.get(
    '/layers',
    {
      config: { policy: 'layers:read' },
      schema: { summary: 'Map layers', tags: ['walls'], response: answers({ 200: page(LayerConfig) }) },
    },
    async (request) => onePage(layers.list().filter((layer) => shows(request, layer.id))),
  );

  api.get(
    '/layers/:id',
    {
      config: { policy: 'layers:read' },
      schema: {
        summary: 'A layer with the series that frames refer to by number',
        tags: ['walls'],
        params: Type.Object({ id: Slug }),
        response: answers({ 200: LayerCatalogue }),
      },
    },
    async (request) => {
      const { id } = request.params;
      const catalogue = shows(request, id) ? layers.catalogue(id) : null;
      if (!catalogue) throw notFound(`layer "${id}"`);
      return catalogue;
    },
  );
}

export function pairingRoutes(api: Api, { auth }: HttpDeps): void {
  const { pairing, screen } = auth.cookies;

  api.post(
    '/wall-pairings',
    {
      config: { policy: 'public', repeatFor: 0 },
      schema: {
        summary: 'A screen asks to be paired; it shows the code and waits',
        tags: ['walls'],
        body: NewWallPairing,
        response: answers({ 201: WallPairing }),
      },
    },
    async (request, reply) => {
      const started = auth.walls.start(request.body.wall, request.ip, readCookie(request.headers.cookie, pairing));
      reply.header('set-cookie', setCookie(pairing, started.secret, (2 * PAIRING_LIFE) / 1000));
      return reply.code(201).send(started.pairing);
    },
  );

  api.get(
    '/wall-pairings/current',
    {
      config: { policy: 'public' },
      schema: {
        summary: 'How the own pairing stands; with state `paired` the answer sets the cookie of the screen',
        tags: ['walls'],
        response: answers({ 200: WallPairing }),
      },
    },
    async (request, reply) => {
      const collected = await auth.walls.collect(readCookie(request.headers.cookie, pairing));
      if (collected.screenSecret !== null) {
        const cookies = [setCookie(screen, collected.screenSecret, SCREEN_COOKIE_AGE), setCookie(pairing, '', 0)];
        reply.header('set-cookie', cookies);
      }
      return collected.pairing;
    },
  );

  api.post(
    '/wall-pairings/claim',
    {
      config: { policy: 'walls:pair', repeatFor: 0 },
      schema: {
        summary: 'A person enters the code that a wall shows',
        tags: ['walls'],
        body: Type.Object({ code: Type.String({ minLength: 1, maxLength: 32 }) }),
        response: answers({ 200: Type.Object({ wall: Slug }) }),
      },
    },
    async (request) => auth.walls.claim(request.body.code, callerOf(request)),
  );

  api.get(
    '/wall-screens',
    {
      config: { policy: 'walls:pair' },
      schema: { summary: 'Paired screens', tags: ['walls'], response: answers({ 200: page(WallScreen) }) },
    },
    async () => onePage(auth.walls.list()),
  );

  api.delete(
    '/wall-screens/:id',
    {
      config: { policy: 'walls:pair' },
      schema: {
        summary: 'Unpair a screen; it goes blank at once',
        tags: ['walls'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: answers({ 204: NoContent }),
      },
    },
    async (request, reply) => {
      await auth.walls.unpair(request.params.id, callerOf(request));
      return reply.code(204).send(null);
    },
  );
}
