import { type Static, Type } from 'typebox';
import { ROLES } from './names.ts';
import { Bilingual, literals, nullable, Slug, Timestamp } from './primitives.ts';

/** A department, a commune, a centre. The tree is data: the province confirms names and parents. */
export const Unit = Type.Object({
  id: Slug,
  kind: literals(['province', 'department', 'commune', 'centre']),
  name: Bilingual,
  parent: nullable(Slug),
});
export type Unit = Static<typeof Unit>;

export const NewUnit = Type.Object({
  id: Slug,
  kind: Unit.properties.kind,
  name: Bilingual,
  parent: Type.Optional(nullable(Slug)),
});
export type NewUnit = Static<typeof NewUnit>;

export const Username = Type.String({ pattern: '^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$' });

export const User = Type.Object({
  username: Username,
  name: Type.String({ minLength: 1, maxLength: 128 }),
  role: literals(ROLES),
  unit: nullable(Slug),
});
export type User = Static<typeof User>;

export const NewUser = Type.Object({
  username: Username,
  name: User.properties.name,
  role: User.properties.role,
  unit: Type.Optional(nullable(Slug)),
  password: Type.String({ minLength: 10, maxLength: 256 }),
});
export type NewUser = Static<typeof NewUser>;

export const Login = Type.Object({
  username: Type.String({ maxLength: 64 }),
  password: Type.String({ maxLength: 256 }),
});
export type Login = Static<typeof Login>;

export const NewToken = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  role: User.properties.role,
  unit: Type.Optional(nullable(Slug)),
  expiresAt: Type.Optional(Timestamp),
});
export type NewToken = Static<typeof NewToken>;

/** Who is asking. A `wall` is a paired screen: it reads, and only what its wall shows. */
export type Principal =
  | {
      readonly kind: 'user';
      readonly name: string;
      readonly role: (typeof ROLES)[number];
      readonly unit: string | null;
    }
  | {
      readonly kind: 'token';
      readonly name: string;
      readonly role: (typeof ROLES)[number];
      readonly unit: string | null;
    }
  | { readonly kind: 'wall'; readonly name: string; readonly wall: string };
