import type { Role } from '#contract/names.ts';
import type { Principal } from '#contract/people.ts';
import { DESK_TABS, type DeskTab } from './desk-route.ts';

const EVERYONE = 'everyone';

/** Roles a part of the desk is offered to; the hub refuses the rest whatever stands here. */
const OFFERED: Readonly<Record<DeskTab, typeof EVERYONE | readonly Role[]>> = {
  alerts: EVERYONE,
  sources: EVERYONE,
  connect: ['administrator', 'shift-leader', 'operator', 'focal-point'],
  quarantine: ['administrator', 'shift-leader', 'operator', 'auditor', 'focal-point', 'head'],
  screens: ['administrator', 'shift-leader', 'operator'],
  people: ['administrator', 'shift-leader', 'auditor', 'head'],
};

/** Acts for one unit only. */
export function isUnitOfficer(principal: Principal | null): boolean {
  if (principal === null || principal.kind === 'wall') return false;
  return principal.role === 'focal-point' || principal.role === 'head';
}

/** The parts of the desk a person is offered, in order. */
export function tabsFor(principal: Principal | null): readonly DeskTab[] {
  if (principal === null || principal.kind === 'wall') return [];
  return DESK_TABS.filter((tab) => OFFERED[tab] === EVERYONE || OFFERED[tab].includes(principal.role));
}
