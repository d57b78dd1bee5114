import {
  registrationIdFor,
  type CommandId,
  type ImportBody,
  type Instant,
  type Role,
  type SystemActor,
} from '@rollcall/domain';
import { changesOf, definitionDifferences } from './diff.ts';
import { movesOf, requeued } from './lines.ts';
import { idsFrom, match } from './match.ts';
import { unusedName } from './settle/roles.ts';
import type { HeldEvent, HeldRegistration, WantedEvent, WantedRegistration } from './wanted.ts';

export type ImportRegistrationBody = Extract<ImportBody, { readonly type: 'ImportRegistration' }>;
/** What says how the old system has it. */
export type StatementBody = ImportRegistrationBody | Extract<ImportBody, { readonly type: 'ImportEvent' }>;

export interface ImportCommand<Body extends ImportBody = ImportBody> {
  /** Of one that makes a registration, whose id follows from it; all others take the id of the next version. */
  readonly commandId?: CommandId;
  readonly body: Body;
}

type Statement = ImportCommand<StatementBody>;

const actor: SystemActor = { kind: 'system' };

/** Opens an event in Rollcall, which leads it from then on. */
export const finishImport = (status: WantedEvent['status']): ImportCommand => ({
  body: { type: 'FinishImport', actor, status },
});

/** Stops an event in Rollcall: the old system leads it again. */
export const resumeImport: ImportCommand = { body: { type: 'ResumeImport', actor } };

/**
 * The commands after which Rollcall has what is wanted, in an order in which none of them is refused: registrations end,
 * then they move, then the others change and new ones come, those who wait in the order of the line.
 *
 * @param at when those end that the old system no longer knows.
 */
export function commandsFor(wanted: WantedEvent, held: HeldEvent | undefined, at: Instant): Statement[] {
  const registrations = held?.registrations ?? [];
  const matched = match(wanted.registrations, registrations);
  const { inOrder, anew } = movesOf(wanted.registrations, matched);
  const heldOf = (one: WantedRegistration) => (anew.has(one) ? undefined : matched.heldOf.get(one));
  const movedAs = new Map(inOrder.map((one, index) => [one, (held?.version ?? 0) + 1 + index]));
  const again = requeued(wanted.registrations, (one) => movedAs.get(one) ?? heldOf(one)?.sequence);

  const ending: Statement[] = matched.surplus.map((one) => ended(one, at));
  const moving = inOrder.flatMap((one) => stated(one, heldOf(one), false));
  const changing: Statement[] = [];
  const coming: Statement[] = [];
  const newIds = newRegistrationIds(registrations);
  for (const one of wanted.registrations) {
    const before = matched.heldOf.get(one);
    if (before !== undefined && anew.has(one)) ending.push(ended(before, at));
    const now = heldOf(one);
    if (now === undefined) coming.push(newIds(one));
    else if (again.has(one)) coming.push(...stated(one, now, true));
    else if (now.status === 'cancelled' || movedAs.has(one)) continue;
    else if (one.status === 'cancelled') ending.push(ended(now, one.cancelledAt ?? at));
    else if (changesOf(one, now).length > 0) changing.push(...stated(one, now, false));
  }
  const people = [...ending, ...moving, ...changing, ...coming];
  return withDefinition(wanted, held, people);
}

/** Roles come before the people who get them, and go after those who leave them. */
function withDefinition(wanted: WantedEvent, held: HeldEvent | undefined, people: readonly Statement[]): Statement[] {
  const last = definition(wanted, wanted.roles);
  if (held === undefined) return [last, ...people];
  if (definitionDifferences(wanted, held).length === 0) return [...people];
  const used = new Set(held.registrations.filter(({ status }) => status !== 'cancelled').map(({ roleId }) => roleId));
  const leaving = held.roles.filter(
    ({ roleId }) => used.has(roleId) && !wanted.roles.some((role) => role.roleId === roleId),
  );
  if (leaving.length === 0) return [last, ...people];
  const names = new Set(wanted.roles.map(({ name }) => name));
  const both = [...wanted.roles, ...leaving.map((role) => ({ ...role, name: unusedName(role.name, names) }))];
  return [definition(wanted, both), ...people, last];
}

function definition({ legacyId, settings }: WantedEvent, roles: readonly Role[]): Statement {
  return { body: { type: 'ImportEvent', actor, legacyId, settings, roles, pools: [] } };
}

function ended(held: HeldRegistration, cancelledAt: Instant): Statement {
  const { sequence: _, attendedAt: __, legacyId, ...rest } = held;
  return {
    body: {
      type: 'ImportRegistration',
      actor,
      ...rest,
      ...(legacyId === undefined ? {} : { legacyId }),
      status: 'cancelled',
      cancelledAt,
      history: [],
      requeue: false,
    },
  };
}

function stated(wanted: WantedRegistration, held: HeldRegistration | undefined, requeue: boolean): Statement[] {
  if (held === undefined) return [];
  const legacyId = wanted.legacyId ?? held.legacyId;
  const body = { ...statement(wanted, requeue), registrationId: held.registrationId, history: [] };
  return [{ body: legacyId === undefined ? body : { ...body, legacyId } }];
}

function statement(wanted: WantedRegistration, requeue: boolean): ImportRegistrationBody {
  const { key: _, legacyId, ...rest } = wanted;
  return { type: 'ImportRegistration', actor, ...rest, ...(legacyId === undefined ? {} : { legacyId }), requeue };
}

/** The same however often it is asked for; one that comes back after it was cancelled in Rollcall has a number behind its key. */
function newRegistrationIds(held: readonly HeldRegistration[]): (wanted: WantedRegistration) => Statement {
  const taken = new Set(held.map(({ registrationId }) => registrationId));
  return (wanted) => {
    let free: CommandId | undefined;
    for (const commandId of idsFrom(wanted.key)) {
      free = commandId;
      if (!taken.has(registrationIdFor(commandId))) break;
    }
    return { ...(free === undefined ? {} : { commandId: free }), body: statement(wanted, false) };
  };
}
