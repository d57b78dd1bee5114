import type { Decision, Rejection } from './decision.ts';
import type { CommandId, EventId, RegistrationId, RoleId, UserId } from './ids.ts';
import type { Instant, Actor, Command } from './command.ts';
import type { DomainEvent } from './domain-event.ts';

/** One decision as the journal keeps it: everything that is needed to explain it, and to give its answer again for good. */
export interface JournalEntry {
  readonly eventId: EventId;
  readonly version: number;
  readonly commandId: CommandId;
  /** Keyed hash of the request body, to notice when an Idempotency-Key comes back with another body. */
  readonly bodyHash: string;
  readonly commandType: Command['type'] | 'unknown';
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
  | {
      readonly kind: 'registered';
      readonly registrationId: RegistrationId;
      readonly userId: UserId;
      readonly roleId: RoleId;
      readonly status: 'confirmed' | 'waitlist';
      readonly waitlistPosition?: number;
    }
  | { readonly kind: 'cancelled'; readonly registrationId: RegistrationId }
  | { readonly kind: 'created' }
  | { readonly kind: 'changed' }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/** The answer that a journal entry stands for; the same for the first asker and for every repeat. */
export function answerOf(entry: JournalEntry): Answer {
  const { eventId, version, commandId, bodyHash, actor, decision } = entry;
  const result: Result =
    decision.outcome === 'rejected'
      ? { kind: 'rejected', rejection: decision.rejection }
      : resultOf(decision.domainEvents[0]);
  return { eventId, version, commandId, bodyHash, actorId: actor?.userId, result };
}

/** What was asked for is always a decision's first domain event; those after it are consequences. */
function resultOf(domainEvent: DomainEvent | undefined): Result {
  if (domainEvent === undefined) return { kind: 'changed' };
  switch (domainEvent.type) {
    case 'EventCreated':
      return { kind: 'created' };
    case 'EventOpened':
    case 'EventClosed':
      return { kind: 'changed' };
    case 'RegistrationConfirmed': {
      const { registrationId, userId, roleId } = domainEvent;
      return { kind: 'registered', registrationId, userId, roleId, status: 'confirmed' };
    }
    case 'RegistrationWaitlisted': {
      const { registrationId, userId, roleId, waitlistPosition } = domainEvent;
      return { kind: 'registered', registrationId, userId, roleId, status: 'waitlist', waitlistPosition };
    }
    case 'RegistrationPromoted':
      return { kind: 'changed' };
    case 'RegistrationCancelled':
      return { kind: 'cancelled', registrationId: domainEvent.registrationId };
  }
}
