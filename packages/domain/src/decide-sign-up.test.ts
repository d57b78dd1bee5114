/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  aRoleId,
  cancel,
  closeEvent,
  confirmed,
  givenDraft,
  givenEvent,
  signUp,
  waitlisted,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const volunteers = aRoleId('volunteers');
const oneSeat = [aRole('volunteers', { capacity: 1 })];
const oneSeatNoLine = [aRole('volunteers', { capacity: 1, waitlist: 'off' })];

describe('a signup', () => {
  it('is confirmed while there are seats, with the version of its decision as sequence', () => {
    const [ann, bob] = [signUp('ann'), signUp('bob')];
    givenEvent().when(ann).then(confirmed(ann, 3));
    givenEvent().and(ann).when(bob).then(confirmed(bob, 4));
  });

  it('joins the waitlist of a full role, at its end', () => {
    const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
    givenEvent({ roles: oneSeat })
      .and(ann)
      .when(bob)
      .then(waitlisted(bob, 4, 1));
    givenEvent({ roles: oneSeat })
      .and(ann, bob)
      .when(cem)
      .then(waitlisted(cem, 5, 2));
  });

  it('is refused by a full role without a waitlist', () => {
    givenEvent({ roles: oneSeatNoLine })
      .and(signUp('ann'))
      .when(signUp('bob'))
      .thenRefused({ reason: 'role-full', roleId: volunteers, capacity: 1, taken: 1 });
  });

  it('is refused by a role of no seats and no waitlist, and waits where there is one', () => {
    const ann = signUp('ann');
    givenEvent({ roles: [aRole('volunteers', { capacity: 0, waitlist: 'off' })] })
      .when(ann)
      .thenRefused({ reason: 'role-full', roleId: volunteers, capacity: 0, taken: 0 });
    givenEvent({ roles: [aRole('volunteers', { capacity: 0 })] })
      .when(ann)
      .then(waitlisted(ann, 3, 1));
  });

  it('finds the seat that a cancel freed', () => {
    const [ann, bob] = [signUp('ann'), signUp('bob')];
    givenEvent({ roles: oneSeatNoLine }).and(ann, cancel(ann)).when(bob).then(confirmed(bob, 5));
  });

  it('leaves the seats of other roles alone', () => {
    const cook = signUp('bob', { role: 'cooks' });
    givenEvent({ roles: [...oneSeat, aRole('cooks', { capacity: 1 })] })
      .and(signUp('ann'))
      .when(cook)
      .then(confirmed(cook, 4));
  });

  it('by staff for a user counts as that user’s', () => {
    const ann = signUp('ann', { by: 'staff' });
    givenEvent().when(ann).then(confirmed(ann, 3));
    givenEvent()
      .and(ann)
      .when(signUp('ann'))
      .thenRefused({
        reason: 'already-registered',
        registrationId: registrationIdFor(ann.commandId),
        status: 'confirmed',
      });
  });

  it('is refused for a role that the event does not have', () => {
    givenEvent()
      .when(signUp('ann', { role: 'pilots' }))
      .thenRefused({ reason: 'role-not-found', roleId: aRoleId('pilots') });
  });

  it('is refused while the event is a draft, and when it is closed', () => {
    givenDraft().when(signUp('ann')).thenRefused({ reason: 'event-not-open', status: 'draft' });
    givenEvent().and(closeEvent()).when(signUp('ann')).thenRefused({ reason: 'event-not-open', status: 'closed' });
  });
});
