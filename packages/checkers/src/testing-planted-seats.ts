import {
  cancelled,
  capacityChanged,
  confirmed,
  cooks,
  created,
  demoted,
  drivers,
  entry,
  event,
  kitchen,
  moved,
  offered,
  opened,
  poolChanged,
  poolFull,
  promoted,
  registrationId,
  roles,
  volunteers,
  waitlisted,
  type Planted,
} from './testing.ts';
import { changedAt, endingWith, sound } from './testing-sound.ts';

/** One seat for cooks and drivers together; Ann has it, and she would have one beside it that Bob has kept her from. */
const moverLeft = {
  ...sound,
  entries: [
    entry(1, created({ ...event, roles: [roles[1], { ...roles[2], waitlist: 'auto' }], pools: kitchen(1) })),
    entry(2, opened),
    entry(3, confirmed(3, 'ann', drivers)),
    entry(4, waitlisted(4, 'bob', 1, { roleId: cooks, because: poolFull(cooks, 1) })),
    entry(
      5,
      waitlisted(5, 'ann', 2, {
        roleId: cooks,
        because: { reason: 'others-waiting', roleId: cooks, waitlist: 1 },
        replaces: registrationId(3),
      }),
    ),
    entry(6, cancelled(4, 'bob', 'waitlist', { roleId: cooks })),
  ],
};

export const plantedOfSeats: readonly Planted[] = [
  ['a seat that is given twice', 'capacity', changedAt(4, confirmed(4, 'bob'))],
  ['a promotion into a full role', 'capacity', changedAt(6, promoted(4, 'bob'))],
  ['a seat of a full pool', 'capacity', changedAt(11, confirmed(11, 'fay', cooks))],
  [
    'a seat of a full event',
    'capacity',
    {
      ...sound,
      entries: [
        entry(1, created({ ...event, settings: { ...event.settings, capacity: 1 } })),
        ...sound.entries.slice(1),
      ],
    },
  ],
  ['an offer of a seat that is not free', 'capacity', changedAt(13, offered(11, 'fay', 15))],
  [
    'a move into a full pool',
    'capacity',
    endingWith(entry(25, moved(5, 'cem', { from: volunteers, to: cooks, sequence: 25 }))),
  ],
  ['what is over-full and grows', 'capacity', endingWith(entry(25, confirmed(25, 'ida')))],
  [
    'what is over-full and stays so when somebody leaves',
    'capacity',
    endingWith(entry(25, cancelled(23, 'hal', 'confirmed'), promoted(8, 'ann'))),
  ],

  ['one who waits beside a free seat', 'free-seats', changedAt(3, waitlisted(3, 'ann', 1))],
  ['a seat that nobody is promoted into', 'free-seats', changedAt(7, cancelled(3, 'ann', 'confirmed'))],
  ['a seat that nobody is offered', 'free-seats', changedAt(18, poolChanged(2, 3))],
  [
    'an old seat that is not passed on',
    'free-seats',
    changedAt(
      20,
      cancelled(16, 'dan', 'offered', { roleId: drivers, cause: 'expired' }),
      promoted(13, 'bob', cooks),
      cancelled(4, 'bob', 'confirmed', { cause: 'moved' }),
    ),
  ],
  ['a raised capacity that helps nobody', 'free-seats', endingWith(entry(25, capacityChanged(volunteers, 1, 3)))],
  ['a mover for whom their own seat makes room', 'free-seats', moverLeft],

  ['the first who is demoted', 'demotions', changedAt(21, poolChanged(3, 1), demoted(10, 'eve', cooks))],
  ['one who is demoted for nothing', 'demotions', endingWith(entry(25, demoted(23, 'hal', volunteers)))],
  [
    'one who is demoted because of a limit that was not lowered',
    'demotions',
    endingWith(entry(25, capacityChanged(cooks, 3, 0), demoted(23, 'hal', volunteers))),
  ],
  [
    'one who is demoted from the waitlist',
    'demotions',
    changedAt(21, poolChanged(3, 1), demoted(8, 'ann', volunteers)),
  ],
  ['demotions that end too early', 'demotions', changedAt(21, poolChanged(3, 1), demoted(13, 'bob', cooks))],
];
