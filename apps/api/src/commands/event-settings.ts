import type { CreateEventBody, PatchEventBody } from '@rollcall/contracts/http';
import {
  brokenRule,
  type CommandId,
  type EventDefinition,
  type PoolId,
  type PoolsPatch,
  type SettingsPatch,
} from '@rollcall/domain';
import type { Mistake } from '../http/faults.ts';
import { given } from '../given.ts';
import { Mistakes } from '../http/mistakes.ts';
import { newRole, roleIdFor } from './new-roles.ts';
import { placeOfRule } from './settings-rules.ts';

type Checked<Value> = Value | { readonly mistakes: readonly Mistake[] };

/** What a schema can't say: that names are unique, times in order, pools of roles that there are, and the time zone one that exists. */
export function readNewEvent(body: CreateEventBody, commandId: CommandId): Checked<EventDefinition> {
  const { roles, pools = {}, organizerId, title, timeZone, location, capacity } = body;
  const mistakes = new Mistakes();
  const times = mistakes.times(body, ['startsAt', 'endsAt', 'signupOpensAt', 'signupClosesAt', 'cancelClosesAt']);
  mistakes.timeZone(timeZone);
  const definition: EventDefinition = {
    settings: {
      organizerId,
      title,
      timeZone,
      ...times,
      ...given({ location, capacity }),
      registrationsPerUserMax: body.registrationsPerUserMax ?? 1,
      usersMayMove: body.usersMayMove ?? false,
    },
    roles: roles.map((role, place) => newRole(role.roleId ?? roleIdFor(commandId, place), role)),
    pools: Object.entries(pools).map(([poolId, pool]) => ({ poolId: poolId as PoolId, ...pool })),
  };
  const rule = brokenRule(definition);
  if (rule !== undefined) {
    const { pointer, detail } = placeOfRule(rule, definition);
    mistakes.add(pointer, detail);
  }
  return mistakes.found.length > 0 ? { mistakes: mistakes.found } : definition;
}

interface Change {
  readonly settings: SettingsPatch;
  readonly pools: PoolsPatch;
}

/** Whether it fits what the event is by then is for the decision to say. */
export function readEventPatch(body: PatchEventBody): Checked<Change> {
  const { title, timeZone, location, capacity, registrationsPerUserMax, usersMayMove, pools = {} } = body;
  const mistakes = new Mistakes();
  const times = mistakes.times(body, ['startsAt', 'endsAt', 'signupOpensAt', 'signupClosesAt', 'cancelClosesAt']);
  mistakes.timeZone(timeZone);
  if (mistakes.found.length > 0) return { mistakes: mistakes.found };
  const others = given({ title, timeZone, location, capacity, registrationsPerUserMax, usersMayMove });
  return { settings: { ...others, ...times }, pools };
}
