import type { AcceptOffer, DeclineOffer, ExpireOffer, Instant } from './command.ts';
import { reject, type Decision, type Rejection } from './decision.ts';
import { conclude, findActive, occasionOf } from './leaving.ts';
import { cancel, planFor, promote } from './plan.ts';
import { settle } from './settle.ts';
import type { EventState, ExistingEvent, WaitingRegistration } from './state.ts';

type Offered = WaitingRegistration & { readonly offer: NonNullable<WaitingRegistration['offer']> };

export function acceptOffer(
  state: EventState,
  current: ExistingEvent,
  command: AcceptOffer,
  decidedAt: Instant,
): Decision {
  const { endsAt } = current.settings;
  const over: Rejection | undefined = command.acceptedAt >= endsAt ? { reason: 'event-over', endsAt } : undefined;
  const found = findOffered(state, command, over);
  if (found.kind === 'refused') return reject(found.rejection);
  const { registrationId, offer } = found.registration;
  // Whoever answered in time keeps the seat, however late a worker comes to it.
  if (command.acceptedAt >= offer.expiresAt) {
    return reject({ reason: 'offer-expired', registrationId, expiresAt: offer.expiresAt });
  }
  const plan = planFor(state, current, occasionOf(command, decidedAt));
  promote(plan, found.registration);
  return conclude(plan, settle(plan));
}

export function declineOffer(
  state: EventState,
  current: ExistingEvent,
  command: DeclineOffer,
  decidedAt: Instant,
): Decision {
  const found = findOffered(state, command);
  if (found.kind === 'refused') return reject(found.rejection);
  const plan = planFor(state, current, occasionOf(command, decidedAt));
  cancel(plan, found.registration, 'declined');
  return conclude(plan, settle(plan));
}

export function expireOffer(
  state: EventState,
  current: ExistingEvent,
  command: ExpireOffer,
  decidedAt: Instant,
): Decision {
  const found = findOffered(state, command);
  if (found.kind === 'refused') return reject(found.rejection);
  const { registrationId, offer } = found.registration;
  const { expiresAt } = offer;
  if (expiresAt !== command.expiresAt) return reject({ reason: 'no-offer', registrationId, status: 'waitlist' });
  // A timer may run fast.
  if (command.acceptedAt < expiresAt) return reject({ reason: 'offer-still-open', registrationId, expiresAt });
  const plan = planFor(state, current, occasionOf(command, decidedAt));
  cancel(plan, found.registration, 'expired');
  return conclude(plan, settle(plan));
}

type FoundOffer =
  | { readonly kind: 'found'; readonly registration: Offered }
  | { readonly kind: 'refused'; readonly rejection: Rejection };

/** `refusal`: what else speaks against it, once it is known that there is such a registration. */
function findOffered(
  state: EventState,
  { registrationId, actor }: AcceptOffer | DeclineOffer | ExpireOffer,
  refusal?: Rejection,
): FoundOffer {
  const found = findActive(state, registrationId, actor);
  if (found.kind === 'refused') return found;
  if (refusal !== undefined) return { kind: 'refused', rejection: refusal };
  const { registration } = found;
  if (registration.status === 'waitlist' && registration.offer !== undefined) {
    return { kind: 'found', registration: { ...registration, offer: registration.offer } };
  }
  return { kind: 'refused', rejection: { reason: 'no-offer', registrationId, status: registration.status } };
}
