import {
  registrationIdFor,
  type Actor,
  type MoveBetweenRoles,
  type RegistrationId,
  type Rejection,
  type Role,
  type RoleId,
  type Shortage,
  type SignUp,
  type UserId,
} from '@rollcall/domain';
import { shortageFor } from './naive-limits.ts';
import {
  accept,
  isActive,
  naiveLine,
  note,
  refuse,
  replacedBy,
  type NaiveEvent,
  type NaiveMoment,
  type NaiveOutcome,
  type NaiveRow,
  type NaiveWorld,
} from './naive-rows.ts';

export function signUp(world: NaiveWorld, event: NaiveEvent, command: SignUp, moment: NaiveMoment): NaiveOutcome {
  const { actor, userId, roleId } = command;
  const closed = closedTo(actor, event, moment);
  if (closed !== undefined) return refuse(closed);
  const role = event.roles.find((candidate) => candidate.roleId === roleId);
  if (role === undefined) return refuse({ reason: 'role-not-found', roleId });
  const held = alreadyIn(world, userId, roleId);
  if (held !== undefined) return refuse(held);

  const { registrationsPerUserMax } = event.settings;
  const own = world.rows.filter((row) => row.userId === userId && isActive(row));
  const registrations = own.filter((row) => replacedBy(world, row) === undefined).length;
  if (registrations >= registrationsPerUserMax) {
    return refuse({ reason: 'limit-reached', registrationsPerUserMax, registrations });
  }

  const registrationId = registrationIdFor(command.commandId);
  const shortage = shortageFor(world, event, roleId);
  const override = command.override === true && actor.kind === 'staff';
  if (shortage !== undefined && !override) return queue(world, role, shortage, moment, { registrationId, userId });

  const row = newRow(world, { registrationId, userId, roleId, status: 'confirmed', sequence: moment.version });
  note(moment, 'confirmed', row);
  const registered = { kind: 'registered', registrationId, userId, roleId, status: 'confirmed' } as const;
  return accept(shortage === undefined ? registered : { ...registered, override: true });
}

export function move(
  world: NaiveWorld,
  event: NaiveEvent,
  row: NaiveRow,
  command: MoveBetweenRoles,
  moment: NaiveMoment,
): NaiveOutcome {
  const { actor, roleId } = command;
  const { registrationId, userId } = row;
  if (!isActive(row)) return refuse({ reason: 'already-cancelled', registrationId });
  if (actor.kind === 'user' && !event.settings.usersMayMove) return refuse({ reason: 'moves-by-staff-only' });
  const closed = closedTo(actor, event, moment);
  if (closed !== undefined) return refuse(closed);
  const role = event.roles.find((candidate) => candidate.roleId === roleId);
  if (role === undefined) return refuse({ reason: 'role-not-found', roleId });
  if (row.roleId === roleId) return refuse({ reason: 'same-role', roleId });
  const held = alreadyIn(world, userId, roleId);
  if (held !== undefined) return refuse(held);
  if (replacedBy(world, row) !== undefined) return refuse({ reason: 'move-pending', registrationId });

  const shortage = shortageFor(world, event, roleId, row);
  if (shortage === undefined) {
    Object.assign(row, { roleId, status: 'confirmed', sequence: moment.version, offerExpiresAt: undefined });
    note(moment, 'moved', row);
    return accept({ kind: 'seated', registrationId, userId, roleId, status: 'confirmed' });
  }
  if (command.ifFull === 'refuse') return refuse(shortage);
  const pending = world.rows.find((other) => isActive(other) && other.replaces === registrationId);
  // Where nobody can queue, that it would be the second time is not what is in the way.
  if (pending !== undefined && role.waitlist !== 'off')
    return refuse({ reason: 'move-pending', registrationId: pending.registrationId });
  const second = registrationIdFor(command.commandId);
  return queue(world, role, shortage, moment, { registrationId: second, userId, replaces: registrationId });
}

/** Signing up and moving are for an event that takes them, now. */
function closedTo(actor: Actor, { status, settings }: NaiveEvent, { acceptedAt }: NaiveMoment): Rejection | undefined {
  const { endsAt, signupOpensAt, signupClosesAt } = settings;
  if (actor.kind === 'user' && status !== 'open') return { reason: 'event-not-open', status };
  if (status === 'cancelled') return { reason: 'event-cancelled' };
  if (acceptedAt >= endsAt) return { reason: 'event-over', endsAt };
  if (actor.kind !== 'user') return undefined;
  if (signupOpensAt !== undefined && acceptedAt < signupOpensAt)
    return { reason: 'signups-not-open-yet', signupOpensAt };
  if (signupClosesAt !== undefined && acceptedAt >= signupClosesAt) return { reason: 'signups-closed', signupClosesAt };
  return undefined;
}

function alreadyIn(world: NaiveWorld, userId: UserId, roleId: RoleId): Rejection | undefined {
  const held = world.rows.find((row) => row.userId === userId && row.roleId === roleId && isActive(row));
  if (held === undefined || held.status === 'cancelled') return undefined;
  const { registrationId, status } = held;
  const place = naiveLine(world, roleId).indexOf(held) + 1;
  const refused = { reason: 'already-registered', registrationId, status } as const;
  return place === 0 ? refused : { ...refused, waitlistPosition: place };
}

interface Queuing {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly replaces?: RegistrationId;
}

/** To the end of the role's line, if it may have one that long. */
function queue(world: NaiveWorld, role: Role, because: Shortage, moment: NaiveMoment, who: Queuing): NaiveOutcome {
  const { roleId, waitlistMax } = role;
  if (role.waitlist === 'off') return refuse(because);
  const waitlist = naiveLine(world, roleId).length;
  if (waitlistMax !== undefined && waitlist >= waitlistMax) {
    return refuse({ reason: 'waitlist-full', roleId, waitlistMax, waitlist });
  }
  const row = newRow(world, { ...who, roleId, status: 'waitlist', sequence: moment.version });
  note(moment, 'waitlisted', row);
  return accept({ kind: 'registered', ...who, roleId, status: 'waitlist', waitlistPosition: waitlist + 1, because });
}

function newRow(world: NaiveWorld, parts: Queuing & Pick<NaiveRow, 'roleId' | 'status' | 'sequence'>): NaiveRow {
  const nothing = { offerExpiresAt: undefined, attendedAt: undefined };
  const row: NaiveRow = { replaces: undefined, ...nothing, ...parts };
  world.rows.push(row);
  return row;
}
