import type { ActiveRegistration, EventId, Registration, RegistrationId, UserId } from '@rollcall/domain';
import type { StandingQuery } from '@rollcall/engine';
import type { ClientSession, Collection } from 'mongodb';
import { active, offered } from './counting.ts';
import { indexes } from './indexes.ts';
import {
  activeOf,
  decidingFields,
  registrationOf,
  type DecidingDocument,
  type RegistrationDocument,
} from './registration-document.ts';

type Registrations = Collection<RegistrationDocument>;

export interface UsersOfEvent {
  readonly eventId: EventId;
  readonly userIds: readonly UserId[];
}

/** Named, so that the server does not plan each question anew. */
const usersOfEventIndex = { eventId: 1, userId: 1, status: 1 };

/** Several questions in one query. @returns what each of them asked for, in their order */
export async function findActiveOf(
  registrations: Registrations,
  questions: readonly UsersOfEvent[],
  session: ClientSession,
): Promise<readonly (readonly Registration[])[]> {
  const filters = questions.map(({ eventId, userIds }) => ({ eventId, userId: { $in: [...userIds] }, status: active }));
  const documents = await registrations
    .find({ $or: filters }, { session, hint: usersOfEventIndex })
    .project<DecidingDocument & Pick<RegistrationDocument, 'eventId'>>({ ...decidingFields, eventId: 1 })
    .toArray();
  const byEvent = Map.groupBy(documents, ({ eventId }) => eventId);
  return questions.map(({ eventId, userIds }) => {
    const asked = new Set(userIds);
    return (byEvent.get(eventId) ?? []).filter(({ userId }) => asked.has(userId)).map(registrationOf);
  });
}

export async function findNamed(
  registrations: Registrations,
  { eventId, registrationIds }: { readonly eventId: EventId; readonly registrationIds: readonly RegistrationId[] },
  session: ClientSession,
): Promise<readonly Registration[]> {
  const documents = await registrations
    .find({ _id: { $in: [...registrationIds] }, eventId }, { session })
    .project<DecidingDocument>(decidingFields)
    .toArray();
  return documents.map(registrationOf);
}

/** Each is read in the order of its index, from either end. */
const standings = {
  confirmed: { filter: { status: 'confirmed' }, hint: indexes.line },
  // Walks past open offers. Those are as few as seats that have been freed and not yet taken.
  waitlist: { filter: { status: 'waitlist', offer: { $exists: false } }, hint: indexes.line },
  offered: { filter: offered, hint: indexes.offers },
} as const;

export async function findStanding(
  registrations: Registrations,
  { eventId, roleId, standing, from, countMax }: StandingQuery,
  session: ClientSession,
): Promise<readonly ActiveRegistration[]> {
  // To the server, a limit of 0 is none.
  if (countMax === 0) return [];
  const { filter, hint } = standings[standing];
  const documents = await registrations
    .find({ eventId, roleId, ...filter }, { session, hint })
    .sort({ sequence: from === 'first' ? 1 : -1 })
    .limit(countMax)
    .project<DecidingDocument>(decidingFields)
    .toArray();
  return documents.map(activeOf);
}
