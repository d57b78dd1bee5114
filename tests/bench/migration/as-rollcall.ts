import { createHash } from 'node:crypto';
import {
  commandIdFromToken,
  registrationIdFor,
  type CommitId,
  type DomainEvent,
  type EventId,
  type OrganizerId,
  type Role,
  type RoleId,
  type UserId,
} from '@rollcall/domain';
import type { EventDocument, JournalDocument, RegistrationDocument } from '@rollcall/store-mongo';
import type { GeneratedEvent } from '../../support/legacy/event-of.ts';
import type { LegacyWorld } from '../../support/legacy/generate.ts';
import { batchSize, type Batch } from './bare-insert.ts';

const commitId = 'commit' as CommitId;
const settings = {
  organizerId: 'org' as OrganizerId,
  timeZone: 'UTC',
  registrationsPerUserMax: 1,
  usersMayMove: false,
};
const tokenOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22);

/** As an id of Rollcall, the same for the same legacy event. */
export const rollcallEventId = (legacyId: string): EventId => `e${tokenOf(legacyId)}` as EventId;

/** Events without faults as Rollcall would have them, had everybody signed up there: what reading and inserting are measured with. */
export async function* asRollcall(world: LegacyWorld): AsyncGenerator<Batch> {
  let batch = {
    events: [] as EventDocument[],
    registrations: [] as RegistrationDocument[],
    journal: [] as JournalDocument[],
  };
  for await (const generated of world.events()) {
    const { event, registrations, journal } = oneEvent(generated);
    batch.events.push(event);
    for (const registration of registrations) batch.registrations.push(registration);
    for (const entry of journal) batch.journal.push(entry);
    if (batch.journal.length < batchSize) continue;
    yield batch;
    batch = { events: [], registrations: [], journal: [] };
  }
  yield batch;
}

function oneEvent({ event, registrations }: GeneratedEvent) {
  const eventId = rollcallEventId(event._id.toHexString());
  const startsAt = Date.parse(`${event.date}T${event.time}Z`);
  const endsAt = Date.parse(`${event.date}T${event.endTime}Z`);
  const roles = event.roles.map(({ id, name, maxParticipants = 1 }): Role => ({
    roleId: id.replaceAll('-', '') as RoleId,
    name,
    capacity: maxParticipants,
    waitlist: 'auto',
    offerMs: 86_400_000,
  }));
  const title = event.title;
  const decision = (
    version: number,
    fact: DomainEvent,
    commandType: JournalDocument['commandType'],
    token: string,
  ) => ({
    eventId,
    version,
    commandId: commandIdFromToken(token),
    commitId,
    bodyHash: tokenOf(token) + tokenOf(commitId).slice(1),
    commandType,
    actor: { kind: 'staff' as const, userId: 'olga' as UserId },
    acceptedAt: event.createdAt,
    decidedAt: event.createdAt,
    outcome: 'accepted' as const,
    domainEvents: [fact],
  });
  const created = { settings: { ...settings, title, startsAt, endsAt }, roles, pools: [] };
  const journal: JournalDocument[] = [
    decision(1, { type: 'EventCreated', ...created }, 'CreateEvent', tokenOf(`${eventId} created`)),
    decision(2, { type: 'EventOpened' }, 'ChangeEventSettings', tokenOf(`${eventId} opened`)),
  ];
  const rows = registrations.map((document, index): RegistrationDocument => {
    const sequence = index + 3;
    const token = tokenOf(document._id.toHexString());
    const registrationId = registrationIdFor(commandIdFromToken(token));
    const userId = String(document.userId) as UserId;
    const roleId = document.roleId.replaceAll('-', '') as RoleId;
    const { firstName, lastName, email } = document.userSnapshot;
    journal.push(
      decision(sequence, { type: 'RegistrationConfirmed', registrationId, userId, roleId, sequence }, 'SignUp', token),
    );
    return {
      _id: registrationId,
      eventId,
      userId,
      roleId,
      status: 'confirmed',
      sequence,
      registrationDate: document.createdAt,
      registeredBy: userId,
      ...(document.notes === undefined ? {} : { notes: document.notes }),
      profile: { displayName: `${firstName} ${lastName}`, email },
    };
  });
  const stored: EventDocument = {
    _id: eventId,
    version: rows.length + 2,
    commitId,
    status: 'open',
    ...settings,
    title,
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    roles,
    pools: [],
  };
  return { event: stored, registrations: rows, journal };
}
