import type { JournalEntry, UserId, UserTraces } from '@rollcall/domain';
import type { Erasure } from '@rollcall/engine';
import { namingDecisions, rewritten } from '../spec/rewritten.ts';
import type { StoredRegistrations } from './registrations.ts';

interface Documents extends StoredRegistrations {
  readonly journal: readonly { readonly entry: JournalEntry }[];
}

export function tracesOf(documents: Documents | undefined, userId: UserId): UserTraces {
  const held = [...(documents?.registrations.values() ?? [])].filter((registration) => registration.userId === userId);
  const entries = (documents?.journal ?? []).map(({ entry }) => entry);
  return {
    registrationIds: held.map(({ registrationId }) => registrationId),
    decisions: namingDecisions(entries, userId),
  };
}

/** An event's documents with what was decided before rewritten. */
export function afterErasure<Own extends Documents>(before: Own, erasure: Erasure): Own {
  const { userId, erasedAs } = erasure;
  const own = new Set(erasure.registrationIds);
  const actedOn = new Set(erasure.actedOn);
  const other = (id: UserId): UserId => (id === userId ? erasedAs : id);
  const registrations = new Map(before.registrations);
  const details = new Map(before.details);
  for (const [registrationId, registration] of registrations) {
    if (own.has(registrationId))
      registrations.set(registrationId, { ...registration, userId: other(registration.userId) });
  }
  for (const [registrationId, known] of details) {
    const { registrationDate, registeredBy, legacyId, cancellation } = known;
    const kept = own.has(registrationId)
      ? {
          registrationDate,
          registeredBy,
          ...(legacyId !== undefined && { legacyId }),
          ...(cancellation && { cancellation: withoutReason(cancellation) }),
        }
      : known;
    if (!actedOn.has(registrationId)) continue;
    details.set(registrationId, {
      ...kept,
      registeredBy: other(registeredBy),
      ...(kept.cancellation && {
        cancellation: {
          ...kept.cancellation,
          ...(kept.cancellation.cancelledBy && { cancelledBy: other(kept.cancellation.cancelledBy) }),
        },
      }),
    });
  }
  const journal = before.journal.map(({ entry, ...rest }) => ({ ...rest, entry: rewritten(entry, erasure) }));
  return { ...before, registrations, details, journal };
}

function withoutReason<Cancelled extends { readonly reason?: string }>({ reason: _reason, ...rest }: Cancelled) {
  return rest;
}
