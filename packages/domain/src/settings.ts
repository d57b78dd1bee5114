import type { EventSettings, Pool, PoolsPatch, Role, SettingsPatch } from './command.ts';
import type { SettingsRule } from './decision.ts';
import type { PoolId } from './ids.ts';

export interface EventDefinition {
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  readonly pools: readonly Pool[];
}

/** The first rule that an event's settings, roles and pools break together; undefined when they are as they should be. */
export function brokenRule({ settings, roles, pools }: EventDefinition): SettingsRule | undefined {
  const { startsAt, endsAt, signupOpensAt, signupClosesAt } = settings;
  if (startsAt >= endsAt) return 'starts-before-it-ends';
  if (signupOpensAt !== undefined && signupClosesAt !== undefined && signupOpensAt >= signupClosesAt) {
    return 'signups-open-before-they-close';
  }
  if (!allDifferent(roles.map(({ name }) => name))) return 'role-names-differ';
  const roleIds = new Set(roles.map(({ roleId }) => roleId));
  if (roleIds.size !== roles.length) return 'role-ids-differ';
  if (!allDifferent(pools.map(({ poolId }) => poolId))) return 'pool-ids-differ';
  if (!pools.every((pool) => pool.roleIds.every((roleId) => roleIds.has(roleId)))) return 'pool-roles-exist';
  return undefined;
}

const allDifferent = (texts: readonly string[]): boolean => new Set(texts).size === texts.length;

/** The settings after a merge-patch. */
export function patchedSettings(settings: EventSettings, patch: SettingsPatch): EventSettings {
  const patched: Record<string, unknown> = { ...settings };
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete patched[name];
    else if (value !== undefined) patched[name] = value;
  }
  // A patch holds only settings, of their types, and removes only those that may be left out.
  return patched as unknown as EventSettings;
}

/** A role counts once in a pool, however often it is named. */
export const withoutRepeats = (pool: Pool): Pool => ({ ...pool, roleIds: [...new Set(pool.roleIds)] });

/** The pools after a merge-patch by their ids; undefined when a new one lacks its capacity or its roles. */
export function patchedPools(pools: readonly Pool[], patch: PoolsPatch): readonly Pool[] | undefined {
  const patched = new Map(pools.map((pool) => [pool.poolId, pool]));
  for (const [id, change] of Object.entries(patch)) {
    const poolId = id as PoolId;
    if (change === null) {
      patched.delete(poolId);
      continue;
    }
    const { capacity, roleIds } = { ...patched.get(poolId), ...change };
    if (capacity === undefined || roleIds === undefined) return undefined;
    patched.set(poolId, withoutRepeats({ poolId, capacity, roleIds }));
  }
  return [...patched.values()];
}

/** Whether two plain values of the same making are equal. */
export const sameJson = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
