import type {
  AcceptOffer,
  CancelCause,
  CancelSignup,
  CheckIn,
  DeclineOffer,
  ExpireOffer,
  RemoveFromRole,
  UndoCheckIn,
  UpdateRegistration,
} from '@rollcall/domain';
import { cancelRow, seat } from './naive-promoting.ts';
import {
  accept,
  note,
  refuse,
  type NaiveEvent,
  type NaiveMoment,
  type NaiveOutcome,
  type NaiveRow,
  type NaiveWorld,
} from './naive-rows.ts';

/** What one may do with a registration besides moving it. */
export type OnRegistration =
  | CancelSignup
  | RemoveFromRole
  | AcceptOffer
  | DeclineOffer
  | ExpireOffer
  | UpdateRegistration
  | CheckIn
  | UndoCheckIn;

/** `row`: the one that is meant, active and the asker's to touch. */
export function onRegistration(
  world: NaiveWorld,
  { settings }: NaiveEvent,
  row: NaiveRow,
  command: OnRegistration,
  moment: NaiveMoment,
): NaiveOutcome {
  const { registrationId, userId, roleId, offerExpiresAt } = row;
  if (row.status === 'cancelled') return refuse({ reason: 'already-cancelled', registrationId });
  const { acceptedAt } = moment;
  const { endsAt, cancelClosesAt } = settings;
  const isOver = acceptedAt >= endsAt;
  const byUser = command.actor.kind === 'user';
  const noOffer = refuse({ reason: 'no-offer', registrationId, status: row.status });
  const leave = (cause: CancelCause) => {
    cancelRow(row, moment, cause);
    return accept({ kind: 'cancelled', registrationId });
  };

  switch (command.type) {
    case 'CancelSignup':
      if (byUser && isOver) return refuse({ reason: 'event-over', endsAt });
      if (byUser && row.status === 'confirmed' && cancelClosesAt !== undefined && acceptedAt >= cancelClosesAt) {
        return refuse({ reason: 'cancels-closed', cancelClosesAt });
      }
      return leave(byUser ? 'user' : 'staff');
    case 'RemoveFromRole':
      return leave('staff');
    case 'AcceptOffer':
      if (isOver) return refuse({ reason: 'event-over', endsAt });
      if (offerExpiresAt === undefined) return noOffer;
      if (acceptedAt >= offerExpiresAt) {
        return refuse({ reason: 'offer-expired', registrationId, expiresAt: offerExpiresAt });
      }
      seat(world, row, moment);
      return accept({ kind: 'seated', registrationId, userId, roleId, status: 'confirmed' });
    case 'DeclineOffer':
      return offerExpiresAt === undefined ? noOffer : leave('declined');
    case 'ExpireOffer':
      if (offerExpiresAt === undefined || offerExpiresAt !== command.expiresAt) return noOffer;
      if (acceptedAt < offerExpiresAt) {
        return refuse({ reason: 'offer-still-open', registrationId, expiresAt: offerExpiresAt });
      }
      return leave('expired');
    case 'UpdateRegistration':
      if (byUser && isOver) return refuse({ reason: 'event-over', endsAt });
      // What the texts say is not the model's business.
      if (command.notes !== undefined || command.specialRequirements !== undefined) note(moment, 'updated', row);
      return accept({ kind: 'changed' });
    case 'CheckIn':
      if (row.status !== 'confirmed') return refuse({ reason: 'not-confirmed', registrationId });
      if (row.attendedAt !== undefined) {
        return refuse({ reason: 'already-checked-in', registrationId, attendedAt: row.attendedAt });
      }
      row.attendedAt = acceptedAt;
      note(moment, 'checkedIn', row);
      return accept({ kind: 'changed' });
    case 'UndoCheckIn':
      if (row.attendedAt === undefined) return refuse({ reason: 'not-checked-in', registrationId });
      row.attendedAt = undefined;
      note(moment, 'checkInUndone', row);
      return accept({ kind: 'changed' });
  }
}
