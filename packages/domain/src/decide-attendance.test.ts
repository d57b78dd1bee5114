/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  cancel,
  cancelEvent,
  checkedIn,
  checkIn,
  checkInUndone,
  closeEvent,
  decidedAfterMs,
  givenEvent,
  move,
  signUp,
  signupTime,
  someSettings,
  undoCheckIn,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const [ann, bob] = [signUp('ann'), signUp('bob')];
const [registrationId, bobsId] = [registrationIdFor(ann.commandId), registrationIdFor(bob.commandId)];
const at = someSettings().startsAt;
const event = () => givenEvent({ roles: [aRole('volunteers', { capacity: 1 }), aRole('cooks')] }).and(ann, bob);
const present = () => event().and(checkIn(ann, { at }));

describe('a check-in', () => {
  it('notes when it was asked for', () => {
    event()
      .when(checkIn(ann, { at }))
      .then(checkedIn(ann, 3, at));
    expect(present().when(bob).rules.registrations.get(registrationId)).toMatchObject({ attendedAt: at });
  });

  it('is taken before the event, while signups are closed, and after its end', () => {
    const { endsAt } = someSettings();
    event()
      .when(checkIn(ann))
      .then(checkedIn(ann, 3, signupTime));
    event()
      .and(closeEvent())
      .when(checkIn(ann, { at: endsAt + 1 }))
      .then(checkedIn(ann, 3, endsAt + 1));
  });

  it('is for those who have a seat', () => {
    event().when(checkIn(bob)).thenRefused({ reason: 'not-confirmed', registrationId: bobsId });
    const offers = [aRole('volunteers', { capacity: 1, waitlist: 'offer' })];
    givenEvent({ roles: offers })
      .and(ann, bob, cancel(ann))
      .when(checkIn(bob))
      .thenRefused({ reason: 'not-confirmed', registrationId: bobsId });
  });

  it('is not repeated: the first one counts', () => {
    present()
      .when(checkIn(ann, { at: at + 1 }))
      .thenRefused({ reason: 'already-checked-in', registrationId, attendedAt: at });
  });

  it('is refused where there is no such registration, or not any more', () => {
    givenEvent().when(checkIn(ann)).thenRefused({ reason: 'registration-not-found', registrationId });
    event().and(cancel(ann)).when(checkIn(ann)).thenRefused({ reason: 'already-cancelled', registrationId });
    event().and(cancelEvent()).when(checkIn(ann)).thenRefused({ reason: 'already-cancelled', registrationId });
  });

  it('stays with who is moved to another role', () => {
    const { rules } = present()
      .and(move(ann, 'cooks', { by: 'staff' }))
      .when(checkIn(ann));
    expect(rules.registrations.get(registrationId)).toMatchObject({ roleId: 'cooks', attendedAt: at });
  });
});

describe('its undoing', () => {
  it('says what it takes back', () => {
    const when = present().when(undoCheckIn(ann, { at: at + decidedAfterMs }));
    when.then(checkInUndone(ann, 3, at));
    expect(when.rules.registrations.get(registrationId)).not.toHaveProperty('attendedAt');
  });

  it('lets them be checked in again', () => {
    present()
      .and(undoCheckIn(ann))
      .when(checkIn(ann, { at: at + 5 }))
      .then(checkedIn(ann, 3, at + 5));
  });

  it('is refused where nobody was checked in', () => {
    event().when(undoCheckIn(ann)).thenRefused({ reason: 'not-checked-in', registrationId });
    event().when(undoCheckIn(bob)).thenRefused({ reason: 'not-checked-in', registrationId: bobsId });
    present().and(undoCheckIn(ann)).when(undoCheckIn(ann)).thenRefused({ reason: 'not-checked-in', registrationId });
  });

  it('is refused where there is no such registration, or not any more', () => {
    givenEvent().when(undoCheckIn(ann)).thenRefused({ reason: 'registration-not-found', registrationId });
    present().and(cancel(ann)).when(undoCheckIn(ann)).thenRefused({ reason: 'already-cancelled', registrationId });
  });
});
