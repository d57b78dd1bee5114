import type { EventSettings, EventStatus, Pool, PoolsPatch, Role, SettingsPatch, SettingsRule } from '@rollcall/domain';
import { aPoolId } from './ids.ts';

export const mayBecome: Readonly<Record<EventStatus, readonly EventStatus[]>> = {
  draft: ['draft', 'open', 'cancelled'],
  open: ['open', 'closed', 'cancelled'],
  closed: ['closed', 'open', 'cancelled'],
  cancelled: ['cancelled'],
};

/** A merge-patch as RFC 7396 has it. */
export function mergePatch<T extends object>(
  target: T,
  patch: { readonly [Key in keyof T]?: T[Key] | null | undefined },
): T {
  const merged = Object.entries({ ...target, ...withoutUndefined(patch) }).filter(([, value]) => value !== null);
  return Object.fromEntries(merged) as T;
}

const withoutUndefined = (patch: object) =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));

export const patchSettings = (settings: EventSettings, patch: SettingsPatch): EventSettings =>
  mergePatch<EventSettings>(settings, patch);

/** A pool as a patch leaves it, which may not be whole. */
export type MaybePool = Pick<Pool, 'poolId'> & Partial<Pool>;

/** Pools keep their order; new ones come last. */
export function patchPools(pools: readonly Pool[], patch: PoolsPatch): readonly MaybePool[] {
  const patched: MaybePool[] = pools
    .filter(({ poolId }) => patch[poolId] !== null)
    .map((pool) => mergePatch(pool, patch[pool.poolId] ?? {}));
  for (const [id, parts] of Object.entries(patch)) {
    const known = pools.some(({ poolId }) => poolId === id);
    if (!known && parts !== null) patched.push({ poolId: aPoolId(id), ...parts });
  }
  return patched;
}

export const isWhole = (pool: MaybePool): pool is Pool => pool.capacity !== undefined && pool.roleIds !== undefined;

const differ = (values: readonly string[]) => new Set(values).size === values.length;

/** The first rule that the definition of an event would break. */
export function brokenRule(
  settings: EventSettings,
  roles: readonly Role[],
  pools: readonly MaybePool[],
): SettingsRule | undefined {
  // The rules do not say which is told first where several are broken.
  if (!pools.every(isWhole)) return 'pool-has-capacity-and-roles';
  const { startsAt, endsAt, signupOpensAt, signupClosesAt } = settings;
  if (startsAt >= endsAt) return 'starts-before-it-ends';
  if (signupOpensAt !== undefined && signupClosesAt !== undefined && signupOpensAt >= signupClosesAt) {
    return 'signups-open-before-they-close';
  }
  if (!differ(roles.map(({ name }) => name))) return 'role-names-differ';
  if (!differ(roles.map(({ roleId }) => roleId))) return 'role-ids-differ';
  if (!differ(pools.map(({ poolId }) => poolId))) return 'pool-ids-differ';
  const known = (roleId: string) => roles.some((role) => role.roleId === roleId);
  if (!pools.every(({ roleIds }) => roleIds.every(known))) return 'pool-roles-exist';
  return undefined;
}
