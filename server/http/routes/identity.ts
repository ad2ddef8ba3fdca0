import { Type } from 'typebox';
import { NewToken, NewUnit, NewUser, Unit, User } from '#contract/people.ts';
import { nullable, page, Slug, Timestamp } from '#contract/primitives.ts';
import { readCookie } from '../../auth/cookie.ts';
import { unitsOf } from '../../auth/policy.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { callerOf } from '../guard.ts';
import { answers, NoContent, onePage } from './answers.ts';

const Token = Type.Object({
  id: Type.String(),
  name: NewToken.properties.name,
  role: NewToken.properties.role,
  unit: nullable(Slug),
  createdBy: Type.String(),
  expiresAt: nullable(Timestamp),
});

/** A secret given out once is not repeated for longer than a retry takes. */
const SECRET_REPEAT = 10 * 60_000;

export function unitRoutes(api: Api, { auth }: HttpDeps): void {
  api.get(
    '/units',
    {
      config: { policy: 'units:read' },
      schema: { summary: 'All units', tags: ['people'], response: answers({ 200: page(Unit) }) },
    },
    async () => onePage(auth.units.list()),
  );

  api.post(
    '/units',
    {
      config: { policy: 'units:write' },
      schema: { summary: 'Add a unit', tags: ['people'], body: NewUnit, response: answers({ 201: Unit }) },
    },
    async (request, reply) => reply.code(201).send(await auth.units.create(request.body, callerOf(request))),
  );
}

export function userRoutes(api: Api, { auth }: HttpDeps): void {
  api.get(
    '/users',
    {
      config: { policy: 'users:read' },
      schema: { summary: 'People', tags: ['people'], response: answers({ 200: page(User) }) },
    },
    async (request) => onePage(auth.users.list(unitsOf(request.principal, 'users:read'))),
  );

  api.post(
    '/users',
    {
      config: { policy: 'users:write' },
      schema: { summary: 'Add a person', tags: ['people'], body: NewUser, response: answers({ 201: User }) },
    },
    async (request, reply) => reply.code(201).send(await auth.users.create(request.body, callerOf(request))),
  );

  api.post(
    '/users/current/password',
    {
      config: { policy: 'password:own', repeatFor: 0 },
      schema: {
        summary: 'Change the own password; all other sessions of the person end',
        tags: ['people'],
        body: Type.Object({
          current: Type.String({ maxLength: 256 }),
          next: NewUser.properties.password,
        }),
        response: answers({ 204: NoContent }),
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { current, next } = request.body;
      const session = readCookie(request.headers.cookie, auth.cookies.session);
      await auth.signIn.changePassword(caller.principal.name, { current, next }, caller, session);
      return reply.code(204).send(null);
    },
  );
}

export function tokenRoutes(api: Api, { auth }: HttpDeps): void {
  api.get(
    '/tokens',
    {
      config: { policy: 'tokens:read' },
      schema: {
        summary: 'Machine tokens, without their secrets',
        tags: ['people'],
        response: answers({ 200: page(Token) }),
      },
    },
    async () => onePage(auth.tokens.list()),
  );

  api.post(
    '/tokens',
    {
      config: { policy: 'tokens:write', repeatFor: SECRET_REPEAT },
      schema: {
        summary: 'Make a machine token; it is shown this once',
        tags: ['people'],
        body: NewToken,
        response: answers({ 201: Type.Object({ ...Token.properties, token: Type.String() }) }),
      },
    },
    async (request, reply) => reply.code(201).send(await auth.tokens.create(request.body, callerOf(request))),
  );

  api.delete(
    '/tokens/:id',
    {
      config: { policy: 'tokens:write' },
      schema: {
        summary: 'Withdraw a token; its connections end',
        tags: ['people'],
        params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
        response: answers({ 204: NoContent }),
      },
    },
    async (request, reply) => {
      await auth.tokens.delete(request.params.id, callerOf(request));
      return reply.code(204).send(null);
    },
  );
}
