import { senderOf, type Actor } from './command.ts';
import type { DomainEvent, RegistrationImported } from './domain-event.ts';
import type { RegistrationId, UserId } from './ids.ts';

/** All that names a user at one event, up to one version. */
export interface UserTraces {
  /** What is stored as theirs, cancelled registrations too. */
  readonly registrationIds: readonly RegistrationId[];
  /** In the order of their versions. */
  readonly decisions: readonly NamingDecision[];
}

/** A decision that names the user. */
export interface NamingDecision {
  readonly version: number;
  /** They asked for it; or, in the system before, they did what it tells of. */
  readonly isActor: boolean;
  /** The registration that was asked for, whosever it is: who asked is stored beside it. */
  readonly asked?: RegistrationId;
  /** Their registrations that its facts name, in order. */
  readonly registrationIds: readonly RegistrationId[];
  /** Their registrations that were to replace each other, the new one first. */
  readonly moves: readonly (readonly [RegistrationId, RegistrationId])[];
}

interface Decided {
  readonly version: number;
  readonly actor: Actor | undefined;
  /** None of a refusal. */
  readonly domainEvents: readonly DomainEvent[];
}

/** How a decision names the user; undefined when it does not. */
export function namingDecision({ version, actor, domainEvents }: Decided, userId: UserId): NamingDecision | undefined {
  let isActor = actor !== undefined && senderOf(actor) === userId;
  const registrationIds = new Set<RegistrationId>();
  const moves: (readonly [RegistrationId, RegistrationId])[] = [];
  for (const fact of domainEvents) {
    if (fact.type === 'ChangePreviewed') {
      for (const effect of fact.effects) if (effect.userId === userId) registrationIds.add(effect.registrationId);
    }
    if (fact.type === 'RegistrationImported' && actedBefore(fact, userId)) isActor = true;
    if (!('registrationId' in fact) || fact.userId !== userId) continue;
    registrationIds.add(fact.registrationId);
    if (fact.type === 'RegistrationWaitlisted' && fact.replaces !== undefined) {
      moves.push([fact.registrationId, fact.replaces]);
    }
  }
  if (!isActor && registrationIds.size === 0) return undefined;
  const [first] = domainEvents;
  return {
    version,
    isActor,
    ...(first !== undefined && 'registrationId' in first ? { asked: first.registrationId } : {}),
    registrationIds: [...registrationIds],
    moves,
  };
}

/** Whether the user did something to the registration in the system before. */
function actedBefore({ registeredBy, history = [] }: RegistrationImported, userId: UserId): boolean {
  return registeredBy === userId || history.some(({ performedBy }) => performedBy === userId);
}
