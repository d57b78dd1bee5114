import type { JournalItem } from '@rollcall/contracts/http';
import { mapTimes, type Actor, type JournalEntry } from '@rollcall/domain';
import { given } from '../given.ts';
import { timestamp } from '../timestamp.ts';

/** A decision as staff see it: without the hash of what was sent, which is for repeats alone. */
export function journalItem(entry: JournalEntry): JournalItem {
  const { version, commandId, causationId, commandType, actor, acceptedAt, decidedAt, decision } = entry;
  const about = {
    version,
    commandId,
    ...given({ causationId }),
    type: commandType,
    actor: actorOf(actor),
    acceptedAt: timestamp(acceptedAt),
    decidedAt: timestamp(decidedAt),
    outcome: decision.outcome,
  };
  return decision.outcome === 'accepted'
    ? { ...about, domainEvents: decision.domainEvents.map((fact) => mapTimes(fact, timestamp)) }
    : { ...about, rejection: mapTimes(decision.rejection, timestamp) };
}

function actorOf(actor: Actor | undefined): JournalItem['actor'] {
  if (actor === undefined) return { kind: 'unknown' };
  return actor.kind === 'system' ? { kind: 'system' } : { kind: actor.kind, userId: actor.userId };
}
