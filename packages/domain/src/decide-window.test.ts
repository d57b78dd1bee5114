/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import { confirmed, givenEvent, signUp, signupTime } from '@rollcall/testkit';
import { describe, it } from 'vitest';

describe('the windows, judged by when the command was accepted', () => {
  const signupOpensAt = signupTime;
  const signupClosesAt = signupTime + 1_000;
  const event = () => givenEvent({ settings: { signupOpensAt, signupClosesAt } });

  it.each([signupOpensAt, signupClosesAt - 1])('are open at %d', (at) => {
    const ann = signUp('ann', { at });
    event().when(ann).then(confirmed(ann, 3));
  });

  it('are not open a millisecond before they open', () => {
    event()
      .when(signUp('ann', { at: signupOpensAt - 1 }))
      .thenRefused({ reason: 'signups-not-open-yet', signupOpensAt });
  });

  it.each([signupClosesAt, signupClosesAt + 1])('are closed at %d', (at) => {
    event().when(signUp('ann', { at })).thenRefused({ reason: 'signups-closed', signupClosesAt });
  });

  it('end with the event when nothing else is said', () => {
    const endsAt = signupTime + 5_000;
    const last = signUp('ann', { at: endsAt - 1 });
    givenEvent({ settings: { endsAt } }).when(last).then(confirmed(last, 3));
    givenEvent({ settings: { endsAt } })
      .when(signUp('ann', { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
  });

  it('end with the event even when they are set to end later', () => {
    const endsAt = signupTime + 500;
    givenEvent({ settings: { endsAt, signupClosesAt } })
      .when(signUp('ann', { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
  });
});
