import type { Role, RoleId } from '@rollcall/domain';
import { roleIdOf } from '../ids.ts';
import { legacyIdOf, type LegacyDocument, type LegacyEvent, type LegacyId } from '../legacy.ts';
import { match } from '../match.ts';
import type { Origin } from '../settle/settle.ts';
import { fieldOf, isDocument } from '../settle/values.ts';
import type { HeldEvent, HeldRegistration, WantedEvent, WantedRegistration } from '../wanted.ts';
import { byLegacyId, withFields } from './documents.ts';
import { listOf } from './ids.ts';
import { SignupLists } from './lists.ts';
import { entryOf, registrationDocument, statusWordOf, type Tools } from './shapes.ts';

interface RawRole {
  readonly id: unknown;
  readonly role: Role;
  readonly description: unknown;
}

/** What one pass over the people of an event works with. */
interface Pass {
  readonly tools: Tools;
  readonly legacy: LegacyEvent;
  readonly roles: ReadonlyMap<RoleId, RawRole>;
  readonly lists: SignupLists;
  /** What becomes of documents; undefined for one that goes. */
  readonly documents: Map<LegacyDocument, LegacyDocument | undefined>;
  readonly inserted: LegacyDocument[];
  readonly known: ReadonlyMap<LegacyId, LegacyDocument>;
}

/**
 * The documents and lists of an event, changed where they say something else than Rollcall. One pass may bring to light
 * what stood behind the contradiction that it ended, so the result is to be settled and written again until it says the same.
 */
export function writtenPeople(
  tools: Tools,
  legacy: LegacyEvent,
  { wanted, origins }: { readonly wanted: WantedEvent; readonly origins: ReadonlyMap<WantedRegistration, Origin> },
  held: HeldEvent,
): LegacyEvent {
  const pass: Pass = {
    tools,
    legacy,
    roles: rawRolesOf(tools, legacy.event, held),
    lists: new SignupLists(tools.mapping),
    documents: new Map(),
    inserted: [],
    known: byLegacyId(legacy.registrations),
  };
  const { heldOf, surplus } = match(wanted.registrations, held.registrations);
  for (const registration of wanted.registrations) {
    const origin = origins.get(registration) ?? { document: undefined, entry: undefined };
    const is = heldOf.get(registration);
    if (is !== undefined && is.status !== 'cancelled') restate(pass, registration, origin, is);
    else if (registration.status !== 'cancelled') remove(pass, origin);
  }
  for (const registration of surplus) insert(pass, registration);
  if (tools.mapping.states.written.cancelled !== null) {
    const matched = new Set(heldOf.values());
    for (const one of held.registrations) {
      if (one.status === 'cancelled' && one.legacyId === undefined && !matched.has(one)) insert(pass, one);
    }
  }
  return result(pass);
}

function result({ legacy, documents, inserted, lists }: Pass): LegacyEvent {
  const event = lists.appliedTo(legacy.event);
  if (event === legacy.event && documents.size + inserted.length === 0) return legacy;
  const registrations = legacy.registrations.flatMap((document) => {
    const after = documents.has(document) ? documents.get(document) : document;
    return after === undefined ? [] : [after];
  });
  return { ...legacy, event, registrations: [...registrations, ...inserted] };
}

function rawRolesOf({ mapping }: Tools, event: LegacyDocument, held: HeldEvent): ReadonlyMap<RoleId, RawRole> {
  const heldRoles = new Map(held.roles.map((role) => [role.roleId, role]));
  const found = new Map<RoleId, RawRole>();
  for (const raw of listOf(fieldOf(event, mapping.event.roles))) {
    if (!isDocument(raw)) continue;
    const id = fieldOf(raw, mapping.role.id);
    const role = heldRoles.get(roleIdOf(legacyIdOf(id) ?? ''));
    if (role !== undefined) found.set(role.roleId, { id, role, description: fieldOf(raw, mapping.role.description) });
  }
  return found;
}

/** It is over in Rollcall, or was never there. */
function remove({ tools: { mapping }, documents, lists }: Pass, { document, entry }: Origin): void {
  const word = mapping.states.written.cancelled;
  if (entry !== undefined) lists.remove(entry);
  if (document === undefined) return;
  documents.set(document, word === null ? undefined : withFields(document, [[mapping.registration.status, word]]));
}

function insert(pass: Pass, held: HeldRegistration): void {
  const { tools, legacy, inserted, known, documents, lists } = pass;
  const role = pass.roles.get(held.roleId);
  const userId = tools.rawIds.user(held.userId);
  if (role === undefined || userId === undefined) return;
  const document = registrationDocument(tools, legacy, held, role);
  const legacyId = legacyIdOf(document['_id']);
  const there = legacyId === undefined ? undefined : known.get(legacyId);
  // One with that id that no rule could read says from now on what Rollcall has.
  if (there === undefined) inserted.push(document);
  else documents.set(there, withFields(there, Object.entries(document)));
  if (held.status === 'confirmed') lists.add(held.roleId, entryOf(tools, userId, held));
}

/** What Rollcall changed of a registration that the old system has. What it did not change is left as it stands. */
function restate(pass: Pass, wanted: WantedRegistration, origin: Origin, held: HeldRegistration): void {
  const { tools, documents } = pass;
  const moved = wanted.roleId !== held.roleId;
  const stands = wanted.status === held.status && attended(wanted) === attended(held);
  const texts = (['notes', 'specialRequirements'] as const).filter((name) => wanted[name] !== held[name]);
  if (!moved && stands && texts.length === 0) return;
  restateEntry(pass, { wanted, held, origin, texts });
  if (origin.document === undefined) {
    // A list alone can say neither that somebody waits nor that they were there.
    if (held.status !== 'confirmed' || attended(held)) insert(pass, held);
    return;
  }
  const { registration: names } = tools.mapping;
  const role = pass.roles.get(held.roleId);
  if (role === undefined) return;
  const after = withFields(origin.document, [
    ...(stands ? [] : ([[names.status, statusWordOf(tools, held)]] as const)),
    ...(stands || names.attendedAt === null
      ? []
      : ([[names.attendedAt, held.attendedAt === undefined ? undefined : new Date(held.attendedAt)]] as const)),
    ...(moved ? ([[names.roleId, role.id]] as const) : []),
    ...(moved ? ([[names.eventSnapshot, snapshotAfterMove(tools, origin.document, role)]] as const) : []),
    ...texts.map((name) => [names[name], held[name]] as const),
  ]);
  if (after !== origin.document) documents.set(origin.document, after);
}

const attended = ({ attendedAt }: { readonly attendedAt?: number }): boolean => attendedAt !== undefined;

interface Restated {
  readonly wanted: WantedRegistration;
  readonly held: HeldRegistration;
  readonly origin: Origin;
  readonly texts: readonly ('notes' | 'specialRequirements')[];
}

function restateEntry({ tools, lists }: Pass, { wanted, held, origin, texts }: Restated): void {
  const { signup } = tools.mapping;
  const { entry, document } = origin;
  const staysInRole = wanted.roleId === held.roleId;
  if (entry === undefined) {
    const userId = tools.rawIds.user(held.userId);
    const seatIsNew = !staysInRole || wanted.status !== 'confirmed';
    if (held.status === 'confirmed' && seatIsNew && userId !== undefined) {
      lists.add(held.roleId, entryOf(tools, userId, held));
    }
    return;
  }
  // Texts that the document says too are not read from the list, unless only the list has them.
  const restated = texts.filter((name) => document === undefined || fieldOf(entry, signup[name]) !== undefined);
  const after = withFields(
    entry,
    restated.map((name) => [signup[name], held[name]] as const),
  );
  if (held.status !== 'confirmed') lists.remove(entry);
  else if (staysInRole) lists.replace(entry, after);
  else {
    lists.remove(entry);
    lists.add(held.roleId, after);
  }
}

function snapshotAfterMove({ mapping }: Tools, document: LegacyDocument, { role, description }: RawRole): unknown {
  const { roleName, roleDescription } = mapping.eventSnapshot;
  const snapshot = fieldOf(document, mapping.registration.eventSnapshot);
  if (!isDocument(snapshot)) return snapshot;
  return withFields(snapshot, [
    [roleName, role.name],
    [roleDescription, description],
  ]);
}
