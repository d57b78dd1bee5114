import type { ChangeEventSettings, IfOver, PoolsPatch, RolePatch, SettingsPatch } from '@rollcall/domain';
import { addRole, cancelEvent, changeEvent, changeRole, deleteRole, type ChangeParts } from './commands.ts';
import { aRoleId } from './ids.ts';
import type { Telling } from './story-people.ts';
import { envelopeOf, poolNames, roleIds, someRole, storyMs, type Scene } from './story-scene.ts';
import { newRole, someCapacities, someModes, someOfferTimes, someWindows } from './story-start.ts';

const ifOvers: readonly IfOver[] = ['refuse', 'keep', 'demote', 'demote'];

function some(scene: Scene): ChangeParts {
  const { dice } = scene;
  return { ...envelopeOf(scene), ifOver: dice.pick(ifOvers), dryRun: dice.percent(20) };
}

export const addingRole: Telling = (scene) => {
  const { dice, event } = scene;
  const roles = event?.roles ?? [];
  // Of an id that is free, which may be one that was there before; its name may be taken.
  const free = roleIds.filter((id) => !roles.some(({ roleId }) => roleId === id));
  const roleId = free.length === 0 ? aRoleId(`more-${roles.length}`) : dice.pick(free);
  const name = roles.length > 0 && dice.percent(12) ? dice.pick(roles).name : roleId;
  return addRole(newRole(dice, roleId, name), envelopeOf(scene));
};

export const deletingRole: Telling = (scene) => {
  const { dice, event, rows } = scene;
  const unused = (event?.roles ?? []).filter(
    ({ roleId }) => !rows.some((row) => row.roleId === roleId && row.status !== 'cancelled'),
  );
  const roleId = unused.length > 0 && dice.percent(50) ? dice.pick(unused).roleId : someRole(scene);
  return deleteRole(roleId, envelopeOf(scene));
};

export const changingRole: Telling = (scene) => {
  const { dice, event } = scene;
  const names = event?.roles.map(({ name }) => name) ?? [];
  const changes: RolePatch = {
    ...(dice.percent(60) && { capacity: dice.pick(someCapacities) }),
    ...(dice.percent(10) && { name: dice.pick([...names, 'renamed', 'renamed again']) }),
    ...(dice.percent(20) && { waitlist: dice.pick(someModes) }),
    ...(dice.percent(15) && { waitlistMax: dice.pick([null, 0, 1, 2, 3]) }),
    ...(dice.percent(10) && { offerMs: dice.pick(someOfferTimes) }),
  };
  return changeRole(someRole(scene), changes, some(scene));
};

function somePools({ dice, event }: Scene): PoolsPatch {
  const known = (event?.roles ?? []).map(({ roleId }) => roleId);
  const roles = () => {
    const chosen = known.filter(() => dice.percent(60));
    return dice.percent(3) ? [...chosen, aRoleId('nowhere')] : chosen;
  };
  const patchOf = () => {
    if (dice.percent(12)) return null;
    const [capacity, roleIdsOfIt] = [dice.below(5), roles()];
    const parts = dice.below(10);
    if (parts < 3) return { capacity };
    return parts < 6 ? { roleIds: roleIdsOfIt } : { capacity, roleIds: roleIdsOfIt };
  };
  const named = poolNames.filter(() => dice.percent(45)).map((name) => [name, patchOf()]);
  return Object.fromEntries(named) as PoolsPatch;
}

function someChange(scene: Scene): SettingsPatch {
  const { dice, at, from, event } = scene;
  const late = at - from > storyMs * 0.7;
  const changes: readonly (() => SettingsPatch)[] = [
    () => ({ capacity: dice.percent(20) ? null : 1 + dice.below(7) }),
    () => ({ capacity: dice.percent(20) ? null : 1 + dice.below(7) }),
    () => ({ capacity: dice.percent(20) ? null : 1 + dice.below(7) }),
    () => someWindows(scene),
    () => ({ signupOpensAt: null, signupClosesAt: null, cancelClosesAt: null }),
    () => ({ registrationsPerUserMax: 1 + dice.below(3) }),
    () => ({ usersMayMove: dice.percent(70) }),
    () => ({ title: dice.pick(['Winter fair', event?.settings.title ?? 'Spring fair']) }),
    () => ({ location: dice.pick([null, 'Town hall']) }),
    () => (late ? { startsAt: at - 1, endsAt: at + dice.below(storyMs / 5) } : { location: 'Elsewhere' }),
    () => ({ startsAt: from + storyMs - 1000 + dice.below(1100) }),
  ];
  return dice.pick(changes)();
}

export const changingSettings: Telling = (scene) => {
  const { dice } = scene;
  return changeEvent(
    {
      ...(dice.percent(60) && { settings: someChange(scene) }),
      ...(dice.percent(50) && { pools: somePools(scene) }),
      ...(dice.percent(12) && { status: dice.pick(['open', 'open', 'closed'] as const) }),
    },
    some(scene),
  );
};

export const changingStatus: Telling = (scene) => {
  const { dice, event, at, from } = scene;
  // Most stories are better with the event open, and cancelling ends all others.
  if (event?.status !== 'open' && dice.percent(90)) return changeEvent({ status: 'open' }, envelopeOf(scene));
  const parts = some(scene);
  if (!dice.percent(at - from > storyMs / 2 ? 20 : 3)) return changeEvent({ status: 'closed' }, parts);
  if (dice.percent(50)) return cancelEvent(parts);
  return changeEvent({ status: 'cancelled', settings: someChange(scene), pools: somePools(scene) }, parts);
};

/** More pools than there may be, in one command. */
export const changingToManyPools =
  (poolsMax: number): Telling =>
  (scene) => {
    const known = (scene.event?.roles ?? []).map(({ roleId }) => roleId);
    const pools: ChangeEventSettings['pools'] = Object.fromEntries(
      Array.from({ length: poolsMax + 1 }, (_, index) => [`pool-${index}`, { capacity: 100, roleIds: known }]),
    );
    return changeEvent({ pools }, some(scene));
  };
