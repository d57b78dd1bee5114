import type { EventId } from '@rollcall/domain';
import type { EventView } from '@rollcall/engine';
import type { Identity } from './auth.ts';
import type { Deadline } from './deadline.ts';
import type { KnownEvents } from './known-events.ts';

export function isStaffOf(identity: Identity | undefined, { settings }: EventView): boolean {
  return identity !== undefined && identity.staffOf.includes(settings.organizerId);
}

/** The event as far as they may see it: drafts are for staff. Undefined: to them there is none. */
export async function findVisible(
  known: KnownEvents,
  eventId: EventId,
  identity: Identity | undefined,
  deadline: Deadline,
): Promise<EventView | undefined> {
  const seen = known.peek(eventId);
  if (seen !== undefined && canSee(identity, seen)) return seen;
  // It may have opened since it was seen.
  const fresh = await deadline.bound(known.load(eventId));
  return fresh !== undefined && canSee(identity, fresh) ? fresh : undefined;
}

export function canSee(identity: Identity | undefined, view: EventView): boolean {
  return view.status !== 'draft' || isStaffOf(identity, view);
}
