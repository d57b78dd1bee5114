/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import { aRole, cancel, givenEvent, signUp, someSettings, update, updated } from '@rollcall/testkit';
import { describe, it } from 'vitest';
import { registrationIdFor } from './ids.ts';

const [ann, bob] = [signUp('ann'), signUp('bob')];
const registrationId = registrationIdFor(ann.commandId);
const event = () => givenEvent({ roles: [aRole('volunteers', { capacity: 1 })] }).and(ann, bob);
const { endsAt } = someSettings();

describe('an update', () => {
  it('tells which texts have changed, and not what they say', () => {
    event()
      .when(update(ann, { notes: 'left-handed' }))
      .then(updated(ann, 3, 'notes'));
    event()
      .when(update(ann, { specialRequirements: 'ramp' }))
      .then(updated(ann, 3, 'specialRequirements'));
    event()
      .when(update(ann, { specialRequirements: 'ramp', notes: 'left-handed' }))
      .then(updated(ann, 3, 'notes', 'specialRequirements'));
  });

  it('may remove a text, or make it empty', () => {
    event()
      .when(update(ann, { notes: null }))
      .then(updated(ann, 3, 'notes'));
    event()
      .when(update(ann, { notes: '', specialRequirements: null }))
      .then(updated(ann, 3, 'notes', 'specialRequirements'));
  });

  it('stays quiet when it names none', () => {
    event().when(update(ann)).thenQuiet();
  });

  it('is for those who wait, too', () => {
    event()
      .when(update(bob, { notes: 'please' }))
      .then(updated(bob, 4, 'notes'));
  });

  it.each(['=HYPERLINK("http://evil.example")', '\u202Eright to left', '👩‍👩‍👧‍👦', '\u0000'])(
    'decides nothing by what a text says: %j',
    (notes) => {
      event()
        .when(update(ann, { notes }))
        .then(updated(ann, 3, 'notes'));
    },
  );

  it('is the owner’s or the staff’s; for everybody else there is no such registration', () => {
    event()
      .when(update(ann, { notes: 'x', by: 'staff' }))
      .then(updated(ann, 3, 'notes'));
    event()
      .when(update(ann, { notes: 'x', by: 'bob' }))
      .thenRefused({ reason: 'registration-not-found', registrationId });
    givenEvent()
      .when(update(ann, { notes: 'x' }))
      .thenRefused({ reason: 'registration-not-found', registrationId });
  });

  it('is the owner’s until the event is over, and the staff’s after it', () => {
    event()
      .when(update(ann, { notes: 'x', at: endsAt - 1 }))
      .then(updated(ann, 3, 'notes'));
    event()
      .when(update(ann, { notes: 'x', at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
    event()
      .when(update(ann, { at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
    event()
      .when(update(ann, { notes: 'x', at: endsAt, by: 'staff' }))
      .then(updated(ann, 3, 'notes'));
  });

  it('is refused of what was cancelled, which is told before that the event is over', () => {
    event()
      .and(cancel(ann))
      .when(update(ann, { notes: 'x', at: endsAt }))
      .thenRefused({ reason: 'already-cancelled', registrationId });
  });
});
