import type { JournalItem } from '@rollcall/contracts/http';
import type { Actor, DomainEvent, EventId, JournalEntry, Rejection } from '@rollcall/domain';

/**
 * A decision as staff read it over HTTP, as the checks take it: with its times as numbers. What was sent is not told, nor its hash,
 * and no check asks for it.
 */
export function journalEntry(eventId: EventId, item: JournalItem): JournalEntry {
  const { version, commandId, causationId, type, actor, acceptedAt, decidedAt, outcome } = item;
  const { domainEvents = [], rejection } = item;
  return {
    eventId,
    version,
    commandId,
    ...(causationId === undefined ? {} : { causationId }),
    bodyHash: '',
    commandType: type,
    actor: actorOf(actor),
    acceptedAt: Date.parse(acceptedAt),
    decidedAt: Date.parse(decidedAt),
    decision:
      outcome === 'rejected' && rejection !== undefined
        ? { outcome, rejection: withNumbers(rejection) as Rejection }
        : { outcome: 'accepted', domainEvents: domainEvents.map((fact) => withNumbers(fact) as DomainEvent) },
  };
}

function actorOf({ kind, userId }: JournalItem['actor']): Actor | undefined {
  if (kind === 'system') return { kind };
  return kind === 'unknown' || userId === undefined ? undefined : { kind, userId };
}

/** The same value with each time as ms since 1970; what is a time is known by its name, as it is where times are written. */
function withNumbers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withNumbers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]: [string, unknown]) => [
      name,
      name.endsWith('At') && typeof part === 'string' ? Date.parse(part) : withNumbers(part),
    ]),
  );
}
