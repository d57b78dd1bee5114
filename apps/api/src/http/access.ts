import type { EventId, RegistrationId, StaffActor, UserActor } from '@rollcall/domain';
import type { EventQueries, EventView, RegistrationView } from '@rollcall/engine';
import type { Identity } from './auth.ts';
import type { Deadline } from './deadline.ts';
import type { KnownEvents } from '../reads/known-events.ts';
import { eventNotFound, forbidden, unauthorized, type Refusal } from './problems.ts';

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

/** A registration, to its owner and to staff; undefined: to anybody else there is none. */
export async function findOwned(
  { known, queries }: { readonly known: KnownEvents; readonly queries: Pick<EventQueries, 'findRegistration'> },
  { eventId, registrationId }: { readonly eventId: EventId; readonly registrationId: RegistrationId },
  identity: Identity | undefined,
  deadline: Deadline,
): Promise<RegistrationView | undefined> {
  const registration = await deadline.bound(queries.findRegistration(eventId, registrationId));
  if (registration === undefined || identity === undefined) return undefined;
  if (registration.userId === identity.userId) return registration;
  const view = await deadline.bound(known.find(eventId));
  return view !== undefined && isStaffOf(identity, view) ? registration : undefined;
}

type Granted<Actor> = { readonly view: EventView; readonly actor: Actor } | { readonly refusal: Refusal };

/** Who asks, to an event that they see: staff of it, or a user. */
export async function findActor(
  known: KnownEvents,
  eventId: EventId,
  identity: Identity | undefined,
  deadline: Deadline,
): Promise<Granted<UserActor | StaffActor>> {
  if (identity === undefined) return { refusal: unauthorized };
  const view = await findVisible(known, eventId, identity, deadline);
  if (view === undefined) return { refusal: eventNotFound };
  return { view, actor: { kind: isStaffOf(identity, view) ? 'staff' : 'user', userId: identity.userId } };
}

/** What they may see but not do is 403. `what`: as in “change an event”. */
export async function findStaff(
  known: KnownEvents,
  eventId: EventId,
  identity: Identity | undefined,
  deadline: Deadline,
  what: string,
): Promise<Granted<StaffActor>> {
  const found = await findActor(known, eventId, identity, deadline);
  if ('refusal' in found) return found;
  const { view, actor } = found;
  return actor.kind === 'staff' ? { view, actor } : { refusal: forStaffOnly(what) };
}

/** `what`: as in “change an event”. */
const forStaffOnly = (what: string): Refusal => forbidden(`Only staff of its organizer may ${what}.`);
