import type { FinishImport, ImportEvent, ImportRegistration, Instant } from './command.ts';
import { accept, reject, type Decision, type Rejection } from './decision.ts';
import type { EventImported, RegistrationImported } from './domain-event.ts';
import { registrationIdFor } from './ids.ts';
import { conclude, occasionOf } from './leaving.ts';
import { legacyActionsMax } from './legacy-action.ts';
import { poolsMax, rolesMax, shortageOf } from './limits.ts';
import { activeIn } from './obligation.ts';
import { planFor } from './plan.ts';
import { brokenRule, withoutRepeats } from './settings.ts';
import { seatOf, settle } from './settle.ts';
import { heldIn } from './sign-up.ts';
import {
  standingOf,
  type ActiveRegistration,
  type EventState,
  type ExistingEvent,
  type Registration,
} from './state.ts';

/** Makes the event, or replaces what is said of it; what says nothing new is accepted and nothing happens. */
export function importEvent({ current }: EventState, command: ImportEvent): Decision {
  if (current !== undefined && current.importing !== true) return reject({ reason: 'not-importing' });
  const { legacyId, settings, roles } = command;
  const pools = command.pools.map(withoutRepeats);
  const rule = brokenRule({ settings, roles, pools });
  if (rule !== undefined) return reject({ reason: 'settings-invalid', rule });
  if (roles.length > rolesMax) return reject({ reason: 'too-many-roles', rolesMax });
  if (pools.length > poolsMax) return reject({ reason: 'too-many-pools', poolsMax });
  const imported: EventImported = { type: 'EventImported', legacyId, settings, roles, pools };
  if (current === undefined) return accept(imported);
  const refusal = refusalToDrop(current, imported);
  if (refusal !== undefined) return reject(refusal);
  return isAlready(current, imported) ? accept() : accept(imported);
}

/** A role that people are registered for stays. */
function refusalToDrop(current: ExistingEvent, { roles }: EventImported): Rejection | undefined {
  const kept = new Set(roles.map(({ roleId }) => roleId));
  for (const [roleId, { confirmed, waitlist, offered }] of current.roles) {
    if (kept.has(roleId) || confirmed + waitlist + offered === 0) continue;
    return { reason: 'role-in-use', roleId, confirmed, waitlist, offered };
  }
  return undefined;
}

function isAlready(current: ExistingEvent, { legacyId, settings, roles, pools }: EventImported): boolean {
  const before = [...current.roles.values()].map(({ role }) => role);
  return (
    current.legacyId === legacyId &&
    saysSame(current.settings, settings) &&
    saysSame(before, roles) &&
    saysSame(current.pools, pools)
  );
}

/** Whether two plain values say the same, in whatever order their fields stand. */
const saysSame = (a: unknown, b: unknown): boolean => JSON.stringify(a, byName) === JSON.stringify(b, byName);

function byName(_name: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * What the system before says is so, whatever Rollcall would have decided: no limit, window or order of the line speaks
 * against it, and nobody is promoted because of it. Two active registrations of one user for one role it can't have here.
 */
export function importRegistration(state: EventState, current: ExistingEvent, command: ImportRegistration): Decision {
  if (current.importing !== true) return reject({ reason: 'not-importing' });
  const { userId, roleId, status, requeue, legacyId, registrationDate, registeredBy, attendedAt } = command;
  const roleState = current.roles.get(roleId);
  if (roleState === undefined) return reject({ reason: 'role-not-found', roleId });
  const registrationId = command.registrationId ?? registrationIdFor(command.commandId);
  const before = command.registrationId === undefined ? undefined : state.working.registrations.get(registrationId);
  const refusal = refusalToImport(state, command, before);
  if (refusal !== undefined) return reject(refusal);

  const held = before === undefined || before.status === 'cancelled' ? undefined : before;
  const isRequeued = before === undefined || before.roleId !== roleId || requeue;
  const had = seatOf(held);
  const takesSeat = status === 'confirmed' && had !== roleId;
  const imported: RegistrationImported = {
    type: 'RegistrationImported',
    registrationId,
    userId,
    roleId,
    sequence: isRequeued ? state.version + 1 : before.sequence,
    status,
    ...(held === undefined ? {} : { previous: placeOf(held) }),
    ...(legacyId === undefined ? {} : { legacyId }),
    registeredAt: registrationDate,
    ...(registeredBy === userId ? {} : { registeredBy }),
    ...(status !== 'confirmed' || attendedAt === undefined ? {} : { attendedAt }),
    ...historyOf(command),
    ...(takesSeat && shortageOf(current, roleState, had) !== undefined ? { overLimit: true } : {}),
  };
  return accept(imported);
}

function refusalToImport(
  { working }: EventState,
  { registrationId, userId, roleId, status }: ImportRegistration,
  before: Registration | undefined,
): Rejection | undefined {
  if (registrationId !== undefined) {
    if (before === undefined || before.userId !== userId) return { reason: 'registration-not-found', registrationId };
    if (before.status === 'cancelled' && status !== 'cancelled') return { reason: 'already-cancelled', registrationId };
  }
  if (status === 'cancelled') return undefined;
  const held = heldIn(working.activeByUser.get(userId) ?? [], roleId);
  if (held === undefined || held.registrationId === registrationId) return undefined;
  return { reason: 'already-registered', registrationId: held.registrationId, status: held.status };
}

function placeOf(held: ActiveRegistration): NonNullable<RegistrationImported['previous']> {
  return { roleId: held.roleId, sequence: held.sequence, standing: standingOf(held) };
}

function historyOf({ registrationId, history }: ImportRegistration): Pick<RegistrationImported, 'history'> {
  if (registrationId !== undefined || history.length === 0) return {};
  return { history: history.slice(-legacyActionsMax) };
}

/** Rollcall leads from now on: whoever waits beside a free seat gets it, as after any seat that was freed. */
export function finishImport(
  state: EventState,
  current: ExistingEvent,
  command: FinishImport,
  decidedAt: Instant,
): Decision {
  if (current.importing !== true) return reject({ reason: 'not-importing' });
  const { status } = command;
  const { importing: _, ...led } = current;
  const plan = planFor(state, { ...led, status }, occasionOf(command, decidedAt));
  plan.facts.push({ type: 'ImportFinished', status });
  if (status === 'cancelled') return conclude(plan, activeIn(plan) > 0 ? { kind: 'cancel' } : undefined);
  for (const roleId of plan.current.roles.keys()) plan.freed.add(roleId);
  return conclude(plan, settle(plan));
}

/** Only to where it came from. */
export function resumeImport(current: ExistingEvent): Decision {
  if (current.importing === true) return accept();
  if (current.legacyId === undefined) return reject({ reason: 'not-importing' });
  return accept({ type: 'ImportResumed' });
}
