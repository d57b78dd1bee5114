import {
  namingDecision,
  senderOf,
  type Actor,
  type DomainEvent,
  type JournalEntry,
  type NamingDecision,
  type RegistrationId,
  type RegistrationImported,
  type UserId,
} from '@rollcall/domain';
import type { Erasure } from '@rollcall/engine';

const factsOf = ({ decision }: Pick<JournalEntry, 'decision'>) =>
  decision.outcome === 'accepted' ? decision.domainEvents : [];

export function namingDecisions(decided: readonly Rewritable[], userId: UserId): readonly NamingDecision[] {
  return decided.flatMap(
    ({ version, actor, decision }) =>
      namingDecision({ version, actor, domainEvents: factsOf({ decision }) }, userId) ?? [],
  );
}

/** A decision, and who asked for it, as they are to be told from then on. */
export function rewritten<Decided extends Rewritable>(decided: Decided, erasure: Erasure): Decided {
  const { userId, erasedAs, registrationIds, factVersions, actorVersions } = erasure;
  const { version, actor, decision } = decided;
  const own = new Set(registrationIds);
  const isTold = factVersions.includes(version);
  const isActed = actorVersions.includes(version);
  const told = (fact: DomainEvent): DomainEvent => {
    const named = isTold ? renamedFact(fact, own, erasure) : fact;
    return isActed && named.type === 'RegistrationImported' ? withoutActor(named, erasure) : named;
  };
  return {
    ...decided,
    actor: isActed && actor !== undefined ? renamedActor(actor, userId, erasedAs) : actor,
    decision:
      decision.outcome === 'accepted' && (isTold || isActed)
        ? { ...decision, domainEvents: decision.domainEvents.map(told) }
        : decision,
  };
}

type Rewritable = Pick<JournalEntry, 'version' | 'actor' | 'decision'>;

function renamedActor(actor: Actor, userId: UserId, erasedAs: UserId): Actor {
  return actor.kind !== 'system' && senderOf(actor) === userId ? { ...actor, userId: erasedAs } : actor;
}

interface Renaming {
  readonly userId: UserId;
  readonly erasedAs: UserId;
}

function renamedFact(fact: DomainEvent, own: ReadonlySet<RegistrationId>, renaming: Renaming): DomainEvent {
  if (fact.type === 'ChangePreviewed') {
    return { ...fact, effects: fact.effects.map((effect) => renamed(effect, own, renaming)) };
  }
  return 'registrationId' in fact ? renamed(fact, own, renaming) : fact;
}

/** What the system before tells of who acted. */
function withoutActor(fact: RegistrationImported, { userId, erasedAs }: Renaming): RegistrationImported {
  const { registeredBy, history } = fact;
  return {
    ...fact,
    ...(registeredBy === userId ? { registeredBy: erasedAs } : {}),
    ...(history && {
      history: history.map((line) => (line.performedBy === userId ? { ...line, performedBy: erasedAs } : line)),
    }),
  };
}

function renamed<Naming extends { readonly registrationId: RegistrationId; readonly userId: UserId }>(
  naming: Naming,
  own: ReadonlySet<RegistrationId>,
  { userId, erasedAs }: Renaming,
): Naming {
  return own.has(naming.registrationId) && naming.userId === userId ? { ...naming, userId: erasedAs } : naming;
}
