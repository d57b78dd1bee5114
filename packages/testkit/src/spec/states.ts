import {
  addToWorkingSet,
  decide,
  emptyWorkingSet,
  registrationIdFor,
  type ActiveRegistration,
  type Command,
  type ConfirmedRegistration,
  type DomainEvent,
  type EventState,
  type ExistingEvent,
  type Role,
  type RoleState,
  type SignUp,
  type WaitingRegistration,
} from '@rollcall/domain';
import { aRole, signupTime, someSettings, theEventId } from './commands.ts';

type Counts = Partial<Pick<RoleState, 'confirmed' | 'waitlist' | 'offered'>>;

/** An open event at version 10 whose one role has these counts, with nothing loaded: states that no commands need lead to. */
export function stateWith(
  counts: Counts,
  role: Role = aRole(),
  parts: Partial<Omit<ExistingEvent, 'roles'>> = {},
): EventState {
  const roles = new Map([[role.roleId, { role, confirmed: 0, waitlist: 0, offered: 0, ...counts }]]);
  const current: ExistingEvent = { status: 'open', settings: someSettings(), pools: [], ...parts, roles };
  return { eventId: theEventId, version: 10, current, working: emptyWorkingSet() };
}

const about = ({ commandId, userId, roleId }: SignUp, sequence: number) => ({
  registrationId: registrationIdFor(commandId),
  userId,
  roleId,
  sequence,
});

/** The registration that a signup made, with a seat. */
export const seated = (signedUp: SignUp, sequence: number): ConfirmedRegistration => ({
  ...about(signedUp, sequence),
  status: 'confirmed',
});

/** The same, in line. */
export const waiting = (signedUp: SignUp, sequence: number): WaitingRegistration => ({
  ...about(signedUp, sequence),
  status: 'waitlist',
});

export function load(state: EventState, ...registrations: readonly ActiveRegistration[]): EventState {
  for (const registration of registrations) addToWorkingSet(state.working, registration);
  return state;
}

/** What is decided on a state, without any fold. */
export const decidedOn = (state: EventState, command: Command) => decide(state, command, signupTime);

/** None when it is refused. */
export function factsOn(state: EventState, command: Command): readonly DomainEvent[] {
  const decision = decidedOn(state, command);
  return decision.outcome === 'accepted' ? decision.domainEvents : [];
}
