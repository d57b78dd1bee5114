import type { CommandId, EventId, Instant, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { theEventId } from './commands.ts';
import type { Dice } from './dice.ts';
import { aRoleId, aUserId } from './ids.ts';
import { holdsSeat, isActive, type NaiveEvent, type NaiveRow } from './naive-rows.ts';

/** What a story has come to, for whoever thinks up the next command: it may know what exists, so that most commands mean something. */
export interface Scene {
  readonly dice: Dice;
  readonly event: NaiveEvent | undefined;
  readonly rows: readonly NaiveRow[];
  /** When the story began, and what time it is. */
  readonly from: Instant;
  readonly at: Instant;
  readonly commandId: CommandId;
}

export interface SceneEnvelope {
  readonly commandId: CommandId;
  readonly eventId: EventId;
  readonly at: Instant;
}

export const envelopeOf = ({ commandId, at }: Scene): SceneEnvelope => ({ commandId, eventId: theEventId, at });

export const userIds: readonly UserId[] = ['ann', 'bob', 'cem', 'dan', 'eve', 'fay', 'gil', 'hal'].map((name) =>
  aUserId(name),
);
export const roleIds: readonly RoleId[] = ['volunteers', 'cooks', 'drivers', 'medics', 'guides', 'pilots'].map((name) =>
  aRoleId(name),
);
export const poolNames = ['north', 'south', 'night'] as const;

/** How long an event of a story lasts, with everything before it: about as long as its commands take. */
export const storyMs = 10_000;

/** Mostly one that the event has. */
export function someRole({ dice, event }: Scene): RoleId {
  const known = event?.roles.map(({ roleId }) => roleId) ?? [];
  return known.length === 0 || dice.percent(3) ? dice.pick(roleIds) : dice.pick(known);
}

/** Mostly one of those that are wanted, if there are any; else any row, cancelled ones too; now and then one that is not there. */
export function someRow(
  { dice, rows }: Scene,
  wanted: (row: NaiveRow) => boolean,
): Pick<NaiveRow, 'registrationId' | 'userId' | 'roleId' | 'offerExpiresAt'> {
  const [nobody, nowhere] = [dice.pick(userIds), dice.pick(roleIds)];
  const unknown = { registrationId: `r${'0'.repeat(22)}` as RegistrationId, userId: nobody, roleId: nowhere };
  if (rows.length === 0 || dice.percent(1)) return { ...unknown, offerExpiresAt: undefined };
  const fitting = rows.filter(wanted);
  if (fitting.length > 0 && dice.percent(88)) return dice.pick(fitting);
  const still = rows.filter(isActive);
  return still.length > 0 && dice.percent(70) ? dice.pick(still) : dice.pick(rows);
}

export const offeredOne = (row: NaiveRow) => row.status === 'waitlist' && holdsSeat(row);

/** Who asks: mostly the owner, sometimes staff, seldom somebody whom it is no business of. */
export function someAsker({ dice }: Scene, owner: UserId): string {
  const throwOf = dice.below(100);
  if (throwOf < 68) return owner;
  return throwOf < 95 ? 'staff' : dice.pick(userIds);
}
