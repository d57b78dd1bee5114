/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  aRoleId,
  assign,
  cancel,
  closeEvent,
  confirmed,
  givenDraft,
  givenEvent,
  roleFull,
  signUp,
  waitlisted,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const volunteers = aRoleId('volunteers');
const oneSeat = [aRole('volunteers', { capacity: 1 })];
const oneSeatNoLine = [aRole('volunteers', { capacity: 1, waitlist: 'off' })];
const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];

describe('a signup', () => {
  it('is confirmed while there are seats, with the version of its decision as sequence', () => {
    givenEvent().when(ann).then(confirmed(ann, 3));
    givenEvent().and(ann).when(bob).then(confirmed(bob, 4));
  });

  it('joins the waitlist of a full role, at its end, and is told why', () => {
    givenEvent({ roles: oneSeat })
      .and(ann)
      .when(bob)
      .then(waitlisted(bob, 4, 1, roleFull('volunteers', 1)));
    givenEvent({ roles: oneSeat })
      .and(ann, bob)
      .when(cem)
      .then(waitlisted(cem, 5, 2, roleFull('volunteers', 1)));
  });

  it('is refused by a full role without a waitlist', () => {
    givenEvent({ roles: oneSeatNoLine }).and(ann).when(bob).thenRefused(roleFull('volunteers', 1));
  });

  it('is refused by a role of no seats and no waitlist, and waits where there is one', () => {
    givenEvent({ roles: [aRole('volunteers', { capacity: 0, waitlist: 'off' })] })
      .when(ann)
      .thenRefused(roleFull('volunteers', 0));
    givenEvent({ roles: [aRole('volunteers', { capacity: 0 })] })
      .when(ann)
      .then(waitlisted(ann, 3, 1, roleFull('volunteers', 0)));
  });

  it('finds the seat that a cancel freed', () => {
    givenEvent({ roles: oneSeatNoLine }).and(ann, cancel(ann)).when(bob).then(confirmed(bob, 5));
  });

  it('leaves the seats of other roles alone', () => {
    const cook = signUp('bob', { role: 'cooks' });
    givenEvent({ roles: [...oneSeat, aRole('cooks', { capacity: 1 })] })
      .and(ann)
      .when(cook)
      .then(confirmed(cook, 4));
  });

  it('says nothing of its texts and its profile: they decide nothing', () => {
    const talkative = signUp('ann', {
      notes: 'left-handed',
      specialRequirements: 'ramp',
      profile: { displayName: 'Ann' },
    });
    givenEvent().when(talkative).then(confirmed(talkative, 3));
  });

  it('is refused for a role that the event does not have', () => {
    givenEvent()
      .when(signUp('ann', { role: 'pilots' }))
      .thenRefused({ reason: 'role-not-found', roleId: aRoleId('pilots') });
  });

  it('is refused while the event is a draft, and when it is closed', () => {
    givenDraft().when(ann).thenRefused({ reason: 'event-not-open', status: 'draft' });
    givenEvent().and(closeEvent()).when(ann).thenRefused({ reason: 'event-not-open', status: 'closed' });
  });
});

describe('a waitlist of limited length', () => {
  const limited = (waitlistMax: number) =>
    givenEvent({ roles: [aRole('volunteers', { capacity: 1, waitlistMax })] }).and(ann, bob);

  it('takes the last whom it allows', () => {
    limited(2)
      .when(cem)
      .then(waitlisted(cem, 5, 2, roleFull('volunteers', 1)));
  });

  it('refuses the next one, who learns how many wait', () => {
    limited(1).when(cem).thenRefused({ reason: 'waitlist-full', roleId: volunteers, waitlistMax: 1, waitlist: 1 });
    limited(2)
      .and(cem)
      .when(dan)
      .thenRefused({ reason: 'waitlist-full', roleId: volunteers, waitlistMax: 2, waitlist: 2 });
  });

  it('has a place again when somebody leaves it', () => {
    limited(1)
      .and(cancel(bob))
      .when(cem)
      .then(waitlisted(cem, 6, 1, roleFull('volunteers', 1)));
  });
});

describe('a signup by staff', () => {
  it('counts as that user’s', () => {
    const assigned = assign('ann');
    givenEvent().when(assigned).then(confirmed(assigned, 3));
    givenEvent()
      .and(assigned)
      .when(ann)
      .thenRefused({
        reason: 'already-registered',
        registrationId: registrationIdFor(assigned.commandId),
        status: 'confirmed',
      });
  });

  it('is taken while the event is a draft or closed', () => {
    const assigned = assign('ann');
    givenDraft().when(assigned).then(confirmed(assigned, 2));
    givenEvent().and(closeEvent()).when(assigned).then(confirmed(assigned, 4));
  });

  it('waits like everybody where there is no seat', () => {
    const assigned = assign('bob');
    givenEvent({ roles: oneSeat })
      .and(ann)
      .when(assigned)
      .then(waitlisted(assigned, 4, 1, roleFull('volunteers', 1)));
    givenEvent({ roles: oneSeatNoLine }).and(ann).when(assigned).thenRefused(roleFull('volunteers', 1));
  });
});
