import { poolsMax, roleCountsOf, rolesMax, type PoolId, type RoleId } from '@rollcall/domain';
import type { EventView } from '@rollcall/engine';
import { expect, it } from 'vitest';
import { anEvent } from '../testing/fakes.ts';
import { eventDocument } from './views.ts';

const roleIds = Array.from({ length: rolesMax }, (_, place) => `r${place}` as RoleId);
const roles = roleIds.map((roleId) => ({
  roleId,
  name: roleId,
  capacity: 10,
  waitlist: 'auto' as const,
  offerMs: 1000,
}));

/** The largest event that there may be; it counts how often its pools are looked into. */
function largest() {
  const seen = { looks: 0 };
  const pools = Array.from({ length: poolsMax }, (_, place) => ({
    poolId: `p${place}` as PoolId,
    capacity: 7,
    get roleIds() {
      seen.looks += 1;
      return roleIds;
    },
  }));
  const view: EventView = { ...anEvent('open'), roles, pools };
  return { seen, view };
}

it('an event that was just created is counted once, and not for each of its roles', () => {
  const { seen, view } = largest();
  const { status, settings, pools } = view;
  const states = roles.map((role) => [role.roleId, { role, confirmed: 0, waitlist: 0, offered: 0 }] as const);
  roleCountsOf({ status, settings, pools, roles: new Map(states) });
  const looksOfOne = seen.looks;

  seen.looks = 0;
  const document = eventDocument(view, { version: 1, roles: new Map() });
  // Besides, each pool is shown.
  expect(seen.looks).toBeLessThanOrEqual(looksOfOne + pools.length);
  expect(document.roles.map(({ counts }) => counts.available)).toEqual(roles.map(() => 7));
});

it('an event whose roles have all been counted is not counted again', () => {
  const { seen, view } = largest();
  const counts = { capacity: 10, confirmed: 3, waitlist: 0, offered: 0, available: 4 };
  const document = eventDocument(view, { version: 2, roles: new Map(roleIds.map((roleId) => [roleId, counts])) });
  expect(seen.looks).toBe(view.pools.length);
  expect(document.roles[0]?.counts).toEqual({ confirmed: 3, waitlist: 0, offered: 0, available: 4 });
});
