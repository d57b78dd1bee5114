import type { CancelCause, RoleId } from '@rollcall/domain';
import { fullLimit } from './naive-limits.ts';
import {
  isActive,
  naiveLine,
  note,
  replacedBy,
  type NaiveEvent,
  type NaiveMoment,
  type NaiveRow,
  type NaiveWorld,
} from './naive-rows.ts';

const modeOf = ({ roles }: NaiveEvent, roleId: RoleId) => roles.find((role) => role.roleId === roleId)?.waitlist;

/** Whether the limits have room for the row, which is first in its line. */
function hasRoom(world: NaiveWorld, event: NaiveEvent, row: NaiveRow): boolean {
  // Who is only offered the seat keeps the old one for now, so there must be room for both.
  const leaving = modeOf(event, row.roleId) === 'offer' ? undefined : replacedBy(world, row);
  return fullLimit(world, event, row.roleId, leaving) === undefined;
}

/** Who would get the next seat: of the first of each line, the earliest for whom there is room. */
export function nextInLine(world: NaiveWorld, event: NaiveEvent): NaiveRow | undefined {
  return event.roles
    .map(({ roleId }) => naiveLine(world, roleId)[0])
    .filter((row) => row !== undefined)
    .filter((row) => hasRoom(world, event, row))
    .toSorted((a, b) => a.sequence - b.sequence)[0];
}

/** Everybody who can have a seat gets one. */
export function promoteAll(world: NaiveWorld, moment: NaiveMoment): void {
  const { event } = world;
  // While the system before leads the event, it says who has a seat.
  if (event === undefined || event.importing === true) return;
  if (event.status === 'cancelled' || moment.acceptedAt >= event.settings.endsAt) return;
  for (let next = nextInLine(world, event); next !== undefined; next = nextInLine(world, event)) {
    if (modeOf(event, next.roleId) === 'offer') offer(event, next, moment);
    else seat(world, next, moment);
  }
}

function offer({ roles, settings }: NaiveEvent, row: NaiveRow, moment: NaiveMoment): void {
  const role = roles.find(({ roleId }) => roleId === row.roleId);
  if (role === undefined) throw new Error('somebody waits for a role that is not there');
  const from = Math.max(moment.acceptedAt, moment.decidedAt);
  row.offerExpiresAt = Math.min(from + role.offerMs, settings.endsAt);
  note(moment, 'offered', row);
}

/** From the waitlist to a seat; whoever waited for a move gives up the old place. */
export function seat(world: NaiveWorld, row: NaiveRow, moment: NaiveMoment): void {
  const old = replacedBy(world, row);
  row.status = 'confirmed';
  row.offerExpiresAt = undefined;
  note(moment, 'promoted', row);
  if (old !== undefined) cancelRow(old, moment, 'moved');
}

export function cancelRow(row: NaiveRow, moment: NaiveMoment, cause: CancelCause): void {
  if (!isActive(row)) throw new Error(`${row.registrationId} is cancelled twice`);
  row.status = 'cancelled';
  row.offerExpiresAt = undefined;
  note(moment, 'cancelled', row, cause);
}
