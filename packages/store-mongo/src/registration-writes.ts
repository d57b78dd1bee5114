import type { Registration, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import type { Cancellation, CommitBatch, RegistrationOrigin, RegistrationWrite } from '@rollcall/engine';
import type { AnyBulkWriteOperation } from 'mongodb';
import type { RegistrationDocument } from './registration-document.ts';
import { changesOf, textsOfNew, type NewRegistration, type Texts } from './texts.ts';

/**
 * Changes of what is stored, so ordered that nobody takes a place in a role that its user still has: cancellations come
 * first, and where one user's registrations change places with each other, all of them step aside before they move.
 */
export function updatesOf({ eventId, writes }: CommitBatch): AnyBulkWriteOperation<RegistrationDocument>[] {
  const changed = writes.flatMap((write) => {
    if (write.before === undefined) return [];
    const { registrationId, userId, status } = write.registration;
    const filter = { _id: registrationId, eventId, status: write.before };
    return [{ userId, isActive: status !== 'cancelled', filter, update: updateOf(write) }];
  });
  const active = changed.filter(({ isActive }) => isActive);
  const activePerUser = new Map<UserId, number>();
  for (const { userId } of active) activePerUser.set(userId, (activePerUser.get(userId) ?? 0) + 1);
  const entangled = active.filter(({ userId }) => (activePerUser.get(userId) ?? 0) > 1);
  return [
    ...changed.filter(({ isActive }) => !isActive),
    // A role that nobody can have; nothing outside of the transaction ever sees it.
    ...entangled.map(({ filter }) => ({ filter, update: { $set: { roleId: `~${filter._id}` as RoleId } } })),
    ...active,
  ].map(({ filter, update }) => ({ updateOne: { filter, update, hint } }));
}

/** Spares the server to look at every index for every update. */
const hint = { _id: 1 };

/** What can stand only beside a status; the validators see to it. */
const beside = { confirmed: ['attendedAt'], waitlist: ['offer', 'replaces'], cancelled: [] } as const;

function updateOf({ registration, before, cancellation, restated, texts = {} }: RegistrationWrite) {
  const standing = standingFields(registration);
  const { given, removed } = changesOf(texts);
  const mayHave: readonly (keyof StandingFields)[] = before === undefined ? [] : beside[before];
  const said = { ...restatedFields(restated), ...cancellationFields(cancellation) };
  const unsaid = restated === undefined ? [] : mayBeSaid.filter((field) => !(field in said));
  const lost = [...mayHave.filter((field) => standing[field] === undefined), ...removed, ...unsaid];
  return {
    $set: { ...standing, ...given, ...said },
    ...unsetting(lost),
  };
}

/** What an import removes that does not say it. */
const mayBeSaid = [
  'notes',
  'specialRequirements',
  'profile',
  'legacyId',
  'cancelledAt',
  'cancelCause',
  'cancelledBy',
  'cancelReasonCode',
  'cancelReason',
] as const satisfies readonly (keyof RegistrationDocument)[];

function restatedFields(restated: RegistrationOrigin | undefined): Partial<RegistrationDocument> {
  if (restated === undefined) return {};
  const { registrationDate, textsOf: _, ...rest } = restated;
  return { ...rest, registrationDate: new Date(registrationDate) };
}

/** None for no fields. */
function unsetting(fields: readonly (keyof RegistrationDocument)[]): { readonly $unset?: Record<string, ''> } {
  if (fields.length === 0) return {};
  return { $unset: Object.fromEntries(fields.map((field): [string, ''] => [field, ''])) };
}

/**
 * What is changed of a registration's texts is changed of the one that waits to replace it too, which would bring back the
 * old ones otherwise. Written before the other updates, so what the batch says of that one itself is the last word. Not
 * counted among them: the store alone knows whether there is one.
 */
export function handedOnTexts({ eventId, writes }: CommitBatch): AnyBulkWriteOperation<RegistrationDocument>[] {
  return writes.flatMap(({ registration: { registrationId, userId }, before, texts }) => {
    if (before === undefined || texts === undefined) return [];
    const { given, removed } = changesOf(texts);
    if (Object.keys(given).length + removed.length === 0) return [];
    const filter = { eventId, userId, status: 'waitlist', replaces: registrationId } as const;
    const update = { $set: given, ...unsetting(removed) };
    return [{ updateMany: { filter, update, hint: { eventId: 1, userId: 1, status: 1 } } }];
  });
}

/** @param stored the texts of the registrations that `storedSourcesOf` names */
export function insertsOf(
  { eventId }: CommitBatch,
  made: ReadonlyMap<RegistrationId, NewRegistration>,
  stored: ReadonlyMap<RegistrationId, Texts>,
): RegistrationDocument[] {
  return [...made.values()].map((write) => ({
    _id: write.registration.registrationId,
    eventId,
    userId: write.registration.userId,
    ...standingFields(write.registration),
    registrationDate: new Date(write.origin.registrationDate),
    registeredBy: write.origin.registeredBy,
    ...(write.origin.legacyId === undefined ? {} : { legacyId: write.origin.legacyId }),
    ...textsOfNew(write, { made, stored }),
    ...cancellationFields(write.cancellation),
  }));
}

type StandingFields = Pick<
  RegistrationDocument,
  'roleId' | 'status' | 'sequence' | 'offer' | 'replaces' | 'attendedAt'
>;

/** Who stops waiting has no offer here, and so leaves the indexes of open offers. */
function standingFields(registration: Registration): StandingFields {
  const { roleId, status, sequence } = registration;
  switch (registration.status) {
    case 'confirmed': {
      const { attendedAt } = registration;
      return { roleId, status, sequence, ...(attendedAt === undefined ? {} : { attendedAt: new Date(attendedAt) }) };
    }
    case 'waitlist': {
      const { offer, replaces } = registration;
      return {
        roleId,
        status,
        sequence,
        ...(offer === undefined ? {} : { offer: { expiresAt: new Date(offer.expiresAt) } }),
        ...(replaces === undefined ? {} : { replaces }),
      };
    }
    case 'cancelled':
      return { roleId, status, sequence };
  }
}

type CancellationFields = Pick<
  RegistrationDocument,
  'cancelledAt' | 'cancelCause' | 'cancelledBy' | 'cancelReasonCode' | 'cancelReason'
>;

function cancellationFields(cancellation: Cancellation | undefined): CancellationFields {
  if (cancellation === undefined) return {};
  const { cancelledAt, cause, cancelledBy, reasonCode, reason } = cancellation;
  return {
    cancelledAt: new Date(cancelledAt),
    cancelCause: cause,
    ...(cancelledBy === undefined ? {} : { cancelledBy }),
    ...(reasonCode === undefined ? {} : { cancelReasonCode: reasonCode }),
    ...(reason === undefined ? {} : { cancelReason: reason }),
  };
}
