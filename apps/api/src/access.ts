import type { EventId } from '@rollcall/domain';
import type { EventView } from '@rollcall/engine';
import type { Identity } from './auth.ts';
import type { KnownEvents } from './known-events.ts';

export function isStaffOf(identity: Identity | undefined, { settings }: EventView): boolean {
  return identity !== undefined && identity.staffOf.includes(settings.organizerId);
}

/** The event as far as they may see it: drafts are for staff. Undefined: to them there is none. */
export async function findVisible(
  known: KnownEvents,
  eventId: EventId,
  identity: Identity | undefined,
): Promise<EventView | undefined> {
  const view = known.peek(eventId) ?? (await known.find(eventId));
  if (view === undefined || canSee(identity, view)) return view;
  // It may have opened since it was loaded.
  const fresh = await known.load(eventId);
  return fresh !== undefined && canSee(identity, fresh) ? fresh : undefined;
}

export function canSee(identity: Identity | undefined, view: EventView): boolean {
  return view.status !== 'draft' || isStaffOf(identity, view);
}
