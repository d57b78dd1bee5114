import type {
  Actor,
  CommandId,
  CommitId,
  Decision,
  DomainEvent,
  EventId,
  EventSettings,
  EventStatus,
  ExistingEvent,
  JournalEntry,
  OrganizerId,
  Profile,
  Registration,
  RegistrationId,
  Rejection,
  Role,
  RoleId,
  UserId,
} from '@rollcall/domain';
import type { EventView, JournalStep, RegistrationView, RegistrationWrite } from '@rollcall/engine';

/** What people sign up for. No signups and no counts: those are in the registrations alone. */
export interface EventDocument {
  readonly _id: EventId;
  readonly version: number;
  readonly commitId: CommitId;
  readonly status: EventStatus;
  readonly organizerId: OrganizerId;
  readonly title: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly timeZone: string;
  readonly location?: string;
  readonly signupOpensAt?: Date;
  readonly signupClosesAt?: Date;
  readonly registrationsPerUserMax: number;
  readonly roles: readonly Role[];
}

export interface RegistrationDocument {
  readonly _id: RegistrationId;
  readonly eventId: EventId;
  readonly userId: UserId;
  readonly roleId: RoleId;
  readonly status: 'confirmed' | 'waitlist' | 'cancelled';
  readonly sequence: number;
  readonly registrationDate: Date;
  readonly registeredBy: UserId;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
  readonly cancelledAt?: Date;
  readonly cancelledBy?: UserId;
  readonly cancelReason?: string;
}

/** One decision. It holds ids and what organizers wrote, never users' texts or profiles. */
export interface JournalDocument {
  readonly eventId: EventId;
  readonly version: number;
  readonly commandId: CommandId;
  readonly commitId: CommitId;
  readonly bodyHash: string;
  readonly commandType: JournalEntry['commandType'];
  readonly actor?: Actor;
  readonly acceptedAt: Date;
  readonly decidedAt: Date;
  readonly outcome: Decision['outcome'];
  readonly domainEvents?: readonly DomainEvent[];
  readonly rejection?: Rejection;
}

export function eventDocument({
  status,
  settings,
  roles,
}: ExistingEvent): Omit<EventDocument, '_id' | 'version' | 'commitId'> {
  const { startsAt, endsAt, signupOpensAt, signupClosesAt, ...rest } = settings;
  return {
    status,
    ...rest,
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    ...(signupOpensAt === undefined ? {} : { signupOpensAt: new Date(signupOpensAt) }),
    ...(signupClosesAt === undefined ? {} : { signupClosesAt: new Date(signupClosesAt) }),
    roles: [...roles.values()].map(({ role }) => role),
  };
}

export function eventView(document: EventDocument): EventView {
  const { _id: eventId, version, status, roles } = document;
  return { eventId, version, status, settings: settingsOf(document), roles };
}

export function settingsOf(document: EventDocument): EventSettings {
  const { organizerId, title, startsAt, endsAt, timeZone, location, signupOpensAt, signupClosesAt } = document;
  return {
    organizerId,
    title,
    startsAt: startsAt.getTime(),
    endsAt: endsAt.getTime(),
    timeZone,
    registrationsPerUserMax: document.registrationsPerUserMax,
    ...(location === undefined ? {} : { location }),
    ...(signupOpensAt === undefined ? {} : { signupOpensAt: signupOpensAt.getTime() }),
    ...(signupClosesAt === undefined ? {} : { signupClosesAt: signupClosesAt.getTime() }),
  };
}

export function registrationDocument(
  { registration, signUp, cancel }: RegistrationWrite,
  eventId: EventId,
): RegistrationDocument {
  if (signUp === undefined) throw new Error(`${registration.registrationId} is new and nobody signed up for it`);
  return {
    _id: registration.registrationId,
    eventId,
    userId: registration.userId,
    roleId: registration.roleId,
    status: registration.status,
    sequence: registration.sequence,
    registrationDate: new Date(signUp.acceptedAt),
    registeredBy: signUp.actor.userId,
    ...(signUp.notes === undefined ? {} : { notes: signUp.notes }),
    ...(signUp.specialRequirements === undefined ? {} : { specialRequirements: signUp.specialRequirements }),
    ...(signUp.profile === undefined ? {} : { profile: signUp.profile }),
    ...cancellationOf(cancel),
  };
}

export function cancellationOf(
  cancel: RegistrationWrite['cancel'],
): Pick<RegistrationDocument, 'cancelledAt' | 'cancelledBy' | 'cancelReason'> {
  if (cancel === undefined) return {};
  return {
    cancelledAt: new Date(cancel.acceptedAt),
    cancelledBy: cancel.actor.userId,
    ...(cancel.reason === undefined ? {} : { cancelReason: cancel.reason }),
  };
}

export function registrationOf(document: RegistrationDocument): Registration {
  const { _id: registrationId, userId, roleId, status, sequence } = document;
  return { registrationId, userId, roleId, status, sequence };
}

export function registrationView(document: RegistrationDocument): RegistrationView {
  const {
    _id,
    registrationDate,
    cancelledAt,
    cancelledBy: _by,
    cancelReason: _reason,
    sequence: _sequence,
    ...rest
  } = document;
  return {
    registrationId: _id,
    ...rest,
    registrationDate: registrationDate.getTime(),
    ...(cancelledAt === undefined ? {} : { cancelledAt: cancelledAt.getTime() }),
  };
}

export function journalDocument(entry: JournalEntry, commitId: CommitId): JournalDocument {
  const { eventId, version, commandId, bodyHash, commandType, actor, acceptedAt, decidedAt, decision } = entry;
  return {
    eventId,
    version,
    commandId,
    commitId,
    bodyHash,
    commandType,
    ...(actor === undefined ? {} : { actor }),
    acceptedAt: new Date(acceptedAt),
    decidedAt: new Date(decidedAt),
    outcome: decision.outcome,
    ...(decision.outcome === 'accepted' ? { domainEvents: decision.domainEvents } : { rejection: decision.rejection }),
  };
}

export function journalEntry(document: JournalDocument): JournalEntry {
  const { eventId, version, commandId, bodyHash, commandType, actor, acceptedAt, decidedAt } = document;
  return {
    eventId,
    version,
    commandId,
    bodyHash,
    commandType,
    actor,
    acceptedAt: acceptedAt.getTime(),
    decidedAt: decidedAt.getTime(),
    decision: decisionOf(document),
  };
}

function decisionOf({ eventId, version, domainEvents, rejection }: JournalDocument): Decision {
  if (rejection !== undefined) return { outcome: 'rejected', rejection };
  if (domainEvents !== undefined) return { outcome: 'accepted', domainEvents };
  throw new Error(`journal of ${eventId}: version ${version} is neither accepted nor rejected`);
}

export function journalStep({
  version,
  commitId,
  domainEvents,
}: Pick<JournalDocument, 'version' | 'commitId' | 'domainEvents'>): JournalStep {
  return { version, commitId, domainEvents: domainEvents ?? [] };
}
