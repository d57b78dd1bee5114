import { registrationIdFor, type CommandId, type RegistrationId, type RoleId, type UserId } from '@rollcall/domain';
import { registrationCommandId, writtenIdOf } from './ids.ts';
import type { LegacyId } from './legacy.ts';
import type { HeldRegistration, WantedRegistration } from './wanted.ts';

export interface Matched {
  /** What Rollcall has of those that are wanted; those that are new are not in it. */
  readonly heldOf: ReadonlyMap<WantedRegistration, HeldRegistration>;
  /** Active in Rollcall, and not wanted. Cancelled ones that only Rollcall still knows are nothing to look at. */
  readonly surplus: readonly HeldRegistration[];
}

/**
 * Finds for each wanted registration the one that Rollcall has of it: first by the document that it is of, then by its user
 * and role, for one that came from a list and whose document came later. One that was cancelled in Rollcall never comes
 * back, so it is the same only as a cancelled one.
 */
export function match(wanted: readonly WantedRegistration[], held: readonly HeldRegistration[]): Matched {
  const heldOf = new Map<WantedRegistration, HeldRegistration>();
  const used = new Set<HeldRegistration>();
  const take = (registration: WantedRegistration, found: HeldRegistration | undefined) => {
    if (found === undefined) return;
    heldOf.set(registration, found);
    // One that is over may stand for several: that there is one is all that matters.
    if (found.status !== 'cancelled') used.add(found);
  };
  const known = knownBy(held);
  for (const registration of wanted) {
    const { legacyId, userId, status } = registration;
    const found = (legacyId === undefined ? [] : (known.byLegacyId.get(legacyId) ?? [])).filter(
      (candidate) => candidate.userId === userId && !used.has(candidate),
    );
    const active = found.find((candidate) => candidate.status !== 'cancelled');
    take(registration, status === 'cancelled' ? (active ?? found[0]) : active);
  }
  for (const registration of wanted) {
    if (heldOf.has(registration)) continue;
    const { legacyId, userId, roleId, status } = registration;
    if (status === 'cancelled' && legacyId !== undefined) continue;
    const active = known.active.get(roleId)?.get(userId);
    if (active !== undefined && !used.has(active)) take(registration, active);
    // Of a list, in an event that does not take place: that it is over is all that there is to know.
    else if (status === 'cancelled') take(registration, known.over.get(roleId)?.get(userId));
  }
  // One that came from a list and moved in Rollcall has its id from where it came.
  for (const registration of wanted) {
    if (heldOf.has(registration) || registration.status === 'cancelled' || registration.legacyId !== undefined)
      continue;
    const made = madeFrom(registration.key, known.byId);
    take(
      registration,
      made.find((one) => one.status !== 'cancelled' && !used.has(one)),
    );
  }
  return { heldOf, surplus: held.filter(({ status }) => status !== 'cancelled').filter((one) => !used.has(one)) };
}

/** The ids that registrations with this key have had: one that comes back after it was cancelled has a number behind it. */
export function* idsFrom(key: string): Iterable<CommandId> {
  yield registrationCommandId(key);
  for (let number = 1; ; number += 1) yield registrationCommandId(`${key}:${number}`);
}

function madeFrom(key: string, byId: ReadonlyMap<RegistrationId, HeldRegistration>): HeldRegistration[] {
  const made: HeldRegistration[] = [];
  for (const commandId of idsFrom(key)) {
    const one = byId.get(registrationIdFor(commandId));
    if (one === undefined) break;
    made.push(one);
  }
  return made;
}

function knownBy(held: readonly HeldRegistration[]) {
  const byLegacyId = new Map<LegacyId, HeldRegistration[]>();
  const active = new Map<RoleId, Map<UserId, HeldRegistration>>();
  const over = new Map<RoleId, Map<UserId, HeldRegistration>>();
  for (const registration of held) {
    const { roleId, userId, status, registrationId } = registration;
    // What Rollcall made may have been written to the old system, and come from there again.
    const legacyId = registration.legacyId ?? writtenIdOf(registrationId);
    byLegacyId.set(legacyId, [...(byLegacyId.get(legacyId) ?? []), registration]);
    const places = status === 'cancelled' ? over : active;
    const ofRole = places.get(roleId) ?? new Map<UserId, HeldRegistration>();
    places.set(roleId, ofRole.set(userId, registration));
  }
  return { byLegacyId, active, over, byId: new Map(held.map((one) => [one.registrationId, one])) };
}
