import type { Actor, JournalEntry } from '@rollcall/domain';
import {
  cancelled,
  capacityChanged,
  checkedIn,
  confirmed,
  cooks,
  created,
  drivers,
  entry,
  event,
  kitchen,
  leaveToDo,
  nothingLeft,
  opened,
  promoted,
  step,
  userId,
  volunteers,
  waitlisted,
  type Fact,
  type Planted,
} from './testing.ts';
import { changedAt, endingWith, replacedAt, soundToTheEnd } from './testing-sound.ts';

const ann: Actor = { kind: 'user', userId: userId('ann') };
const by = (actor: Actor, old: JournalEntry, parts: Partial<JournalEntry> = {}): JournalEntry => ({
  ...old,
  actor,
  ...parts,
});
const cancelsEvent = entry(25, { type: 'EventCancelled' }, leaveToDo(25));
const withSettings = (settings: Partial<typeof event.settings>, decided: JournalEntry) => {
  const history = replacedAt(decided.version, decided);
  const begun = entry(1, created({ ...event, settings: { ...event.settings, ...settings } }));
  return { ...history, entries: [begun, ...history.entries.slice(1)] };
};

/** More people than one decision may change. */
const crowd = Array.from({ length: 501 }, (_, n) => n + 3);
const crowded = [
  entry(1, created({ ...event, roles: [{ ...event.roles[0], capacity: null } as (typeof event.roles)[0]], pools: [] })),
  entry(2, opened),
  ...crowd.map((n) => entry(n, confirmed(n, `u${n}`))),
];

export const plantedOfEvents: readonly Planted[] = [
  ['a command that comes before what was left to do', 'obligations', endingWith(cancelsEvent, entry(26))],
  ['a step for nothing', 'obligations', endingWith(step(25, 24, promoted(8, 'ann')))],
  ['a step in another name', 'obligations', endingWith(cancelsEvent, step(26, 24, nothingLeft(25)))],
  ['a step that does nothing', 'obligations', endingWith(cancelsEvent, step(26, 25))],
  ['a command that follows from another', 'obligations', endingWith({ ...entry(25), commandType: 'ObligationStep' })],
  ['an obligation in another name', 'obligations', endingWith(entry(25, { type: 'EventCancelled' }, leaveToDo(24)))],
  ['an obligation beside another', 'obligations', endingWith(cancelsEvent, step(26, 25, leaveToDo(25)))],
  ['an end of what was not begun', 'obligations', endingWith(entry(25, nothingLeft(25)))],
  ['somebody who is left at a cancelled event', 'obligations', endingWith(entry(25, { type: 'EventCancelled' }))],
  [
    'too many changes at once',
    'obligations',
    {
      ...soundToTheEnd,
      entries: [...crowded, entry(504, ...crowd.map((n) => cancelled(n, `u${n}`, 'confirmed', { cause: 'staff' })))],
    },
  ],

  ['a user who is registered twice', 'one-active', changedAt(5, waitlisted(5, 'bob', 2))],
  ['a user who has more than they may', 'user-limit', changedAt(9, confirmed(9, 'ann', drivers))],

  ['a standing that was another', 'facts', changedAt(7, cancelled(3, 'ann', 'waitlist'), promoted(4, 'bob'))],
  ['a registration of another command', 'facts', changedAt(3, confirmed(4, 'ann', volunteers, 3))],
  [
    'one who leaves a role that they are not in',
    'facts',
    changedAt(7, cancelled(3, 'ann', 'confirmed', { roleId: cooks })),
  ],
  ['one who leaves twice', 'facts', changedAt(8, cancelled(3, 'ann', 'confirmed'))],
  ['a check-in of one who waits', 'facts', changedAt(22, checkedIn(12, 'gil', cooks, 22))],
  ['a capacity that was another', 'facts', changedAt(19, capacityChanged(cooks, 1, 3))],
  [
    'a name that was another',
    'facts',
    endingWith(entry(25, { type: 'RoleRenamed', roleId: cooks, before: 'A', after: 'B' })),
  ],
  [
    'a used role that is deleted',
    'facts',
    endingWith(entry(25, { type: 'RoleDeleted', role: event.roles[0] } as Fact)),
  ],
  [
    'a setting that was another',
    'facts',
    endingWith(entry(25, { type: 'EventSettingsChanged', before: { capacity: 1 }, after: {} })),
  ],
  [
    'a pool that was another',
    'facts',
    endingWith(entry(25, { type: 'PoolsChanged', before: kitchen(9), after: kitchen(1) })),
  ],
  ['an event that opens twice', 'facts', endingWith(entry(25, opened))],
  ['an event that is created twice', 'facts', endingWith(entry(25, created()))],
  [
    'a preview that changes something',
    'facts',
    endingWith(entry(25, { type: 'ChangePreviewed', effects: [], complete: true }, opened)),
  ],

  ['one who cancels for somebody else', 'allowed', replacedAt(8, by(ann, entry(8, cancelled(5, 'cem', 'waitlist'))))],
  [
    'a user who overrides',
    'allowed',
    replacedAt(3, by(ann, entry(3, { ...confirmed(3, 'ann'), override: true } as Fact))),
  ],
  [
    'a signup when the event is over',
    'allowed',
    replacedAt(3, by(ann, entry(3, confirmed(3, 'ann')), { acceptedAt: 1_000 })),
  ],
  ['a signup before they open', 'allowed', withSettings({ signupOpensAt: 4 }, by(ann, entry(3, confirmed(3, 'ann'))))],
  ['a signup after they close', 'allowed', withSettings({ signupClosesAt: 3 }, by(ann, entry(3, confirmed(3, 'ann'))))],
  [
    'a cancel that is too late',
    'allowed',
    withSettings({ cancelClosesAt: 7 }, by(ann, entry(7, cancelled(3, 'ann', 'confirmed'), promoted(4, 'bob')))),
  ],
];
