import type { Instant, RegistrationId } from '@rollcall/domain';
import type { LegacyDocument, LegacyEvent } from '../legacy.ts';
import type { LegacyChanges } from '../ports.ts';
import { match } from '../match.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { Finding } from '../settle/findings.ts';
import { settleFrom } from '../settle/settle.ts';
import { fieldOf, isDocument, numberOf } from '../settle/values.ts';
import type { HeldEvent, WantedEvent } from '../wanted.ts';
import { writtenDefinition } from './definition.ts';
import { byLegacyId, changeOf, documentOf, withFields, type DocumentChange } from './documents.ts';
import { documentsNamingUsers, listOf, rawIdsOf, type ObjectIdOf } from './ids.ts';
import { writtenLines } from './line.ts';
import { writtenPeople } from './people.ts';
import { rollcallAction, type Tools } from './shapes.ts';

/** What has to be written to the old collections so that they say what Rollcall has. */
export interface WriteBack extends LegacyChanges {
  /** Why nothing is written at all: the old system says what no rule covers. */
  readonly stops: readonly Finding[];
  /** Registrations that the old system can not be told, as of users whom it does not know. */
  readonly unwritten: readonly RegistrationId[];
}

export interface WriteBackOptions {
  readonly objectIdOf: ObjectIdOf;
  readonly now: Instant;
}

/** Each pass ends a contradiction or two; more than a few in a row no event has. */
const passesMax = 10;

/**
 * The changes after which the old collections say what Rollcall has, and none besides: what is equal once it is settled is
 * left as it stands, contradictions too. Made again after they were written they are empty.
 */
export function legacyChanges(
  held: HeldEvent,
  legacy: LegacyEvent,
  mapping: Mapping,
  { objectIdOf, now }: WriteBackOptions,
): WriteBack {
  const naming = documentsNamingUsers(legacy.registrations, fieldOf(legacy.event, mapping.event.roles), mapping);
  const tools: Tools = { mapping, now, rawIds: rawIdsOf(naming, legacy.users, { mapping, objectIdOf }) };
  let current = legacy;
  for (let pass = 0; pass < passesMax; pass += 1) {
    const { wanted, origins, stops } = settleFrom(current, mapping);
    if (wanted === undefined) return { ...nothing, stops };
    const event = writtenDefinition(current.event, wanted, held, mapping);
    let next = event === current.event ? current : { ...current, event };
    if (next === current) next = writtenPeople(tools, current, { wanted, origins }, held);
    if (next === current) next = writtenLines(mapping, current, { wanted, origins }, held);
    if (next === current) return { ...changesBetween(tools, legacy, current), unwritten: unwrittenOf(wanted, held) };
    current = next;
  }
  const { wanted, stops } = settleFrom(current, mapping);
  if (wanted === undefined) return { ...nothing, stops };
  return { ...changesBetween(tools, legacy, current), unwritten: unwrittenOf(wanted, held) };
}

const nothing: WriteBack = {
  event: undefined,
  inserts: [],
  updates: [],
  deletes: [],
  stops: [],
  unwritten: [],
};

function unwrittenOf(wanted: WantedEvent, held: HeldEvent): RegistrationId[] {
  const { heldOf, surplus } = match(wanted.registrations, held.registrations);
  const differing = wanted.registrations.flatMap((one) => {
    const is = heldOf.get(one);
    if (is === undefined || is.status === 'cancelled') return [];
    const same = one.status === is.status && one.roleId === is.roleId && one.notes === is.notes;
    return same && one.specialRequirements === is.specialRequirements ? [] : [is.registrationId];
  });
  return [...surplus.map(({ registrationId }) => registrationId), ...differing];
}

function changesBetween(tools: Tools, before: LegacyEvent, after: LegacyEvent): WriteBack {
  const known = byLegacyId(before.registrations);
  const untouched = new Set(before.registrations);
  const staying = new Set<LegacyDocument>();
  const inserts: LegacyDocument[] = [];
  const updates: DocumentChange[] = [];
  const written = byLegacyId(after.registrations.filter((document) => !untouched.has(document)));
  for (const document of after.registrations) if (untouched.has(document)) staying.add(document);
  for (const [legacyId, document] of written) {
    const original = known.get(legacyId);
    if (original === undefined) {
      inserts.push(document);
      continue;
    }
    staying.add(original);
    const change = changeOf(original, withHistory(tools, original, document));
    if (change !== undefined) updates.push(change);
  }
  const deletes = before.registrations.filter((document) => !staying.has(document)).map((document) => document['_id']);
  return {
    ...nothing,
    event: changeOf(before.event, withNumbers(tools, before.event, after.event)),
    inserts,
    updates,
    deletes,
  };
}

/** One line for all that Rollcall changed of a registration, which names it. */
function withHistory({ mapping, now }: Tools, before: LegacyDocument, after: LegacyDocument): LegacyDocument {
  const { registration: names, action } = mapping;
  const change = changeOf(before, after);
  if (change === undefined) return before;
  const changed = [...Object.keys(change.set), ...change.unset];
  const history = fieldOf(before, names.actionHistory);
  const moved = changed.includes(names.roleId);
  const line = documentOf([
    [action.action, rollcallAction],
    [action.performedAt, new Date(now)],
    [action.details, changed.join(', ')],
    ...(moved
      ? ([
          [action.previousValue, fieldOf(before, names.roleId)],
          [action.newValue, fieldOf(after, names.roleId)],
        ] as const)
      : []),
  ]);
  const unreadable = history !== undefined && !Array.isArray(history);
  return withFields(after, [
    [names.actionHistory, unreadable ? history : [...listOf(history), line]],
    [names.updatedAt, new Date(now)],
  ]);
}

/** The numbers that the event tells of itself, where what they count has changed. */
function withNumbers({ mapping, now }: Tools, before: LegacyDocument, after: LegacyDocument): LegacyDocument {
  const { event: names } = mapping;
  if (changeOf(before, after) === undefined) return before;
  const [was, is] = [numbersOf(before, mapping), numbersOf(after, mapping)];
  return withFields(after, [
    ...(was.signups === is.signups ? [] : ([[names.signedUp, is.signups]] as const)),
    ...(was.seats === is.seats ? [] : ([[names.totalSlots, is.seats]] as const)),
    [names.updatedAt, new Date(now)],
  ]);
}

function numbersOf(event: LegacyDocument, mapping: Mapping): { readonly signups: number; readonly seats: number } {
  let signups = 0;
  let seats = 0;
  for (const raw of listOf(fieldOf(event, mapping.event.roles))) {
    if (!isDocument(raw)) continue;
    signups += listOf(fieldOf(raw, mapping.role.signups)).length;
    const capacity = mapping.role.capacity.map((name) => fieldOf(raw, name)).find((value) => value !== undefined);
    seats += numberOf(capacity) ?? 0;
  }
  return { signups, seats };
}
