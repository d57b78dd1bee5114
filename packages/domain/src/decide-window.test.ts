/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRoleId,
  assign,
  cancelEvent,
  closeEvent,
  confirmed,
  givenDraft,
  givenEvent,
  signUp,
  signupTime,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';

const signupOpensAt = signupTime;
const signupClosesAt = signupTime + 1_000;
const windows = { signupOpensAt, signupClosesAt };
const event = () => givenEvent({ settings: windows });

describe('the windows, judged by when the command was accepted', () => {
  it.each([signupOpensAt, signupClosesAt - 1])('are open at %d', (at) => {
    const ann = signUp('ann', { at });
    event().when(ann).then(confirmed(ann, 3));
  });

  it.each([signupOpensAt - 1, 0])('are not open yet at %d', (at) => {
    event().when(signUp('ann', { at })).thenRefused({ reason: 'signups-not-open-yet', signupOpensAt });
  });

  it.each([signupClosesAt, signupClosesAt + 1])('are closed at %d', (at) => {
    event().when(signUp('ann', { at })).thenRefused({ reason: 'signups-closed', signupClosesAt });
  });

  it('may have one side only', () => {
    const [early, late] = [signUp('ann', { at: signupOpensAt - 1 }), signUp('ann', { at: signupClosesAt })];
    givenEvent({ settings: { signupClosesAt } }).when(early).then(confirmed(early, 3));
    givenEvent({ settings: { signupOpensAt } }).when(late).then(confirmed(late, 3));
    givenEvent({ settings: { signupOpensAt } })
      .when(early)
      .thenRefused({ reason: 'signups-not-open-yet', signupOpensAt });
    givenEvent({ settings: { signupClosesAt } }).when(late).thenRefused({ reason: 'signups-closed', signupClosesAt });
  });

  it('end with the event when nothing else is said', () => {
    const endsAt = signupTime + 5_000;
    const last = signUp('ann', { at: endsAt - 1 });
    givenEvent({ settings: { endsAt, startsAt: 0 } })
      .when(last)
      .then(confirmed(last, 3));
    givenEvent({ settings: { endsAt, startsAt: 0 } })
      .when(signUp('ann', { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
  });

  it('end with the event even when they are set to end later', () => {
    const endsAt = signupTime + 500;
    givenEvent({ settings: { endsAt, startsAt: 0, signupClosesAt } })
      .when(signUp('ann', { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
  });
});

describe('staff', () => {
  it.each([signupOpensAt - 1, signupClosesAt])('signs people up outside of them, at %d', (at) => {
    const ann = assign('ann', { at });
    event().when(ann).then(confirmed(ann, 3));
  });

  it('does so until the event is over', () => {
    const endsAt = signupTime + 5_000;
    const last = assign('ann', { at: endsAt - 1 });
    givenEvent({ settings: { endsAt, startsAt: 0 } })
      .when(last)
      .then(confirmed(last, 3));
    givenEvent({ settings: { endsAt, startsAt: 0 } })
      .when(assign('ann', { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
  });

  it('does not once it is cancelled', () => {
    event().and(cancelEvent()).when(assign('ann')).thenRefused({ reason: 'event-cancelled' });
  });
});

describe('of several refusals', () => {
  const endsAt = signupTime + 500;
  const settings = { endsAt, startsAt: 0, signupOpensAt: signupTime + 600 };

  it('the status of the event comes first', () => {
    const late = signUp('ann', { at: endsAt });
    givenDraft({ settings }).when(late).thenRefused({ reason: 'event-not-open', status: 'draft' });
    givenEvent({ settings }).and(closeEvent()).when(late).thenRefused({ reason: 'event-not-open', status: 'closed' });
    givenEvent({ settings })
      .and(cancelEvent())
      .when(late)
      .thenRefused({ reason: 'event-not-open', status: 'cancelled' });
    givenEvent({ settings })
      .and(cancelEvent())
      .when(assign('ann', { at: endsAt }))
      .thenRefused({ reason: 'event-cancelled' });
  });

  it('then its end, and then the window', () => {
    givenEvent({ settings })
      .when(signUp('ann', { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
    const pilot = { role: 'pilots' };
    givenEvent({ settings })
      .when(signUp('ann', pilot))
      .thenRefused({ reason: 'signups-not-open-yet', signupOpensAt: settings.signupOpensAt });
    event()
      .when(signUp('ann', { ...pilot, at: signupClosesAt }))
      .thenRefused({ reason: 'signups-closed', signupClosesAt });
  });

  it('and then the role', () => {
    event()
      .when(signUp('ann', { role: 'pilots' }))
      .thenRefused({ reason: 'role-not-found', roleId: aRoleId('pilots') });
  });
});
