/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  cancel,
  cancelled,
  closeEvent,
  confirmed,
  givenEvent,
  promoted,
  remove,
  roleFull,
  signUp,
  someSettings,
  waitlisted,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';
import { removalCodes } from './command.ts';
import { registrationIdFor } from './ids.ts';

const oneSeat = [aRole('volunteers', { capacity: 1 })];
const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
const registrationId = registrationIdFor(ann.commandId);
const full = () => givenEvent({ roles: oneSeat }).and(ann, bob, cem);

describe('a removal by staff', () => {
  it.each(removalCodes)('cancels the registration, with its reason in the journal: %s', (reasonCode) => {
    givenEvent()
      .and(ann)
      .when(remove(ann, { reasonCode }))
      .then({ ...cancelled(ann, 3, 'confirmed', 'staff'), reasonCode });
  });

  it('says in the journal nothing of what staff wrote about it', () => {
    givenEvent()
      .and(ann)
      .when(remove(ann, { reasonCode: 'conduct', reason: 'shouted at the cooks' }))
      .then({ ...cancelled(ann, 3, 'confirmed', 'staff'), reasonCode: 'conduct' });
  });

  it('passes the seat on', () => {
    full()
      .when(remove(ann))
      .then({ ...cancelled(ann, 3, 'confirmed', 'staff'), reasonCode: 'requested' }, promoted(bob, 4));
  });

  it('of one who waits frees no seat', () => {
    full()
      .when(remove(bob))
      .then({ ...cancelled(bob, 4, 'waitlist', 'staff'), reasonCode: 'requested' });
  });

  it('is taken after `cancelClosesAt`, after signups are closed and after the event', () => {
    const { endsAt } = someSettings();
    const event = givenEvent({ roles: oneSeat, settings: { cancelClosesAt: 1 } }).and(ann, bob, closeEvent());
    const removed = { ...cancelled(ann, 3, 'confirmed', 'staff'), reasonCode: 'requested' } as const;
    event.when(remove(ann)).then(removed, promoted(bob, 4));
    event.when(remove(ann, { at: endsAt })).then(removed);
  });

  it('lets the user sign up again, at the end of the line', () => {
    const again = signUp('ann');
    full()
      .and(remove(ann))
      .when(again)
      .then(waitlisted(again, 7, 2, roleFull('volunteers', 1)));
    givenEvent().and(ann, remove(ann)).when(again).then(confirmed(again, 5));
  });

  it('is refused when there is no such registration, or it is cancelled already', () => {
    givenEvent().when(remove(ann)).thenRefused({ reason: 'registration-not-found', registrationId });
    givenEvent().and(ann, remove(ann)).when(remove(ann)).thenRefused({ reason: 'already-cancelled', registrationId });
    givenEvent().and(ann, cancel(ann)).when(remove(ann)).thenRefused({ reason: 'already-cancelled', registrationId });
  });
});
