import type { Instant } from './command.ts';
import type { DomainEvent } from './domain-event.ts';
import { cancel, planFor, type Plan } from './plan.ts';
import { enforce } from './enforce.ts';
import { settle, type Rest } from './settle.ts';
import { NotLoadedError, type ActiveRegistration, type EventState } from './state.ts';
import type { Obligation } from './domain-event.ts';

/**
 * Does a step of the obligation that an earlier decision left: as much as one decision may. Pure, as `decide` is.
 *
 * @param decidedAt from it the offers run that it makes
 * @throws NotLoadedError
 * @throws Error when there is no obligation.
 */
export function dischargeObligation(state: EventState, decidedAt: Instant): readonly DomainEvent[] {
  const obligation = state.current?.obligation;
  if (state.current === undefined || obligation === undefined) throw new Error('there is no obligation to discharge');
  const { causationId, acceptedAt } = obligation;
  const plan = planFor(state, state.current, { causationId, acceptedAt, decidedAt });
  const rest = step(plan, obligation);
  if (rest?.kind === obligation.kind) return plan.facts;
  const discharged: DomainEvent = { type: 'ObligationDischarged', obligation };
  return [...plan.facts, discharged, ...leftToDo(plan, rest)];
}

/** The obligation that a decision leaves, as a fact. */
export function leftToDo({ occasion }: Plan, rest: Rest | undefined): readonly DomainEvent[] {
  if (rest === undefined) return [];
  const { causationId, acceptedAt } = occasion;
  return [{ type: 'ObligationIncurred', obligation: { ...rest, causationId, acceptedAt } }];
}

function step(plan: Plan, { kind, limits = [] }: Obligation): Rest | undefined {
  // Whatever the decision freed that left this to do may still be free.
  for (const roleId of plan.current.roles.keys()) plan.freed.add(roleId);
  switch (kind) {
    case 'promote':
      return settle(plan);
    case 'demote':
      return enforce(plan, limits) ?? settle(plan);
    case 'cancel':
      return cancelSome(plan);
  }
}

/** Of a cancelled event: the registrations that were loaded, by sequence. */
export function cancelSome(plan: Plan): Rest | undefined {
  const active = [...plan.working.registrations.values()]
    .filter((registration): registration is ActiveRegistration => registration.status !== 'cancelled')
    .toSorted((a, b) => a.sequence - b.sequence);
  if (active.length === 0 && activeIn(plan) > 0) throw new NotLoadedError('registrations to cancel');
  for (const registration of active.slice(0, plan.changesMax)) cancel(plan, registration, 'event-cancelled');
  return activeIn(plan) > 0 ? { kind: 'cancel' } : undefined;
}

/** How many registrations are active after the plan. */
export function activeIn({ current }: Plan): number {
  let active = 0;
  for (const { confirmed, waitlist, offered } of current.roles.values()) active += confirmed + waitlist + offered;
  return active;
}
