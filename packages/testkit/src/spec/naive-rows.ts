import type {
  CancelCause,
  EventSettings,
  EventStatus,
  Instant,
  Pool,
  RegistrationId,
  Rejection,
  Result,
  Role,
  RoleId,
  UserId,
} from '@rollcall/domain';

/** One registration, as a row of the one list that the naive model has. */
export interface NaiveRow {
  readonly registrationId: RegistrationId;
  userId: UserId;
  readonly replaces: RegistrationId | undefined;
  roleId: RoleId;
  status: 'confirmed' | 'waitlist' | 'cancelled';
  sequence: number;
  offerExpiresAt: Instant | undefined;
  attendedAt: Instant | undefined;
}

export interface NaiveEvent {
  readonly status: EventStatus;
  readonly settings: EventSettings;
  readonly roles: readonly Role[];
  readonly pools: readonly Pool[];
  readonly legacyId?: string;
  readonly importing?: true;
}

export interface NaiveWorld {
  event: NaiveEvent | undefined;
  rows: NaiveRow[];
}

/** What happened to a registration, in the order in which it happened. */
export interface NaiveChange {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly change:
    | 'confirmed'
    | 'waitlisted'
    | 'offered'
    | 'promoted'
    | 'moved'
    | 'demoted'
    | 'cancelled'
    | 'updated'
    | 'checkedIn'
    | 'checkInUndone'
    | 'imported';
  /** Of a cancelled one. */
  readonly cause?: CancelCause;
}

/** The decision that is being made, and what it has changed so far. */
export interface NaiveMoment {
  readonly version: number;
  readonly acceptedAt: Instant;
  readonly decidedAt: Instant;
  readonly changes: NaiveChange[];
}

export type NaiveOutcome = { readonly refused: Rejection } | { readonly accepted: Result };

export const refuse = (refused: Rejection): NaiveOutcome => ({ refused });
export const accept = (accepted: Result): NaiveOutcome => ({ accepted });

export const isActive = ({ status }: NaiveRow) => status !== 'cancelled';
export const holdsSeat = ({ status, offerExpiresAt }: NaiveRow) =>
  status === 'confirmed' || (status === 'waitlist' && offerExpiresAt !== undefined);
/** Whoever has an offer has left the line. */
export const standsInLine = (row: NaiveRow) => row.status === 'waitlist' && !holdsSeat(row);

/** Who stands in the role's line, first in line first. */
export function naiveLine({ rows }: NaiveWorld, roleId: RoleId): readonly NaiveRow[] {
  return rows.filter((row) => row.roleId === roleId && standsInLine(row)).toSorted((a, b) => a.sequence - b.sequence);
}

/** The registration that this one waits to take the place of, while that is still active. */
export function replacedBy({ rows }: NaiveWorld, { replaces }: NaiveRow): NaiveRow | undefined {
  if (replaces === undefined) return undefined;
  return rows.find((row) => row.registrationId === replaces && isActive(row));
}

export function note(
  { changes }: NaiveMoment,
  change: NaiveChange['change'],
  { registrationId, userId, roleId }: NaiveRow,
  cause?: CancelCause,
): void {
  changes.push({ registrationId, userId, roleId, change, ...(cause !== undefined && { cause }) });
}
