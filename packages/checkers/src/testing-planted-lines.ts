import type { RecordedHistory } from './history.ts';
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
  moved,
  offered,
  poolChanged,
  poolFull,
  promoted,
  registrationId,
  roleFull,
  roles,
  volunteers,
  waitlisted,
  type Fact,
  type Planted,
} from './testing.ts';
import { changedAt, endingWith, replacedAt, sound, soundToTheEnd } from './testing-sound.ts';

const leaving = cancelled(3, 'ann', 'confirmed');
const withVolunteers = (parts: Partial<(typeof roles)[0]>): RecordedHistory =>
  replacedAt(1, entry(1, created({ ...event, roles: [{ ...roles[0], ...parts }, roles[1], roles[2]] })));
const expired: Fact = cancelled(16, 'dan', 'offered', { roleId: drivers, cause: 'expired' });
const promotions: readonly Fact[] = [
  promoted(13, 'bob', cooks),
  cancelled(4, 'bob', 'confirmed', { cause: 'moved' }),
  promoted(5, 'cem'),
];
const queued = (parts: { readonly because: ReturnType<typeof roleFull> }) =>
  changedAt(5, waitlisted(5, 'cem', 2, parts));

export const plantedOfLines: readonly Planted[] = [
  ['a promotion of the second in line', 'promotions', changedAt(7, leaving, promoted(5, 'cem'))],
  ['a promotion of one who does not wait', 'promotions', changedAt(7, leaving, promoted(9, 'eve'))],
  [
    'a promotion of the later of two',
    'promotions',
    changedAt(14, cancelled(9, 'dan', 'confirmed', { roleId: drivers }), promoted(12, 'gil', cooks)),
  ],
  [
    'a promotion where seats are offered',
    'promotions',
    changedAt(14, cancelled(9, 'dan', 'confirmed', { roleId: drivers }), promoted(11, 'fay', drivers)),
  ],
  ['an offer where seats are given', 'promotions', changedAt(7, leaving, offered(4, 'bob', 9, volunteers))],
  [
    'a promotion when the event is over',
    'promotions',
    replacedAt(7, { ...entry(7, leaving, promoted(4, 'bob')), acceptedAt: 1_000 }),
  ],
  [
    'a promotion when the event is cancelled',
    'promotions',
    { ...soundToTheEnd, entries: [...sound.entries, entry(25, { type: 'EventCancelled' }, promoted(8, 'ann'))] },
  ],

  ['one who is confirmed past the line', 'nobody-passed', changedAt(7, leaving, confirmed(7, 'eve'))],
  [
    'one who is moved past the line',
    'nobody-passed',
    endingWith(
      entry(25, poolChanged(1, 2), promoted(12, 'gil', cooks)),
      entry(26, moved(5, 'cem', { from: volunteers, to: cooks, sequence: 26 })),
    ),
  ],

  ['a sequence that jumps the line', 'line-order', changedAt(8, waitlisted(8, 'ann', 2, { sequence: 2 }))],
  [
    'a move that keeps its sequence',
    'line-order',
    changedAt(24, moved(10, 'eve', { from: cooks, to: drivers, sequence: 10 })),
  ],
  [
    'a demotion that costs the place',
    'line-order',
    changedAt(21, poolChanged(3, 1), demoted(13, 'bob', cooks), demoted(12, 'gil', cooks, 21)),
  ],
  ['a place that is not true', 'line-order', changedAt(8, waitlisted(8, 'ann', 1))],
  ['a line where there is none', 'line-order', withVolunteers({ waitlist: 'off' })],
  ['a line that is too long', 'line-order', withVolunteers({ waitlistMax: 1 })],

  ['a reason to wait that is not so', 'told', queued({ because: roleFull(cooks) })],
  ['a count that is not so', 'told', queued({ because: roleFull(volunteers, 1, 2) })],
  [
    'a reason to wait that is not the first',
    'told',
    queued({ because: { reason: 'others-waiting', roleId: volunteers, waitlist: 1 } }),
  ],
  ['an override that was not needed', 'told', changedAt(3, { ...confirmed(3, 'ann'), override: true } as Fact)],
  [
    'a refusal that is not so',
    'told',
    replacedAt(6, { ...entry(6), decision: { outcome: 'rejected', rejection: poolFull(cooks, 2) } }),
  ],
  [
    'a place in a refusal that is not so',
    'told',
    replacedAt(6, {
      ...entry(6),
      decision: {
        outcome: 'rejected',
        rejection: {
          reason: 'already-registered',
          registrationId: registrationId(5),
          status: 'waitlist',
          waitlistPosition: 1,
        },
      },
    }),
  ],

  [
    'an offer that runs too long',
    'offers',
    changedAt(14, cancelled(9, 'dan', 'confirmed', { roleId: drivers }), offered(11, 'fay', 17)),
  ],
  [
    'an offer that is accepted too late',
    'offers',
    replacedAt(15, { ...entry(15, promoted(11, 'fay', drivers, 'offered')), acceptedAt: 16 }),
  ],
  [
    'an offer that expires too early',
    'offers',
    replacedAt(20, { ...entry(20, expired, ...promotions), acceptedAt: 19 }),
  ],
  [
    'a refusal of an offer that was not made',
    'offers',
    changedAt(6, cancelled(5, 'cem', 'waitlist', { cause: 'declined' })),
  ],

  ['an old seat that is not given up', 'moves', changedAt(20, expired, promoted(13, 'bob', cooks))],
  ['a seat that is given up for no move', 'moves', changedAt(7, cancelled(3, 'ann', 'confirmed', { cause: 'moved' }))],
  [
    'a move of somebody else',
    'moves',
    changedAt(
      13,
      waitlisted(13, 'bob', 2, { roleId: cooks, because: poolFull(cooks, 2), replaces: registrationId(5) }),
    ),
  ],
  [
    'two moves of one registration',
    'moves',
    changedAt(16, waitlisted(16, 'bob', 1, { roleId: drivers, replaces: registrationId(4) })),
  ],
  [
    'a raise that promotes in the wrong order',
    'promotions',
    endingWith(
      entry(25, capacityChanged(volunteers, 1, 3), poolChanged(1, 2), promoted(12, 'gil', cooks), promoted(8, 'ann')),
    ),
  ],
];
