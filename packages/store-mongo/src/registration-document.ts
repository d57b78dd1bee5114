import type {
  ActiveRegistration,
  CancelCause,
  EventId,
  Profile,
  Registration,
  RegistrationId,
  RemovalCode,
  RoleId,
  UserId,
} from '@rollcall/domain';
import type { RegistrationView } from '@rollcall/engine';

export interface RegistrationDocument {
  readonly _id: RegistrationId;
  readonly eventId: EventId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  readonly sequence: number;
  /** Only while it waits: the indexes of open offers hold whoever has this field. */
  readonly offer?: { readonly expiresAt: Date };
  /** Only while it waits. */
  readonly replaces?: RegistrationId;
  /** Only while it is confirmed. */
  readonly attendedAt?: Date;
  readonly registrationDate: Date;
  readonly registeredBy: UserId;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
  /** What the system before calls it, if it came from there. */
  readonly legacyId?: string;
  readonly cancelledAt?: Date;
  readonly cancelCause?: CancelCause;
  readonly cancelledBy?: UserId;
  readonly cancelReasonCode?: RemovalCode;
  readonly cancelReason?: string;
}

/** What the rules know of a registration, as a projection. */
export const decidingFields = {
  _id: 1,
  userId: 1,
  roleId: 1,
  status: 1,
  sequence: 1,
  offer: 1,
  replaces: 1,
  attendedAt: 1,
} as const;

export type DecidingDocument = Pick<RegistrationDocument, keyof typeof decidingFields>;

export function registrationOf(document: DecidingDocument): Registration {
  const { _id: registrationId, userId, roleId, status, sequence } = document;
  return status === 'cancelled' ? { registrationId, userId, roleId, sequence, status } : activeOf(document);
}

/** @throws Error for a cancelled one. */
export function activeOf(document: DecidingDocument): ActiveRegistration {
  const { _id: registrationId, userId, roleId, status, sequence, offer, replaces, attendedAt } = document;
  const about = { registrationId, userId, roleId, sequence };
  switch (status) {
    case 'confirmed':
      return { ...about, status, ...(attendedAt === undefined ? {} : { attendedAt: attendedAt.getTime() }) };
    case 'waitlist':
      return {
        ...about,
        status,
        ...(offer === undefined ? {} : { offer: { expiresAt: offer.expiresAt.getTime() } }),
        ...(replaces === undefined ? {} : { replaces }),
      };
    case 'cancelled':
      throw new Error(`${registrationId} is cancelled`);
  }
}

export function registrationView(document: RegistrationDocument): RegistrationView {
  const { _id: registrationId, registrationDate, offer, attendedAt, cancelledAt, ...rest } = document;
  const { cancelledBy: _by, ...shown } = rest;
  return {
    registrationId,
    ...shown,
    registrationDate: registrationDate.getTime(),
    ...(offer === undefined ? {} : { offer: { expiresAt: offer.expiresAt.getTime() } }),
    ...(attendedAt === undefined ? {} : { attendedAt: attendedAt.getTime() }),
    ...(cancelledAt === undefined ? {} : { cancelledAt: cancelledAt.getTime() }),
  };
}
