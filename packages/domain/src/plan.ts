import type { Instant, RemovalCode } from './command.ts';
import type { CancelCause, DomainEvent, Effect, Standing } from './domain-event.ts';
import type { CommandId, RegistrationId, RoleId } from './ids.ts';
import { rolesSharing } from './limits.ts';
import { insertIntoLine, removeFromLine, type Line } from './line.ts';
import { createSeatTally, type SeatTally } from './shared-seats.ts';
import {
  NotLoadedError,
  standingOf,
  type ActiveRegistration,
  type EventState,
  type ExistingEvent,
  type Registration,
  type RoleState,
  type WaitingRegistration,
  type WorkingSet,
} from './state.ts';

/** What a decision may change of registrations; the rest is left to an obligation. */
export const changesMax = 500;

/**
 * A decision in the making: its facts so far, and the event as it is after them. It leaves the state alone, which changes
 * only by `evolve` and only once the decision is made.
 */
export interface Plan {
  readonly working: WorkingSet;
  /** The event as it will be, with counts of its own. */
  readonly current: ExistingEvent;
  readonly facts: DomainEvent[];
  /** How many registrations the facts change, and may change. */
  changes: number;
  readonly changesMax: number;
  /** Roles that may have room now for those who wait. */
  readonly freed: Set<RoleId>;
  /** Registrations as they are after the facts, where that is not as in the working set. */
  readonly changed: Map<RegistrationId, Registration>;
  readonly lines: Map<RoleId, Line>;
  /** What is taken of the limits that roles share. */
  readonly shared: SeatTally;
  readonly occasion: Occasion;
}

/** What a decision is made for, and when. */
export interface Occasion {
  readonly causationId: CommandId;
  /** By it windows are judged. */
  readonly acceptedAt: Instant;
  /** From it offers run. */
  readonly decidedAt: Instant;
}

/** `current`: the event with what the decision changes of its settings and roles. */
export function planFor(state: EventState, current: ExistingEvent, occasion: Occasion): Plan {
  const roles = new Map<RoleId, RoleState>();
  for (const [roleId, roleState] of current.roles) roles.set(roleId, { ...roleState });
  const own = { ...current, roles };
  return {
    working: state.working,
    current: own,
    facts: [],
    changes: 0,
    changesMax: state.changesMax ?? changesMax,
    freed: new Set(),
    changed: new Map(),
    lines: new Map(),
    shared: createSeatTally(own),
    occasion,
  };
}

/** Cancels an active registration; a seat that it held is free for others. */
export function cancel(
  plan: Plan,
  registration: ActiveRegistration,
  cause: CancelCause,
  reasonCode?: RemovalCode,
): void {
  const previousStanding = standingOf(registration);
  plan.facts.push({
    type: 'RegistrationCancelled',
    ...about(registration),
    previousStanding,
    cause,
    ...(reasonCode === undefined ? {} : { reasonCode }),
  });
  leave(plan, registration, previousStanding);
  becomes(plan, { ...about(registration), status: 'cancelled' });
}

/** Takes a registration to a seat of another role. */
export function moveTo(plan: Plan, registration: ActiveRegistration, roleId: RoleId, sequence: number): void {
  const previousStanding = standingOf(registration);
  const moved = { ...about(registration), roleId, sequence };
  plan.facts.push({
    type: 'RegistrationMoved',
    ...moved,
    previousRoleId: registration.roleId,
    previousSequence: registration.sequence,
    previousStanding,
  });
  leave(plan, registration, previousStanding);
  recount(plan, roleId, undefined, 'confirmed');
  becomes(plan, { ...moved, status: 'confirmed' });
}

/** Gives a seat to one who waits, and gives up what they hold in exchange. */
export function promote(plan: Plan, registration: WaitingRegistration): void {
  const previousStanding = registration.offer === undefined ? 'waitlist' : 'offered';
  plan.facts.push({ type: 'RegistrationPromoted', ...about(registration), previousStanding });
  recount(plan, registration.roleId, previousStanding, 'confirmed');
  if (previousStanding === 'waitlist') removeFromLine(lineIn(plan, registration.roleId), registration);
  becomes(plan, { ...about(registration), status: 'confirmed' });
  const replaced = replacedBy(plan, registration);
  if (replaced !== undefined) cancel(plan, replaced, 'moved');
}

/** Holds a seat for one who waits. */
export function offer(plan: Plan, registration: WaitingRegistration): void {
  const { roleId } = registration;
  const roleState = roleIn(plan, roleId);
  const { acceptedAt, decidedAt } = plan.occasion;
  // A worker whose clock is behind must not make offers that have run out.
  const from = Math.max(acceptedAt, decidedAt);
  const expiresAt = Math.min(from + roleState.role.offerMs, plan.current.settings.endsAt);
  plan.facts.push({ type: 'RegistrationOffered', ...about(registration), expiresAt });
  recount(plan, roleId, 'waitlist', 'offered');
  removeFromLine(lineIn(plan, roleId), registration);
  becomes(plan, { ...registration, offer: { expiresAt } });
}

/** Takes a seat back; its holder waits again, where their sequence puts them. */
export function demote(plan: Plan, registration: ActiveRegistration): void {
  const previousStanding = registration.status === 'confirmed' ? 'confirmed' : 'offered';
  plan.facts.push({ type: 'RegistrationDemoted', ...about(registration), previousStanding });
  const roleState = roleIn(plan, registration.roleId);
  const replaces = registration.status === 'waitlist' ? registration.replaces : undefined;
  const waiting: WaitingRegistration = {
    ...about(registration),
    status: 'waitlist',
    ...(replaces === undefined ? {} : { replaces }),
  };
  insertIntoLine(lineIn(plan, registration.roleId), waiting, roleState.waitlist);
  recount(plan, registration.roleId, previousStanding, 'waitlist');
  free(plan, registration.roleId);
  becomes(plan, waiting);
}

/** The active registration that this one replaces. */
export function replacedBy(plan: Plan, { replaces }: WaitingRegistration): ActiveRegistration | undefined {
  if (replaces === undefined) return undefined;
  const replaced = plan.changed.get(replaces) ?? plan.working.registrations.get(replaces);
  if (replaced === undefined) throw new NotLoadedError(`${replaces}, which is to be replaced`);
  return replaced.status === 'cancelled' ? undefined : replaced;
}

/** The first in a role's line. */
export function headOf(plan: Plan, roleState: RoleState): WaitingRegistration | undefined {
  if (roleState.waitlist === 0) return undefined;
  const [head] = lineIn(plan, roleState.role.roleId);
  if (head === undefined) throw new NotLoadedError(`the head of the line of ${roleState.role.roleId}`);
  return head;
}

export function roleIn(plan: Plan, roleId: RoleId): RoleState {
  const roleState = plan.current.roles.get(roleId);
  if (roleState === undefined) throw new Error(`a registration of the unknown role ${roleId}`);
  return roleState;
}

/** Whom the facts affect, as an answer to a dry run. */
export function preview({ facts }: Plan): DomainEvent {
  const effects = facts.flatMap((fact): Effect[] => {
    const effect = effectOf(fact);
    if (effect === undefined) return [];
    const { registrationId, userId, roleId } = fact as DomainEvent & Effect;
    return [{ registrationId, userId, roleId, effect }];
  });
  return {
    type: 'ChangePreviewed',
    effects,
    complete: !facts.some(({ type }) => type === 'ObligationIncurred'),
  };
}

function effectOf({ type }: DomainEvent): Effect['effect'] | undefined {
  if (type === 'RegistrationPromoted') return 'promoted';
  if (type === 'RegistrationOffered') return 'offered';
  if (type === 'RegistrationDemoted') return 'demoted';
  return type === 'RegistrationCancelled' ? 'cancelled' : undefined;
}

export const about = ({ registrationId, userId, roleId, sequence }: Registration) => ({
  registrationId,
  userId,
  roleId,
  sequence,
});

function leave(plan: Plan, registration: ActiveRegistration, standing: Standing): void {
  const { roleId } = registration;
  recount(plan, roleId, standing, undefined);
  if (standing !== 'waitlist') return free(plan, roleId);
  // Whoever stood behind may be one who gives up a seat that counts in the same limits.
  plan.freed.add(roleId);
  // Who leaves from behind what is loaded changes nothing for those before.
  const line = plan.lines.get(roleId) ?? plan.working.waiting.get(roleId)?.slice();
  if (line === undefined) return;
  removeFromLine(line, registration);
  plan.lines.set(roleId, line);
}

function recount(plan: Plan, roleId: RoleId, from: Standing | undefined, to: Standing | undefined): void {
  const roleState = roleIn(plan, roleId);
  if (from !== undefined) roleState[from] -= 1;
  if (to !== undefined) roleState[to] += 1;
  const by = seatsOf(to) - seatsOf(from);
  if (by === 1 || by === -1) plan.shared.shift(roleId, by);
}

const seatsOf = (standing: Standing | undefined): 0 | 1 => (standing === 'confirmed' || standing === 'offered' ? 1 : 0);

function free(plan: Plan, roleId: RoleId): void {
  for (const sharing of rolesSharing(plan.current, roleId)) plan.freed.add(sharing);
}

function becomes(plan: Plan, registration: Registration): void {
  plan.changes += 1;
  plan.changed.set(registration.registrationId, registration);
}

/** A copy of the loaded line that is the plan's own. */
function lineIn(plan: Plan, roleId: RoleId): Line {
  const planned = plan.lines.get(roleId);
  if (planned !== undefined) return planned;
  const loaded = plan.working.waiting.get(roleId);
  if (loaded === undefined && roleIn(plan, roleId).waitlist > 0) throw new NotLoadedError(`the line of ${roleId}`);
  const line = loaded?.slice() ?? [];
  plan.lines.set(roleId, line);
  return line;
}
