import type { EventSettings, Instant, Pool, Role, RoleId } from '@rollcall/domain';
import { aPool, aRole, createEvent } from './commands.ts';
import type { Dice } from './dice.ts';
import { aRoleId } from './ids.ts';
import type { Telling } from './story-people.ts';
import { envelopeOf, poolNames, roleIds, storyMs, type Scene } from './story-scene.ts';

export const someCapacities = [0, 1, 1, 1, 2, 2, 2, 3, 3, null] as const;
export const someModes: readonly Role['waitlist'][] = ['auto', 'auto', 'auto', 'offer', 'offer', 'off'];
export const someOfferTimes = [60, 400, 1500] as const;

export function newRole(dice: Dice, roleId: RoleId, name: string = roleId): Role {
  const parts = {
    capacity: dice.pick(someCapacities),
    waitlist: dice.pick(someModes),
    offerMs: dice.pick(someOfferTimes),
  };
  const role = { ...aRole(roleId, parts), name };
  return dice.percent(15) ? { ...role, waitlistMax: dice.below(3) } : role;
}

export type Windows = Partial<Pick<EventSettings, 'signupOpensAt' | 'signupClosesAt' | 'cancelClosesAt'>>;

/** Windows that make a difference while the story is told; closing before opening now and then. */
export function someWindows({ dice, from }: Scene): Windows {
  const at = (after: number, within: number): Instant => from + storyMs * after + dice.below(storyMs * within);
  return {
    ...(dice.percent(30) && { signupOpensAt: at(0, dice.percent(90) ? 0.1 : 1) }),
    ...(dice.percent(30) && { signupClosesAt: at(0.6, 0.4) }),
    ...(dice.percent(30) && { cancelClosesAt: at(0.5, 0.5) }),
  };
}

/** An event with few seats; now and then one that can't be. */
export const creating: Telling = (scene) => {
  const { dice, from } = scene;
  const ids = roleIds.slice(0, 2 + dice.below(3));
  const roles = ids.map((roleId) => newRole(dice, roleId));
  const pools: Pool[] = poolNames
    .filter(() => dice.percent(30))
    .map((name) => aPool(name, 1 + dice.below(4), ...ids.filter(() => dice.percent(60))));
  const settings = {
    startsAt: from + storyMs - 1000,
    endsAt: from + storyMs,
    registrationsPerUserMax: 1 + dice.below(3),
    usersMayMove: dice.percent(75),
    ...someWindows(scene),
    ...(dice.percent(35) && { capacity: 2 + dice.below(5) }),
  };
  const [first] = roles;
  const flaw = dice.percent(4) && first !== undefined ? dice.below(5) : undefined;
  const flawed = {
    ...(flaw === 0 && { settings: { ...settings, startsAt: settings.endsAt } }),
    ...(flaw === 1 && { roles: [...roles, { ...first, roleId: aRoleId('namesake') } as Role] }),
    ...(flaw === 2 && { roles: [...roles, { ...first, name: 'an id twice' } as Role] }),
    ...(flaw === 3 && { pools: [aPool('north', 1, ...ids), aPool('north', 2, ...ids)] }),
    ...(flaw === 4 && { pools: [...pools, aPool('lost', 1, 'nowhere')] }),
  };
  return createEvent({ roles, pools, settings, ...flawed }, envelopeOf(scene));
};

/** One role less than there may be, so that the second that is added is one too many. */
export const creatingCrowd =
  (rolesMax: number): Telling =>
  (scene) => {
    const { dice, from } = scene;
    const many = Array.from({ length: rolesMax - 1 }, (_, index) => newRole(dice, aRoleId(`role-${index}`)));
    return createEvent(
      { roles: many, settings: { startsAt: from + storyMs - 1000, endsAt: from + storyMs } },
      envelopeOf(scene),
    );
  };
