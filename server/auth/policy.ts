import { type CommandType, ROLES, type Role } from '#contract/names.ts';
import type { Principal } from '#contract/people.ts';

/** How far a right reaches: everything, or what belongs to the principal's own unit. */
export type Scope = 'all' | 'own-unit';

interface PolicyRule {
  /** No authentication needed. */
  readonly public?: true;
  /** Only people, never machine tokens. */
  readonly people?: true;
  readonly roles: Partial<Readonly<Record<Role, Scope>>>;
  /** A paired screen may too; which wall and layers, the route checks. */
  readonly wall?: true;
}

const all = (...roles: readonly Role[]) => Object.fromEntries(roles.map((role) => [role, 'all' as const]));
const own = (...roles: readonly Role[]) => Object.fromEntries(roles.map((role) => [role, 'own-unit' as const]));
const everyone = all(...ROLES);
const centre = all('administrator', 'shift-leader', 'operator');
const overview = all('administrator', 'shift-leader', 'operator', 'leader', 'auditor');
const unitStaff = own('focal-point', 'head');

/**
 * Who may do what: the one table. A route names its policy; what is not here is not allowed. `own-unit` on a thing
 * without a unit means no.
 */
export const POLICIES = {
  public: { public: true, roles: everyone, wall: true },
  'session:own': { roles: everyone, wall: true },
  'password:own': { people: true, roles: everyone },
  'push:own': { people: true, roles: everyone },
  'alerts:read': { roles: { ...overview, ...unitStaff }, wall: true },
  'series:read': { roles: everyone, wall: true },
  'events:read': { roles: everyone, wall: true },
  'layers:read': { roles: everyone, wall: true },
  'basemap:read': { roles: everyone, wall: true },
  'walls:read': { roles: everyone, wall: true },
  'walls:pair': { people: true, roles: centre },
  'health:read': { roles: { ...overview, ...unitStaff }, wall: true },
  'samples:write': { roles: { ...all('administrator'), ...own('focal-point') } },
  'things:write': { roles: { ...all('administrator'), ...own('focal-point') } },
  'sources:read': { roles: { ...overview, ...unitStaff } },
  'sources:write': { roles: { ...centre, ...own('focal-point') } },
  'units:read': { roles: everyone, wall: true },
  'units:write': { roles: all('administrator') },
  'users:read': { roles: { ...all('administrator', 'shift-leader', 'auditor'), ...own('head') } },
  'users:write': { roles: all('administrator') },
  'tokens:read': { roles: all('administrator', 'auditor') },
  'tokens:write': { people: true, roles: all('administrator') },
  'rules:read': { roles: everyone },
  'rules:lint': { roles: centre },
  'quarantine:read': { roles: { ...all('administrator', 'shift-leader', 'operator', 'auditor'), ...unitStaff } },
  'deliveries:read': { roles: { ...all('administrator', 'shift-leader', 'operator', 'auditor'), ...unitStaff } },
  'audit:read': { roles: all('administrator', 'auditor') },
  'metrics:read': { roles: all('administrator', 'auditor') },
  'alerts:acknowledge': { roles: { ...centre, ...unitStaff } },
  'alerts:verify': { roles: { ...centre, ...unitStaff } },
  'alerts:assign': { roles: { ...centre, ...own('head') } },
  'alerts:report-status': { roles: { ...centre, ...unitStaff } },
  'alerts:comment': { roles: { ...centre, ...all('leader'), ...unitStaff } },
  'alerts:shelve': { roles: centre },
  'alerts:unshelve': { roles: centre },
  'alerts:resolve': { roles: centre },
  'alerts:reopen': { roles: centre },
  'alerts:publish': { roles: all('administrator', 'shift-leader') },
  /** The door of the command route; which command, the executor decides by the rows above. */
  'alerts:command': { roles: { ...centre, ...all('leader'), ...unitStaff } },
} as const satisfies Record<string, PolicyRule> & Record<`alerts:${CommandType}`, PolicyRule>;

export type PolicyName = keyof typeof POLICIES;

export function isPolicy(name: unknown): name is PolicyName {
  return typeof name === 'string' && Object.hasOwn(POLICIES, name);
}

/** @returns how far the principal's right reaches, or null when there is none. */
export function scopeOf(principal: Principal | null, policy: PolicyName): Scope | null {
  const rule: PolicyRule = POLICIES[policy];
  if (rule.public) return 'all';
  if (principal === null) return null;
  if (principal.kind === 'wall') return rule.wall ? 'all' : null;
  if (rule.people && principal.kind !== 'user') return null;
  return rule.roles[principal.role] ?? null;
}

/**
 * May this principal do this? Without `about` the question is whether there is anything they may do it to; with it,
 * whether they may do it to something of that unit.
 */
export function allows(
  principal: Principal | null,
  policy: PolicyName,
  about?: { readonly unit: string | null },
): boolean {
  const scope = scopeOf(principal, policy);
  if (scope === null) return false;
  if (scope === 'all' || about === undefined) return true;
  return principal !== null && principal.kind !== 'wall' && principal.unit !== null && principal.unit === about.unit;
}

/** Units a list must be confined to; null: no confinement. An empty list means nothing at all. */
export function unitsOf(principal: Principal | null, policy: PolicyName): string[] | null {
  const scope = scopeOf(principal, policy);
  if (scope === 'all') return null;
  if (scope === null || principal === null || principal.kind === 'wall' || principal.unit === null) return [];
  return [principal.unit];
}

/** Roles that make no sense without a unit. */
export const UNIT_ROLES: readonly Role[] = ['focal-point', 'head'];

/** Username, `token:<name>` or `wall:<id>`: how trails and changes name a principal. */
export function actorOf(principal: Principal): string {
  return principal.kind === 'user' ? principal.name : `${principal.kind}:${principal.name}`;
}
