import { Type } from 'typebox';
import { ROLES } from '#contract/names.ts';
import { Login } from '#contract/people.ts';
import { literals, nullable } from '#contract/primitives.ts';
import { readCookie, setCookie } from '../../auth/cookie.ts';
import { actorOf } from '../../auth/policy.ts';
import { SESSION_LONGEST } from '../../auth/session.ts';
import type { Api, HttpDeps } from '../deps.ts';
import { callerOf } from '../guard.ts';
import { answers, NoContent } from './answers.ts';

/** Who is logged in. A wall has no role, a person no wall. */
export const CurrentSession = Type.Object({
  kind: literals(['user', 'token', 'wall']),
  name: Type.String({ description: 'username, name of the token, or id of the screen' }),
  displayName: nullable(Type.String()),
  role: Type.Optional(literals(ROLES)),
  unit: Type.Optional(nullable(Type.String())),
  wall: Type.Optional(Type.String()),
});

export function sessionRoutes(api: Api, { auth }: HttpDeps): void {
  const { session } = auth.cookies;

  const current = (principal: NonNullable<ReturnType<typeof auth.identify>>) => {
    const displayName = principal.kind === 'user' ? (auth.users.active(principal.name)?.name ?? null) : null;
    return { ...principal, displayName };
  };

  api.post(
    '/sessions',
    {
      config: { policy: 'public', repeatFor: 0 },
      schema: {
        summary: 'Log in; the answer sets the session cookie',
        tags: ['sessions'],
        body: Login,
        response: answers({ 201: CurrentSession }),
      },
    },
    async (request, reply) => {
      // A login over a login ends the old one, so that a shared desk does not collect forgotten sessions.
      const old = readCookie(request.headers.cookie, session);
      const secret = await auth.signIn.signIn(request.body, request.ip);
      if (old !== null) auth.sessions.end(old);
      const principal = auth.sessions.principal(secret);
      reply.header('set-cookie', setCookie(session, secret, SESSION_LONGEST / 1000));
      return reply.code(201).send(current(principal!));
    },
  );

  api.get(
    '/sessions/current',
    {
      config: { policy: 'session:own' },
      schema: { summary: 'Who is logged in', tags: ['sessions'], response: answers({ 200: CurrentSession }) },
    },
    async (request) => current(callerOf(request).principal),
  );

  api.delete(
    '/sessions/current',
    {
      config: { policy: 'session:own' },
      schema: { summary: 'Log out', tags: ['sessions'], response: answers({ 204: NoContent }) },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const secret = readCookie(request.headers.cookie, session);
      if (secret !== null && caller.principal.kind === 'user') {
        auth.sessions.end(secret);
        auth.audit(caller, 'session.end', actorOf(caller.principal));
      }
      return reply
        .code(204)
        .header('set-cookie', setCookie(session, '', 0))
        .send(null);
    },
  );
}
