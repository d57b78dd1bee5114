import {
  accept,
  eventIdFor,
  registrationIdFor,
  type CancelledRegistration,
  type ConfirmedRegistration,
  type DomainEvent,
  type EventId,
  type EventSettings,
  type EventStatus,
  type ExistingEvent,
  type JournalEntry,
  type Obligation,
  type Pool,
  type Registration,
  type Role,
  type RoleId,
  type WaitingRegistration,
} from '@rollcall/domain';
import type { CommitBatch, EventStore, Head, RegistrationOrigin, RegistrationWrite } from '@rollcall/engine';
import { expect } from 'vitest';
import { aRole, signupTime, someSettings } from '../spec/commands.ts';
import { aCommitId, aRoleId, aUserId, newCommandId } from '../spec/ids.ts';

interface EventParts {
  readonly status?: EventStatus;
  readonly settings?: Partial<EventSettings>;
  readonly roles?: readonly Role[];
  readonly pools?: readonly Pool[];
  readonly obligation?: Obligation;
  readonly importing?: true;
}

export function anEvent(parts: EventParts = {}): ExistingEvent {
  const { status = 'open', settings, roles = [aRole()], pools = [], obligation, importing } = parts;
  const counted = roles.map((role) => [role.roleId, { role, confirmed: 0, waitlist: 0, offered: 0 }] as const);
  return {
    status,
    settings: someSettings(settings),
    pools,
    roles: new Map(counted),
    ...(obligation === undefined ? {} : { obligation }),
    ...(importing === undefined ? {} : { importing, legacyId: 'before' }),
  };
}

interface RegistrationParts {
  readonly role?: string;
}

function about(user: string, sequence: number, role = 'volunteers') {
  const registrationId = registrationIdFor(newCommandId());
  return { registrationId, userId: aUserId(user), roleId: aRoleId(role), sequence };
}

export function seated(
  user: string,
  sequence: number,
  { role, ...rest }: RegistrationParts & Pick<ConfirmedRegistration, 'attendedAt'> = {},
): ConfirmedRegistration {
  return { ...about(user, sequence, role), status: 'confirmed', ...rest };
}

export function waiting(
  user: string,
  sequence: number,
  { role, ...rest }: RegistrationParts & Pick<WaitingRegistration, 'offer' | 'replaces'> = {},
): WaitingRegistration {
  return { ...about(user, sequence, role), status: 'waitlist', ...rest };
}

export function gone({ registrationId, userId, roleId, sequence }: Registration): CancelledRegistration {
  return { registrationId, userId, roleId, sequence, status: 'cancelled' };
}

/** Somebody has signed up. */
export function made(
  registration: Registration,
  {
    texts,
    cancellation,
    ...origin
  }: Partial<RegistrationOrigin> & Pick<RegistrationWrite, 'texts' | 'cancellation'> = {},
): RegistrationWrite {
  return {
    registration,
    before: undefined,
    origin: { registrationDate: signupTime, registeredBy: registration.userId, ...origin },
    ...(texts === undefined ? {} : { texts }),
    ...(cancellation === undefined ? {} : { cancellation }),
  };
}

/** From what it was to what it is: the same registration. */
export function changed(
  { registrationId, status }: Registration,
  after: Registration,
  rest: Pick<RegistrationWrite, 'texts' | 'cancellation'> = {},
): RegistrationWrite {
  return { registration: { ...after, registrationId }, before: status, ...rest };
}

interface BatchParts {
  readonly writes?: readonly RegistrationWrite[];
  readonly changedEvent?: ExistingEvent;
  readonly domainEvents?: readonly DomainEvent[];
  /** What further decisions of the same batch say. */
  readonly further?: readonly (readonly DomainEvent[])[];
  readonly entry?: Partial<JournalEntry>;
}

/** Commits of a test's own making: what a store has to keep, whether or not the rules would ever decide it. */
export interface Writer {
  readonly eventId: EventId;
  /** The batch that would come next, of one decision unless there are further ones. */
  batch(parts: BatchParts): CommitBatch;
  /** Fails the test unless it is committed. */
  commit(parts: BatchParts): Promise<CommitBatch>;
  /** The first commit: the event with these registrations. */
  begin(event: ExistingEvent, ...registrations: readonly Registration[]): Promise<CommitBatch>;
  write(...writes: readonly RegistrationWrite[]): Promise<CommitBatch>;
  /** What the store has of this registration, or undefined. */
  find(registration: Registration): Promise<Registration | undefined>;
  /** Ids of the users whose registrations stand like that, from either end. */
  standing(roleId: RoleId, standing: 'confirmed' | 'waitlist' | 'offered', from?: 'first' | 'last'): Promise<string[]>;
}

export function writerOf(store: EventStore): Writer {
  const eventId = eventIdFor(newCommandId());
  let head: Head | undefined;

  function batch({ writes = [], changedEvent, domainEvents = [], further = [], entry }: BatchParts): CommitBatch {
    const first = (head?.version ?? 0) + 1;
    const entries = [domainEvents, ...further].map((decided, index): JournalEntry => ({
      eventId,
      version: first + index,
      commandId: newCommandId(),
      bodyHash: '',
      commandType: 'SignUp',
      actor: undefined,
      acceptedAt: signupTime,
      decidedAt: signupTime,
      decision: accept(...decided),
      ...entry,
    }));
    const next = { version: first + further.length, commitId: aCommitId(newCommandId().slice(1)) };
    return { eventId, expected: head, next, changedEvent, entries, writes };
  }

  async function commit(parts: BatchParts): Promise<CommitBatch> {
    const written = batch(parts);
    expect(await store.commit(written)).toBe('committed');
    head = written.next;
    return written;
  }

  return {
    eventId,
    batch,
    commit,
    begin: (event, ...registrations) =>
      commit({ changedEvent: event, writes: registrations.map((registration) => made(registration)) }),
    write: (...writes) => commit({ writes }),
    async find({ registrationId }) {
      const [found] = await store.findRegistrations(eventId, [], [registrationId]);
      return found;
    },
    async standing(roleId, standing, from = 'first') {
      const found = await store.findStanding({ eventId, roleId, standing, from, countMax: 1_000 });
      return found.map(({ userId }) => userId);
    },
  };
}
