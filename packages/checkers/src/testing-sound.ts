import type { CommandId, JournalEntry, Registration, RoleCounts, RoleId } from '@rollcall/domain';
import type { RecordedHistory } from './history.ts';
import {
  cancelled,
  capacityChanged,
  checkedIn,
  commandId,
  confirmed,
  cooks,
  created,
  demoted,
  drivers,
  entry,
  event,
  kitchen,
  leaveToDo,
  moved,
  nothingLeft,
  offered,
  opened,
  poolChanged,
  poolFull,
  promoted,
  registrationId,
  roles,
  step,
  userId,
  volunteers,
  waitlisted,
  type Fact,
} from './testing.ts';

type Whole = RecordedHistory & { readonly arrivals: readonly CommandId[] };

const refused: JournalEntry = {
  ...entry(6),
  decision: { outcome: 'rejected', rejection: { reason: 'role-not-found', roleId: 'pilots' as RoleId } },
};

/** One seat for volunteers, two for cooks, one for drivers to whom it is offered, two for cooks and drivers together. */
const entries: readonly JournalEntry[] = [
  entry(1, created()),
  entry(2, opened),
  entry(3, confirmed(3, 'ann')),
  entry(4, waitlisted(4, 'bob', 1)),
  entry(5, waitlisted(5, 'cem', 2)),
  refused,
  entry(7, cancelled(3, 'ann', 'confirmed'), promoted(4, 'bob')),
  entry(8, waitlisted(8, 'ann', 2)),
  entry(9, confirmed(9, 'dan', drivers)),
  entry(10, confirmed(10, 'eve', cooks)),
  entry(11, waitlisted(11, 'fay', 1, { roleId: drivers })),
  entry(12, waitlisted(12, 'gil', 1, { roleId: cooks, because: poolFull(cooks, 2) })),
  // Bob would rather cook, and keeps his seat until he can.
  entry(13, waitlisted(13, 'bob', 2, { roleId: cooks, because: poolFull(cooks, 2), replaces: registrationId(4) })),
  entry(14, cancelled(9, 'dan', 'confirmed', { roleId: drivers }), offered(11, 'fay', 16)),
  entry(15, promoted(11, 'fay', drivers, 'offered')),
  entry(16, waitlisted(16, 'dan', 1, { roleId: drivers })),
  // The seat is the pool's, and Gil came before Dan.
  entry(17, cancelled(11, 'fay', 'confirmed', { roleId: drivers, cause: 'staff' }), promoted(12, 'gil', cooks)),
  entry(18, poolChanged(2, 3), offered(16, 'dan', 20)),
  entry(19, capacityChanged(cooks, 2, 3)),
  entry(
    20,
    cancelled(16, 'dan', 'offered', { roleId: drivers, cause: 'expired' }),
    promoted(13, 'bob', cooks),
    cancelled(4, 'bob', 'confirmed', { cause: 'moved' }),
    promoted(5, 'cem'),
  ),
  entry(21, poolChanged(3, 1), demoted(13, 'bob', cooks), demoted(12, 'gil', cooks)),
  entry(22, checkedIn(10, 'eve', cooks, 22)),
  entry(23, { ...confirmed(23, 'hal'), override: true } as Fact),
  entry(24, moved(10, 'eve', { from: cooks, to: drivers, sequence: 24 })),
];

const inRole = (n: number, user: string, roleId: RoleId, sequence = n) => ({
  registrationId: registrationId(n),
  userId: userId(user),
  roleId,
  sequence,
});

export const registrations: readonly Registration[] = [
  { ...inRole(3, 'ann', volunteers), status: 'cancelled' },
  { ...inRole(4, 'bob', volunteers), status: 'cancelled' },
  { ...inRole(5, 'cem', volunteers), status: 'confirmed' },
  { ...inRole(8, 'ann', volunteers), status: 'waitlist' },
  { ...inRole(9, 'dan', drivers), status: 'cancelled' },
  { ...inRole(10, 'eve', drivers, 24), status: 'confirmed', attendedAt: 22 },
  { ...inRole(11, 'fay', drivers), status: 'cancelled' },
  { ...inRole(12, 'gil', cooks), status: 'waitlist' },
  { ...inRole(13, 'bob', cooks), status: 'waitlist' },
  { ...inRole(16, 'dan', drivers), status: 'cancelled' },
  { ...inRole(23, 'hal', volunteers), status: 'confirmed' },
];

export const shownRoles: ReadonlyMap<RoleId, RoleCounts> = new Map([
  [volunteers, { capacity: 1, confirmed: 2, waitlist: 1, offered: 0, available: 0 }],
  [cooks, { capacity: 3, confirmed: 0, waitlist: 2, offered: 0, available: 0 }],
  [drivers, { capacity: 1, confirmed: 1, waitlist: 0, offered: 0, available: 0 }],
]);

const commandIds = entries.map((_, index) => commandId(index + 1));

export const sound: Whole = {
  entries,
  event: { ...event, status: 'open', roles: [roles[0], { ...roles[1], capacity: 3 }, roles[2]], pools: kitchen(1) },
  registrations,
  // A repeat of a command stands there again.
  arrivals: [...commandIds.slice(0, 5), commandId(4), ...commandIds.slice(5)],
};

export const soundAndShown: Whole = { ...sound, shown: [{ by: 'the cache', version: 24, roles: shownRoles }] };

/** The same up to an earlier decision; what was stored then the journal tells. */
export const upTo = (version: number): Whole => ({ ...sound, entries: entries.slice(0, version) });

/** The event is cancelled, which is done in two decisions. */
export const soundToTheEnd: Whole = {
  entries: [
    ...entries,
    entry(25, { type: 'EventCancelled' }, leaveToDo(25)),
    step(
      26,
      25,
      cancelled(5, 'cem', 'confirmed', { cause: 'event-cancelled' }),
      cancelled(8, 'ann', 'waitlist', { cause: 'event-cancelled' }),
      cancelled(12, 'gil', 'waitlist', { cause: 'event-cancelled', roleId: cooks }),
      cancelled(13, 'bob', 'waitlist', { cause: 'event-cancelled', roleId: cooks }),
      cancelled(23, 'hal', 'confirmed', { cause: 'event-cancelled' }),
      cancelled(10, 'eve', 'confirmed', { cause: 'event-cancelled', roleId: drivers, sequence: 24 }),
      nothingLeft(25),
    ),
  ],
  event: sound.event && { ...sound.event, status: 'cancelled' },
  registrations: registrations.map((registration) => {
    const { registrationId: id, userId: user, roleId, sequence } = registration;
    return { registrationId: id, userId: user, roleId, sequence, status: 'cancelled' };
  }),
  arrivals: [...sound.arrivals, commandId(25)],
};

/** The sound history with one decision changed. */
export const changedAt = (version: number, ...domainEvents: readonly Fact[]): RecordedHistory =>
  replacedAt(version, entry(version, ...domainEvents));

export const replacedAt = (version: number, by: JournalEntry): RecordedHistory => ({
  ...sound,
  entries: entries.map((old) => (old.version === version ? by : old)),
});

/** The sound history with decisions more. */
export const endingWith = (...more: readonly JournalEntry[]): RecordedHistory => ({
  ...sound,
  entries: [...entries, ...more],
});
