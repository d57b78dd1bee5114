import { senderOf, type Actor, type Command, type Instant } from './command.ts';
import type { Decision, Rejection } from './decision.ts';
import type { Shortage } from './shortage.ts';
import type { ChangePreviewed, DomainEvent, UserErased } from './domain-event.ts';
import type { CommandId, EventId, RegistrationId, RoleId, UserId } from './ids.ts';

/** One decision as the journal keeps it: everything that is needed to explain it, and to give its answer again for good. */
export interface JournalEntry {
  readonly eventId: EventId;
  readonly version: number;
  readonly commandId: CommandId;
  /** Of a step of an obligation: the command that it follows from. */
  readonly causationId?: CommandId;
  /** Keyed hash of the request body, to notice when an Idempotency-Key comes back with another body. */
  readonly bodyHash: string;
  readonly commandType: Command['type'] | 'ObligationStep' | 'unknown';
  readonly actor: Actor | undefined;
  readonly acceptedAt: Instant;
  readonly decidedAt: Instant;
  readonly decision: Decision;
}

/** What a decision tells the one who asked. */
export interface Answer {
  readonly eventId: EventId;
  readonly version: number;
  readonly commandId: CommandId;
  readonly bodyHash: string;
  readonly actorId: UserId | undefined;
  readonly result: Result;
}

export type Result =
  /** A new registration. */
  | {
      readonly kind: 'registered';
      readonly registrationId: RegistrationId;
      readonly userId: UserId;
      readonly roleId: RoleId;
      readonly status: 'confirmed' | 'waitlist';
      readonly waitlistPosition?: number;
      /** Why it waits. */
      readonly because?: Shortage;
      readonly replaces?: RegistrationId;
      readonly override?: true;
    }
  /** A registration has got its seat, by a move or an accepted offer. */
  | {
      readonly kind: 'seated';
      readonly registrationId: RegistrationId;
      readonly userId: UserId;
      readonly roleId: RoleId;
      readonly status: 'confirmed';
    }
  | { readonly kind: 'cancelled'; readonly registrationId: RegistrationId }
  | { readonly kind: 'created' }
  | { readonly kind: 'role-added'; readonly roleId: RoleId }
  | { readonly kind: 'changed' }
  | ({ readonly kind: 'previewed' } & Pick<ChangePreviewed, 'effects' | 'complete'>)
  /** `left`: there is more, which takes another command. */
  | ({ readonly kind: 'erased' } & Pick<UserErased, 'registrationIds' | 'left'>)
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** The answer that a journal entry stands for; the same for the first asker and for every repeat. */
export function answerOf(entry: JournalEntry): Answer {
  const { eventId, version, commandId, bodyHash, actor, decision } = entry;
  const result: Result =
    decision.outcome === 'rejected'
      ? { kind: 'rejected', rejection: decision.rejection }
      : resultOf(decision.domainEvents[0]);
  const actorId = actor === undefined ? undefined : senderOf(actor);
  return { eventId, version, commandId, bodyHash, actorId, result };
}

/** What was asked for is always a decision's first domain event; those after it are consequences. */
function resultOf(domainEvent: DomainEvent | undefined): Result {
  if (domainEvent === undefined) return { kind: 'changed' };
  switch (domainEvent.type) {
    case 'EventCreated':
      return { kind: 'created' };
    case 'RoleAdded':
      return { kind: 'role-added', roleId: domainEvent.role.roleId };
    case 'RegistrationConfirmed': {
      const { registrationId, userId, roleId, override } = domainEvent;
      const registered = { kind: 'registered', registrationId, userId, roleId, status: 'confirmed' } as const;
      return override === undefined ? registered : { ...registered, override };
    }
    case 'RegistrationWaitlisted': {
      const { type: _type, sequence: _sequence, ...registered } = domainEvent;
      return { kind: 'registered', status: 'waitlist', ...registered };
    }
    case 'RegistrationPromoted':
    case 'RegistrationMoved': {
      const { registrationId, userId, roleId } = domainEvent;
      return { kind: 'seated', registrationId, userId, roleId, status: 'confirmed' };
    }
    case 'RegistrationCancelled':
      return { kind: 'cancelled', registrationId: domainEvent.registrationId };
    case 'ChangePreviewed':
      return { kind: 'previewed', effects: domainEvent.effects, complete: domainEvent.complete };
    case 'UserErased':
      return { kind: 'erased', registrationIds: domainEvent.registrationIds, left: domainEvent.left };
    case 'EventSettingsChanged':
    case 'PoolsChanged':
    case 'EventOpened':
    case 'EventClosed':
    case 'EventCancelled':
    case 'RoleRenamed':
    case 'RoleCapacityChanged':
    case 'RoleWaitlistChanged':
    case 'RoleDeleted':
    case 'RegistrationOffered':
    case 'RegistrationDemoted':
    case 'RegistrationUpdated':
    case 'RegistrationCheckedIn':
    case 'RegistrationCheckInUndone':
    case 'ObligationIncurred':
    case 'ObligationDischarged':
    case 'EventImported':
    case 'RegistrationImported':
    case 'ImportFinished':
    case 'ImportResumed':
      return { kind: 'changed' };
  }
}
