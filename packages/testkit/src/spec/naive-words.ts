import {
  answerOf,
  type Command,
  type Decision,
  type DomainEvent,
  type Effect,
  type Registration,
  type Result,
} from '@rollcall/domain';
import type { Verdict } from './naive-model.ts';
import type { NaiveChange, NaiveRow } from './naive-rows.ts';
import type { Rules } from './rules.ts';

/** Promotions and demotions come in an order that the rules tell; an event's end comes to all at once. */
export function inOrder(changes: readonly NaiveChange[]): readonly NaiveChange[] {
  if (changes.every(({ cause }) => cause !== 'event-cancelled')) return changes;
  return changes.toSorted((a, b) => a.registrationId.localeCompare(b.registrationId));
}

export const outcomeOf = (decision: Decision) => (decision.outcome === 'rejected' ? decision.rejection : 'accepted');

/** What both sides answer, to be compared. */
export function answersOf(verdict: Verdict, decision: Decision, command: Command) {
  if ('refused' in verdict || decision.outcome === 'rejected') return { model: undefined, rules: undefined };
  const { result } = answerOf({
    ...command,
    version: 0,
    bodyHash: '',
    commandType: command.type,
    decidedAt: 0,
    decision,
  });
  const model = verdict.accepted;
  if (result.kind === 'erased') return { model: erasedIn(model), rules: erasedIn(result) };
  if (model.kind !== 'previewed' || result.kind !== 'previewed') return { model, rules: result };
  // An answer may list only some of them, and has to say so.
  const [told, all] = [result.effects.map(textOf).toSorted(), model.effects.map(textOf).toSorted()];
  const listed = new Set(told);
  const complete = all.length === told.length;
  return {
    model: { effects: all.filter((effect) => complete || listed.has(effect)), complete },
    rules: { effects: told, complete: result.complete },
  };
}

/** Whether somebody acted besides is not the model's business. */
const erasedIn = (result: Result) => (result.kind === 'erased' ? result.registrationIds.toSorted() : []);

const textOf = ({ effect, registrationId, userId, roleId }: Effect) => [effect, registrationId, userId, roleId].join();

const changeOf = {
  RegistrationConfirmed: 'confirmed',
  RegistrationWaitlisted: 'waitlisted',
  RegistrationOffered: 'offered',
  RegistrationPromoted: 'promoted',
  RegistrationMoved: 'moved',
  RegistrationDemoted: 'demoted',
  RegistrationCancelled: 'cancelled',
  RegistrationUpdated: 'updated',
  RegistrationCheckedIn: 'checkedIn',
  RegistrationCheckInUndone: 'checkInUndone',
  RegistrationImported: 'imported',
} as const;

const isAboutRegistration = (fact: DomainEvent): fact is Extract<DomainEvent, { type: keyof typeof changeOf }> =>
  fact.type in changeOf;

export function changesOf({ decision }: { readonly decision: Decision }): readonly NaiveChange[] {
  if (decision.outcome === 'rejected') return [];
  return decision.domainEvents.filter(isAboutRegistration).map((fact) => {
    const { registrationId, userId, roleId } = fact;
    const change = { registrationId, userId, roleId, change: changeOf[fact.type] };
    return fact.type === 'RegistrationCancelled' ? { ...change, cause: fact.cause } : change;
  });
}

/** The first row that is not the same on both sides, as the model and the rules have it. */
export function firstDifference(rows: readonly NaiveRow[], { registrations }: Rules): readonly [unknown, unknown] {
  if (rows.length !== registrations.size) return [rows.length, registrations.size];
  for (const row of rows) {
    const registration = registrations.get(row.registrationId);
    if (registration === undefined || !isSameRow(row, registration, registrations)) return [row, registration];
  }
  return [undefined, undefined];
}

function isSameRow(row: NaiveRow, registration: Registration, registrations: Rules['registrations']): boolean {
  const attendedAt = 'attendedAt' in registration ? registration.attendedAt : undefined;
  const offer = 'offer' in registration ? registration.offer?.expiresAt : undefined;
  const replaces = 'replaces' in registration ? registration.replaces : undefined;
  // Whom it waits to replace says nothing any more once that one is cancelled.
  const isMover = row.replaces !== undefined && registrations.get(row.replaces)?.status !== 'cancelled';
  return (
    row.userId === registration.userId &&
    row.roleId === registration.roleId &&
    row.status === registration.status &&
    row.sequence === registration.sequence &&
    row.offerExpiresAt === offer &&
    (row.status !== 'confirmed' || row.attendedAt === attendedAt) &&
    (row.status !== 'waitlist' || !isMover || row.replaces === replaces)
  );
}

export function definitionOf({ current }: Rules) {
  if (current === undefined) return undefined;
  const { roles, obligation: _, ...rest } = current;
  return { ...rest, roles: [...roles.values()].map(({ role }) => role) };
}
