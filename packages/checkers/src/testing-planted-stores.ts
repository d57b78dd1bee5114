import type { Registration, RoleCounts, RoleId } from '@rollcall/domain';
import type { RecordedEvent, RecordedHistory, ShownCounts } from './history.ts';
import {
  commandId,
  cooks,
  drivers,
  entry,
  event,
  offered,
  poolChanged,
  registrationId,
  userId,
  volunteers,
  type Planted,
} from './testing.ts';
import { endingWith, registrations, shownRoles, sound, soundAndShown, upTo } from './testing-sound.ts';

const swapped = <Item>(items: readonly Item[], a: number, b: number): readonly Item[] =>
  items.map((item, index) => items[index === a ? b : index === b ? a : index] ?? item);

/** The store has the registration another way. */
const stored = (n: number, parts: object): RecordedHistory => ({
  ...sound,
  registrations: registrations.map((registration) =>
    registration.registrationId === registrationId(n) ? { ...registration, ...parts } : registration,
  ),
});
const storedEvent = (parts: Partial<RecordedEvent>): RecordedHistory => ({
  ...sound,
  event: sound.event && { ...sound.event, ...parts },
});
const eve: Registration = {
  registrationId: registrationId(9),
  userId: userId('eve'),
  roleId: volunteers,
  sequence: 9,
  status: 'cancelled',
};

/** Counts are shown to somebody. */
const shown = (parts: Partial<ShownCounts>): RecordedHistory => ({
  ...sound,
  shown: [...(soundAndShown.shown ?? []), { by: 'somebody', version: 24, roles: shownRoles, ...parts }],
});
const of = (roleId: RoleId, parts: Partial<RoleCounts>): ReadonlyMap<RoleId, RoleCounts> => {
  const counts = shownRoles.get(roleId);
  if (counts === undefined) throw new Error(`nothing is shown of ${roleId}`);
  return new Map([...shownRoles, [roleId, { ...counts, ...parts }]]);
};

export const plantedOfStores: readonly Planted[] = [
  ['counts of an earlier version', 'counts', shown({ version: 23 })],
  ['counts of a version that is yet to come', 'counts', shown({ version: 25 })],
  ['a seat that is not counted', 'counts', shown({ roles: of(volunteers, { confirmed: 1 }) })],
  ['somebody who waits and is not counted', 'counts', shown({ roles: of(cooks, { waitlist: 1 }) })],
  ['a free seat that there is not', 'counts', shown({ roles: of(drivers, { available: 1 }) })],
  ['a role that is not shown', 'counts', shown({ roles: new Map([...shownRoles].slice(1)) })],
  ['a gap in the versions', 'versions', { ...sound, entries: sound.entries.filter(({ version }) => version !== 6) }],
  ['two decisions under one version', 'versions', endingWith(entry(24))],
  ['a command that is decided twice', 'decided-once', endingWith({ ...entry(25), commandId: commandId(3) })],
  ['a command that is never decided', 'decided-once', { ...sound, arrivals: [...sound.arrivals, commandId(25)] }],
  ['decisions out of order', 'arrival-order', { ...sound, arrivals: swapped(sound.arrivals, 3, 4) }],
  ['a decision of a command that never came', 'arrival-order', { ...sound, arrivals: sound.arrivals.slice(0, -1) }],

  ['a registration that the store lost', 'projection', { ...sound, registrations: registrations.slice(1) }],
  [
    'a registration that the journal does not know',
    'projection',
    { ...sound, registrations: [...registrations, { ...eve, registrationId: registrationId(25) }] },
  ],
  ['a registration that is stored twice', 'projection', { ...sound, registrations: [...registrations, eve] }],
  ['a status that drifted', 'projection', stored(8, { status: 'confirmed' })],
  ['a sequence that drifted', 'projection', stored(8, { sequence: 9 })],
  ['a role of a registration that drifted', 'projection', stored(8, { roleId: drivers })],
  ['a registration of another user', 'projection', stored(8, { userId: userId('eve') })],
  ['an offer that nobody made', 'projection', stored(8, { offer: { expiresAt: 99 } })],
  ['a move that nobody waits for', 'projection', stored(8, { replaces: registrationId(3) })],
  ['an attendance that drifted', 'projection', stored(10, { attendedAt: 23 })],
  [
    'an offer that the store does not know',
    'projection',
    {
      ...upTo(17),
      entries: [...upTo(17).entries, entry(18, poolChanged(2, 3), offered(16, 'dan', 20))],
      registrations: [
        {
          ...eve,
          registrationId: registrationId(16),
          userId: userId('dan'),
          roleId: drivers,
          sequence: 16,
          status: 'waitlist',
        },
      ],
    },
  ],
  ['a role that drifted', 'projection', storedEvent({ roles: [] })],
  ['roles in another order', 'projection', storedEvent({ roles: sound.event?.roles.toReversed() ?? [] })],
  ['a pool that drifted', 'projection', storedEvent({ pools: [] })],
  ['a status of the event that drifted', 'projection', storedEvent({ status: 'closed' })],
  ['a setting that drifted', 'projection', storedEvent({ settings: { ...event.settings, capacity: 5 } })],
  [
    'an obligation that nobody left',
    'projection',
    storedEvent({ obligation: { kind: 'promote', causationId: commandId(3), acceptedAt: 3 } }),
  ],
  ['an event that the store lost', 'projection', { ...sound, event: undefined }],
];
