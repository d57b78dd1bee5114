import { decide, initialState, reject, type Decision, type EventId } from '@rollcall/domain';
import type { DecidableEntry } from './decide-batch.ts';

/** Why no event comes of this entry where there is none; undefined where it makes one. */
export function refusalToCreate(eventId: EventId, entry: DecidableEntry): Decision | undefined {
  if (entry.kind === 'unreadable') return reject({ reason: 'unprocessable' });
  const decision = decide(initialState(eventId), entry.command, entry.command.acceptedAt);
  return decision.outcome === 'rejected' ? decision : undefined;
}
