import type { Reason, Rejection } from './decision.ts';
import type { Shortage } from './shortage.ts';

type FactsOf<R extends Reason> = Exclude<
  keyof (Extract<Rejection, { reason: R }> extends infer One ? (One extends unknown ? One : never) : never),
  'reason'
>;

/** What a code means, to whoever gets it, and what each fact beside it says. */
export interface ReasonText<R extends Reason = Reason> {
  readonly means: string;
  readonly facts: { readonly [Fact in FactsOf<R>]-?: string };
}

const theRole = 'the role that was asked for';
const seats = {
  capacity: 'the seats that the limit allows',
  taken: 'confirmed registrations and open offers under it',
};
const theRegistration = 'the registration that was named';

/** Every code that a decision can give, in the order of a registration's life. */
export const reasons: { readonly [R in Reason]: ReasonText<R> } = {
  'event-not-found': { means: 'There is no such event.', facts: {} },
  'event-exists': { means: 'This event exists already.', facts: {} },
  'event-not-open': {
    means: 'The event takes no signups in this status.',
    facts: { status: 'draft, closed or cancelled' },
  },
  'event-cancelled': { means: 'The event is cancelled, and stays so.', facts: {} },
  'event-over': { means: 'The event is over.', facts: { endsAt: 'when it ended' } },
  'status-change-refused': {
    means: 'An event can not go from this status to that: draft → open ⇄ closed, and each of them → cancelled.',
    facts: { from: 'the status that it has', to: 'the status that was asked for' },
  },
  'signups-not-open-yet': { means: 'Signups have not opened yet.', facts: { signupOpensAt: 'when they do' } },
  'signups-closed': { means: 'Signups have closed.', facts: { signupClosesAt: 'when they did' } },
  'cancels-closed': {
    means: 'Seats can not be given back any more; staff of the event still can take them.',
    facts: { cancelClosesAt: 'since when' },
  },
  'settings-invalid': {
    means: 'The settings would contradict each other, or name what is not there.',
    facts: { rule: 'the rule that would be broken' },
  },
  'role-not-found': { means: 'The event has no such role.', facts: { roleId: theRole } },
  'role-name-taken': {
    means: 'Another role of the event has this name.',
    facts: { roleId: 'the role that has it', name: 'the name' },
  },
  'too-many-roles': { means: 'The event has as many roles as an event may have.', facts: { rolesMax: 'how many' } },
  'too-many-pools': {
    means: 'The event would have more pools than an event may have.',
    facts: { poolsMax: 'how many' },
  },
  'role-in-use': {
    means: 'People are registered for this role.',
    facts: {
      roleId: theRole,
      confirmed: 'how many have a seat',
      waitlist: 'how many wait',
      offered: 'how many have an offer',
    },
  },
  'capacity-below-taken': {
    means: 'More seats are taken than the limit would allow. Say `ifOver`: keep or demote.',
    facts: {
      limit: 'role, pool or event',
      roleId: 'of a role: which',
      poolId: 'of a pool: which',
      capacity: 'the seats that it would allow',
      taken: seats.taken,
      over: 'how many are too many',
    },
  },
  'waitlist-off': {
    means: 'Nobody can be demoted from a role that has no waitlist.',
    facts: { roleId: 'the role without a waitlist' },
  },
  'role-full': { means: 'Every seat of this role is taken.', facts: { roleId: theRole, ...seats } },
  'pool-full': {
    means: 'The role shares its seats with others, and all of them are taken.',
    facts: { roleId: theRole, poolId: 'the pool that is full', ...seats },
  },
  'event-full': { means: 'Every seat of the event is taken.', facts: { roleId: theRole, ...seats } },
  'others-waiting': {
    means: 'Seats are free, and people wait for them already.',
    facts: { roleId: theRole, waitlist: 'how many wait' },
  },
  'waitlist-full': {
    means: 'There is no seat, and as many wait as the role allows.',
    facts: { roleId: theRole, waitlistMax: 'how many may wait', waitlist: 'how many do' },
  },
  'already-registered': {
    means: 'The user has an active registration for this role.',
    facts: {
      registrationId: 'that registration',
      status: 'confirmed or waitlist',
      waitlistPosition: 'its place in line, while it waits',
    },
  },
  'limit-reached': {
    means: 'The user holds as many registrations as this event allows.',
    facts: { registrationsPerUserMax: 'how many it allows', registrations: 'how many they hold' },
  },
  'registration-not-found': {
    means: 'There is no such registration at this event, or it is not yours to see.',
    facts: { registrationId: theRegistration },
  },
  'already-cancelled': { means: 'The registration was cancelled before.', facts: { registrationId: theRegistration } },
  'moves-by-staff-only': { means: 'Only staff of this event may move people between roles.', facts: {} },
  'same-role': { means: 'The registration is in this role already.', facts: { roleId: theRole } },
  'move-pending': {
    means: 'A move of this registration is waiting already.',
    facts: { registrationId: 'the registration that waits for the new role' },
  },
  'no-offer': {
    means: 'No seat is held for this registration.',
    facts: { registrationId: theRegistration, status: 'confirmed or waitlist' },
  },
  'offer-expired': {
    means: 'The offer has run out, and the seat goes to the next in line.',
    facts: { registrationId: theRegistration, expiresAt: 'when it ran out' },
  },
  'offer-still-open': {
    means: 'The offer has not run out yet.',
    facts: { registrationId: theRegistration, expiresAt: 'when it does' },
  },
  'not-confirmed': { means: 'Only who has a seat can be checked in.', facts: { registrationId: theRegistration } },
  'already-checked-in': {
    means: 'The registration was checked in before.',
    facts: { registrationId: theRegistration, attendedAt: 'when' },
  },
  'not-checked-in': { means: 'The registration was not checked in.', facts: { registrationId: theRegistration } },
  'event-importing': {
    means: 'The system that Rollcall replaces still leads this event; it is there that people sign up.',
    facts: {},
  },
  'not-importing': { means: 'Rollcall leads this event: nothing of it is imported any more.', facts: {} },
  unprocessable: { means: 'The command could not be processed; staff find it in the journal.', facts: {} },
};

/** The codes that also explain a place on a waitlist. */
export const shortageReasons: readonly Shortage['reason'][] = [
  'role-full',
  'pool-full',
  'event-full',
  'others-waiting',
];
