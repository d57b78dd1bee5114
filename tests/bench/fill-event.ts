import { randomBytes, randomUUID } from 'node:crypto';
import {
  commandIdFromToken,
  registrationIdFor,
  type CommitId,
  type DomainEvent,
  type EventId,
  type OrganizerId,
  type RegistrationId,
  type Role,
  type RoleId,
  type UserId,
} from '@rollcall/domain';
import type { Collections, JournalDocument, RegistrationDocument } from '@rollcall/store-mongo';

/** The one role of an event that was filled. */
export const filledRole = 'volunteers' as RoleId;
const commitId = 'commit' as CommitId;
const startsAt = Date.UTC(2030, 5, 1);
const batchSize = 10_000;
const settings = {
  organizerId: 'org' as OrganizerId,
  title: 'A large event',
  timeZone: 'UTC',
  registrationsPerUserMax: 1,
  usersMayMove: false,
};

interface Person {
  readonly registrationId: RegistrationId;
  readonly userId: UserId;
  readonly sequence: number;
}

const newCommandId = () => commandIdFromToken(randomBytes(16).toString('base64url'));

export interface Filling {
  readonly eventId: EventId;
  /** How many people signed up. */
  readonly signups: number;
  /** Every so many-th of those who wait has left in the end; 0: nobody. */
  readonly leavesEvery: number;
}

/** What stands in a journal apart from the event that it is of. */
type Step = Omit<JournalDocument, 'eventId'>;

function decision(version: number, commandType: JournalDocument['commandType'], fact: DomainEvent): Step {
  return {
    version,
    commandId: newCommandId(),
    commitId,
    bodyHash: randomBytes(32).toString('base64url'),
    commandType,
    actor: { kind: 'staff', userId: 'olga' as UserId },
    acceptedAt: new Date(version),
    decidedAt: new Date(version),
    outcome: 'accepted',
    domainEvents: [fact],
  };
}

/** Writes an event as it would be if so many people had signed up: nine of ten have seats, the others wait. */
export async function fillEvent(
  { events, journal, registrations }: Collections,
  { eventId, signups, leavesEvery }: Filling,
): Promise<void> {
  const capacity = Math.floor(signups * 0.9);
  const role: Role = { roleId: filledRole, name: 'Volunteers', capacity, waitlist: 'auto', offerMs: 1 };
  const created = { settings: { ...settings, startsAt, endsAt: startsAt + 1 }, roles: [role], pools: [] };
  const insertSteps = (steps: readonly Step[]) =>
    journal.insertMany(
      steps.map((step) => ({ eventId, ...step })),
      { ordered: false },
    );
  await insertSteps([
    decision(1, 'CreateEvent', { type: 'EventCreated', ...created }),
    decision(2, 'ChangeEventSettings', { type: 'EventOpened' }),
  ]);
  let version = 2;
  const leaving: Person[] = [];
  for (let start = 0; start < signups; start += batchSize) {
    const steps: Step[] = [];
    const rows: RegistrationDocument[] = [];
    for (let n = start; n < Math.min(signups, start + batchSize); n += 1) {
      version += 1;
      const place = n < capacity ? 0 : n - capacity + 1;
      const { signedUp, person } = signUp(version, place, capacity);
      const leaves = place > 0 && leavesEvery > 0 && place % leavesEvery === 0;
      if (leaves) leaving.push(person);
      steps.push(signedUp);
      rows.push(row(eventId, person, leaves ? 'cancelled' : place > 0 ? 'waitlist' : 'confirmed'));
    }
    await Promise.all([insertSteps(steps), registrations.insertMany(rows, { ordered: false })]);
  }
  const left = leaving.map((person) => {
    version += 1;
    const about = { ...person, roleId: filledRole, previousStanding: 'waitlist', cause: 'staff' } as const;
    return decision(version, 'RemoveFromRole', { type: 'RegistrationCancelled', ...about, reasonCode: 'other' });
  });
  if (left.length > 0) await insertSteps(left);
  await events.insertOne({
    _id: eventId,
    version,
    commitId,
    status: 'open',
    ...settings,
    startsAt: new Date(startsAt),
    endsAt: new Date(startsAt + 1),
    roles: [role],
    pools: [],
  });
}

function signUp(version: number, place: number, capacity: number) {
  const userId = randomUUID() as UserId;
  const commandId = newCommandId();
  const person: Person = { registrationId: registrationIdFor(commandId), userId, sequence: version };
  const roleId = filledRole;
  const because = { reason: 'role-full', roleId, capacity, taken: capacity } as const;
  const fact: DomainEvent =
    place === 0
      ? { type: 'RegistrationConfirmed', ...person, roleId }
      : // Those who leave do so in the end.
        { type: 'RegistrationWaitlisted', ...person, roleId, waitlistPosition: place, because };
  const actor = { kind: 'user', userId } as const;
  return { person, signedUp: { ...decision(version, 'SignUp', fact), commandId, actor } };
}

const row = (
  eventId: EventId,
  { registrationId, userId, sequence }: Person,
  status: RegistrationDocument['status'],
): RegistrationDocument => ({
  _id: registrationId,
  eventId,
  userId,
  roleId: filledRole,
  status,
  sequence,
  registrationDate: new Date(sequence),
  registeredBy: userId,
  ...(status === 'cancelled' ? { cancelledAt: new Date(sequence), cancelCause: 'staff' as const } : {}),
});
