/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  aRoleId,
  assign,
  cancel,
  cancelEvent,
  closeEvent,
  givenDraft,
  givenEvent,
  move,
  moved,
  roleFull,
  signUp,
  signupTime,
} from '@rollcall/testkit';
import { describe, it } from 'vitest';
import type { EventSettings } from './command.ts';
import { registrationIdFor } from './ids.ts';

const staff = { by: 'staff' } as const;
const ann = signUp('ann');
const registrationId = registrationIdFor(ann.commandId);
const roles = [aRole('volunteers'), aRole('cooks', { capacity: 1 })];
const usersMayMove = { usersMayMove: true };
const event = (settings: Partial<EventSettings> = usersMayMove) => givenEvent({ roles, settings }).and(ann);
const toCooks = moved(ann, { role: 'cooks', sequence: 4, from: 3 });

describe('who may move', () => {
  it('is the owner where the event lets users', () => {
    event().when(move(ann, 'cooks')).then(toCooks);
  });

  it('is staff alone where it does not', () => {
    event({}).when(move(ann, 'cooks')).thenRefused({ reason: 'moves-by-staff-only' });
    event({})
      .when(move(ann, 'cooks', staff))
      .then(toCooks);
  });

  it('is nobody else: for them there is no such registration', () => {
    event()
      .when(move(ann, 'cooks', { by: 'mallory' }))
      .thenRefused({ reason: 'registration-not-found', registrationId });
    event({})
      .when(move(ann, 'cooks', { by: 'mallory' }))
      .thenRefused({ reason: 'registration-not-found', registrationId });
  });
});

describe('a move is refused', () => {
  it('of a registration that is not there, or cancelled', () => {
    givenEvent({ roles })
      .when(move(ann, 'cooks', staff))
      .thenRefused({ reason: 'registration-not-found', registrationId });
    event()
      .and(cancel(ann))
      .when(move(ann, 'cooks', staff))
      .thenRefused({ reason: 'already-cancelled', registrationId });
    event({}).and(cancel(ann)).when(move(ann, 'cooks')).thenRefused({ reason: 'already-cancelled', registrationId });
  });

  it('to a role of another event, or of none', () => {
    event()
      .when(move(ann, 'pilots'))
      .thenRefused({ reason: 'role-not-found', roleId: aRoleId('pilots') });
  });

  it('to the role in which it is', () => {
    event().when(move(ann, 'volunteers')).thenRefused({ reason: 'same-role', roleId: ann.roleId });
  });

  it('to a role in which the user has another registration', () => {
    const cook = signUp('ann', { role: 'cooks' });
    const held = { registrationId: registrationIdFor(cook.commandId), status: 'confirmed' } as const;
    event({ ...usersMayMove, registrationsPerUserMax: 2 })
      .and(cook)
      .when(move(ann, 'cooks'))
      .thenRefused({ reason: 'already-registered', ...held });
  });

  it('to a role in which the user waits, with their place', () => {
    const cook = signUp('ann', { role: 'cooks' });
    const held = { registrationId: registrationIdFor(cook.commandId), status: 'waitlist' } as const;
    event({ ...usersMayMove, registrationsPerUserMax: 2 })
      .and(signUp('bob', { role: 'cooks' }), cook)
      .when(move(ann, 'cooks', { ifFull: 'waitlist' }))
      .thenRefused({ reason: 'already-registered', ...held, waitlistPosition: 1 });
  });
});

describe('when users may sign up they may move, and when not', () => {
  const endsAt = signupTime + 1_000;
  const [signupOpensAt, signupClosesAt] = [signupTime + 10, signupTime + 20];
  const settings = { ...usersMayMove, startsAt: 0, endsAt, signupOpensAt, signupClosesAt };
  const timed = () => givenEvent({ roles, settings }).and(assign('ann', { commandId: ann.commandId }));

  it('the windows are the same', () => {
    timed()
      .when(move(ann, 'cooks', { at: signupOpensAt - 1 }))
      .thenRefused({ reason: 'signups-not-open-yet', signupOpensAt });
    timed()
      .when(move(ann, 'cooks', { at: signupOpensAt }))
      .then(toCooks);
    timed()
      .when(move(ann, 'cooks', { at: signupClosesAt - 1 }))
      .then(toCooks);
    timed()
      .when(move(ann, 'cooks', { at: signupClosesAt }))
      .thenRefused({ reason: 'signups-closed', signupClosesAt });
  });

  it('staff moves people outside of them, until the event is over', () => {
    for (const at of [signupOpensAt - 1, signupClosesAt, endsAt - 1]) {
      timed()
        .when(move(ann, 'cooks', { ...staff, at }))
        .then(toCooks);
    }
    timed()
      .when(move(ann, 'cooks', { ...staff, at: endsAt }))
      .thenRefused({ reason: 'event-over', endsAt });
  });

  it('staff does so in drafts and closed events, where users may not', () => {
    const assigned = assign('ann', { commandId: ann.commandId });
    const inDraft = givenDraft({ roles, settings: usersMayMove }).and(assigned);
    inDraft.when(move(ann, 'cooks')).thenRefused({ reason: 'event-not-open', status: 'draft' });
    inDraft.when(move(ann, 'cooks', staff)).then(moved(ann, { role: 'cooks', sequence: 3, from: 2 }));
    const closed = event().and(closeEvent());
    closed.when(move(ann, 'cooks')).thenRefused({ reason: 'event-not-open', status: 'closed' });
    closed.when(move(ann, 'cooks', staff)).then(moved(ann, { role: 'cooks', sequence: 5, from: 3 }));
  });

  it('a cancelled event has cancelled it before', () => {
    event()
      .and(cancelEvent())
      .when(move(ann, 'cooks', staff))
      .thenRefused({ reason: 'already-cancelled', registrationId });
  });
});

describe('of several refusals', () => {
  it('the first in the order of the rules is told', () => {
    const endsAt = signupTime + 1_000;
    const late = { at: endsAt };
    const over = event({ startsAt: 0, endsAt });
    over.when(move(ann, 'pilots', late)).thenRefused({ reason: 'moves-by-staff-only' });
    over.when(move(ann, 'pilots', { ...late, ...staff })).thenRefused({ reason: 'event-over', endsAt });
    over.when(move(ann, 'volunteers', { ...late, ...staff })).thenRefused({ reason: 'event-over', endsAt });
    event()
      .and(signUp('bob', { role: 'cooks' }))
      .when(move(ann, 'volunteers', { ifFull: 'waitlist' }))
      .thenRefused({ reason: 'same-role', roleId: ann.roleId });
    event()
      .and(signUp('bob', { role: 'cooks' }))
      .when(move(ann, 'cooks'))
      .thenRefused(roleFull('cooks', 1));
  });
});
