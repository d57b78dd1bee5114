/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  cancelEvent,
  changeEvent,
  confirmed,
  givenDraft,
  givenEvent,
  signUp,
  signupTime,
  someSettings,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { EventSettings, SettingsPatch } from './command.ts';

const twoRoles = [aRole(), aRole('cooks')];
const ann = signUp('ann');
const changed = (before: Partial<EventSettings>, after: Partial<EventSettings>) =>
  ({ type: 'EventSettingsChanged', before, after }) as const;

describe('a change of settings', () => {
  it.each([
    [{ title: 'Winter fair' }, { title: 'Summer fair' }],
    [{ timeZone: 'Asia/Kathmandu' }, { timeZone: 'Europe/Berlin' }],
    [{ startsAt: 5 }, { startsAt: someSettings().startsAt }],
    [
      { usersMayMove: true, registrationsPerUserMax: 3 },
      { usersMayMove: false, registrationsPerUserMax: 1 },
    ],
  ])('tells what it was and what it is: %j', (settings, before) => {
    givenEvent().when(changeEvent({ settings })).then(changed(before, settings));
  });

  it('leaves all else as it was', () => {
    const settings = { location: 'Town hall', signupOpensAt: 7, capacity: 9 };
    const { rules } = givenEvent({ settings }).when(changeEvent({ settings: { title: 'Winter fair', capacity: 8 } }));
    expect(rules.current?.settings).toEqual(someSettings({ ...settings, title: 'Winter fair', capacity: 8 }));
  });

  it.each(['location', 'signupOpensAt', 'signupClosesAt', 'cancelClosesAt', 'capacity'] as const)(
    'can add %s, and with null takes it away',
    (name) => {
      const added: SettingsPatch = name === 'location' ? { location: 'Town hall' } : { [name]: 5_000 };
      const when = givenEvent().when(changeEvent({ settings: added }));
      when.then(changed({}, added as Partial<EventSettings>));
      expect(when.rules.current?.settings).toEqual({ ...someSettings(), ...added });
      const undone = givenEvent()
        .and(changeEvent({ settings: added }))
        .when(changeEvent({ settings: { [name]: null } }));
      undone.then(changed(added as Partial<EventSettings>, {}));
      expect(undone.rules.current?.settings).toEqual(someSettings());
    },
  );

  it('stays quiet when it is so already', () => {
    const { organizerId: _, ...same } = someSettings();
    givenEvent()
      .when(changeEvent({ settings: same }))
      .thenQuiet();
    givenEvent()
      .when(changeEvent({ settings: { capacity: null, location: null } }))
      .thenQuiet();
  });

  it('is judged by what comes out of it: nothing of it happens if one part can not', () => {
    const { startsAt, endsAt } = someSettings();
    const invalid = (settings: SettingsPatch, rule: 'starts-before-it-ends' | 'signups-open-before-they-close') => {
      const when = givenEvent({ settings: { signupOpensAt: 5 } }).when(changeEvent({ settings }));
      when.thenRefused({ reason: 'settings-invalid', rule });
      expect(when.rules.current?.settings).toEqual(someSettings({ signupOpensAt: 5 }));
    };
    invalid({ title: 'Winter fair', endsAt: startsAt }, 'starts-before-it-ends');
    invalid({ startsAt: endsAt }, 'starts-before-it-ends');
    invalid({ signupClosesAt: 5 }, 'signups-open-before-they-close');
    givenEvent()
      .when(changeEvent({ settings: { startsAt: endsAt, endsAt: endsAt + 1 } }))
      .then(changed({ startsAt, endsAt }, { startsAt: endsAt, endsAt: endsAt + 1 }));
  });

  it('holds from the next decision on', () => {
    const [signupClosesAt, at] = [signupTime, signupTime];
    givenEvent()
      .and(changeEvent({ settings: { signupClosesAt } }))
      .when(signUp('ann', { at }))
      .thenRefused({ reason: 'signups-closed', signupClosesAt });
    const cook = signUp('ann', { role: 'cooks' });
    givenEvent({ roles: twoRoles })
      .and(ann, changeEvent({ settings: { registrationsPerUserMax: 2 } }))
      .when(cook)
      .then(confirmed(cook, 5));
  });

  it('is taken in a draft; of a cancelled event nothing can be changed, whether it would be valid or not', () => {
    givenDraft()
      .when(changeEvent({ settings: { title: 'Fair' } }))
      .then(changed({ title: 'Summer fair' }, { title: 'Fair' }));
    const gone = givenEvent().and(cancelEvent());
    gone.when(changeEvent({ settings: { title: 'Fair' } })).thenRefused({ reason: 'event-cancelled' });
    gone.when(changeEvent({ settings: { endsAt: 0 } })).thenRefused({ reason: 'event-cancelled' });
    gone.when(changeEvent({ pools: { all: { capacity: 1 } } })).thenRefused({ reason: 'event-cancelled' });
    gone.when(changeEvent({ status: 'cancelled', settings: { title: 'Summer fair' } })).thenQuiet();
  });
});
