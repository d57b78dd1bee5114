import {
  registrationIdFor,
  senderOf,
  type Command,
  type DomainEvent,
  type EventState,
  type ImportRegistration,
  type Instant,
  type RegistrationCancelled,
  type RegistrationId,
} from '@rollcall/domain';
import type { Cancellation, RegistrationOrigin, RegistrationWrite, TextChanges } from './ports.ts';

/** Gathers what a batch has to write of registrations: their final states, for what happened on the way is in the journal. */
export interface Writes {
  /** Told of each accepted decision. */
  note(facts: readonly DomainEvent[], cause: Cause): void;
  /** How many registrations are written. */
  readonly size: number;
  all(): readonly RegistrationWrite[];
}

/** What a decision is about: a command, or an obligation that one left at that time. */
export interface Cause {
  readonly acceptedAt: Instant;
  readonly command?: Command;
}

/** `state`: with what was loaded, before anything is folded into it. */
export function createWrites(state: EventState): Writes {
  const { registrations } = state.working;
  const loaded = new Map(registrations);
  const changed = new Set<RegistrationId>();
  const origins = new Map<RegistrationId, RegistrationOrigin>();
  const cancellations = new Map<RegistrationId, Cancellation>();
  const texts = new Map<RegistrationId, TextChanges>();
  const restatements = new Map<RegistrationId, RegistrationOrigin>();

  /** The last word on it, whether it is made in this batch or was there before. */
  function noteImported(command: ImportRegistration): void {
    const registrationId = command.registrationId ?? registrationIdFor(command.commandId);
    const isMadeHere = command.registrationId === undefined || origins.has(registrationId);
    (isMadeHere ? origins : restatements).set(registrationId, statementOf(command));
    const { status, acceptedAt, cancelledAt = acceptedAt } = command;
    if (status === 'cancelled') cancellations.set(registrationId, { cancelledAt, cause: 'imported' });
  }

  function noteCancelled(fact: RegistrationCancelled, { acceptedAt, command }: Cause): void {
    const { registrationId, cause, reasonCode } = fact;
    // Others lose theirs in consequence of it: nobody took it from them.
    const isAsked = command !== undefined && 'registrationId' in command && command.registrationId === registrationId;
    const cancelledBy = isAsked ? senderOf(command.actor) : undefined;
    const reason = isAsked && 'reason' in command ? command.reason : undefined;
    cancellations.set(registrationId, {
      cancelledAt: acceptedAt,
      cause,
      ...(cancelledBy === undefined ? {} : { cancelledBy }),
      ...(reasonCode === undefined ? {} : { reasonCode }),
      ...(reason === undefined ? {} : { reason }),
    });
  }

  function write(registrationId: RegistrationId): RegistrationWrite {
    const registration = registrations.get(registrationId);
    if (registration === undefined) throw new Error(`${registrationId} was changed and is not there`);
    const before = loaded.get(registrationId)?.status;
    const [origin, cancellation] = [origins.get(registrationId), cancellations.get(registrationId)];
    const [changes, restated] = [texts.get(registrationId), restatements.get(registrationId)];
    return {
      registration,
      before,
      ...(origin === undefined ? {} : { origin }),
      ...(cancellation === undefined ? {} : { cancellation }),
      ...(changes === undefined ? {} : { texts: changes }),
      ...(restated === undefined ? {} : { restated }),
    };
  }

  return {
    note(facts, cause) {
      const { command } = cause;
      for (const fact of facts) {
        if (!('registrationId' in fact)) continue;
        changed.add(fact.registrationId);
        if (fact.type === 'RegistrationCancelled') noteCancelled(fact, cause);
      }
      if (command === undefined) return;
      if (command.type === 'ImportRegistration') noteImported(command);
      const origin = originOf(command);
      if (origin !== undefined) origins.set(registrationIdFor(command.commandId), origin);
      if (command.type === 'UpdateRegistration') {
        const { registrationId } = command;
        texts.set(registrationId, { ...texts.get(registrationId), ...textsOf(command) });
      }
    },
    get size() {
      return changed.size;
    },
    all: () => [...changed].map(write),
  };
}

/** What a command says of the registration that it makes. */
function originOf(command: Command): RegistrationOrigin | undefined {
  if (command.type === 'MoveBetweenRoles') {
    const { acceptedAt, actor, registrationId } = command;
    return { registrationDate: acceptedAt, registeredBy: actor.userId, textsOf: registrationId };
  }
  if (command.type !== 'SignUp') return undefined;
  const { acceptedAt, actor } = command;
  return { registrationDate: acceptedAt, registeredBy: actor.userId, ...writtenIn(command) };
}

/** What an import says of the registration that it makes or says anew. */
function statementOf(command: ImportRegistration): RegistrationOrigin {
  const { registrationDate, registeredBy, legacyId } = command;
  const statement = { registrationDate, registeredBy, ...writtenIn(command) };
  return legacyId === undefined ? statement : { ...statement, legacyId };
}

type Written = Pick<RegistrationOrigin, 'notes' | 'specialRequirements' | 'profile'>;

function writtenIn({ notes, specialRequirements, profile }: Written): Written {
  return {
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
    ...(profile === undefined ? {} : { profile }),
  };
}

function textsOf({ notes, specialRequirements }: TextChanges): TextChanges {
  return {
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
  };
}
