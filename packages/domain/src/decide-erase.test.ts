/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aRole,
  aRoleId,
  aUserId,
  cancel,
  createRules,
  erase,
  givenEvent,
  givenNothing,
  move,
  openEvent,
  createEvent,
  signUp,
  theEventId,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { registrationIdFor } from './ids.ts';
import { answerOf } from './journal.ts';
import { initialState, NotLoadedError, type EventState } from './state.ts';

const roles = [aRole('volunteers', { capacity: 1 }), aRole('cooks', { capacity: 1 })];
const settings = { registrationsPerUserMax: 3, usersMayMove: true };
const idOf = (command: ReturnType<typeof signUp>) => registrationIdFor(command.commandId);

describe('erasing a user', () => {
  it('takes all their registrations, active and cancelled', () => {
    const [first, second] = [signUp('ann'), signUp('ann', { role: 'cooks' })];
    const command = erase('ann');
    givenEvent({ roles, settings })
      .and(first, cancel(first), second, signUp('bob'))
      .when(command)
      .then({
        type: 'UserErased',
        erasedAs: command.erasedAs,
        registrationIds: [idOf(first), idOf(second)],
        acts: 0,
        left: false,
      });
  });

  it('never names them', () => {
    const { decision } = givenEvent({ roles }).and(signUp('ann-of-the-test')).when(erase('ann-of-the-test'));
    expect(JSON.stringify(decision)).not.toContain('ann-of-the-test');
  });

  it('leaves seats and places as they are, and everybody else', () => {
    const rules = createRules(theEventId);
    const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
    rules.decideBatch([createEvent({ roles, settings }), openEvent(), ann, bob, cem]);
    const [one, other] = [erase('ann'), erase('bob')];
    const decisions = rules.decideBatch([one, other, cancel(ann, { by: 'staff' })]);
    const [erasedAnn, erasedBob, cancelled] = decisions;
    expect([erasedAnn, erasedBob]).toMatchObject([
      { domainEvents: [{ registrationIds: [idOf(ann)] }] },
      { domainEvents: [{ registrationIds: [idOf(bob)] }] },
    ]);
    // The line goes on, whoever stands in it.
    expect(cancelled).toMatchObject({
      domainEvents: [
        { type: 'RegistrationCancelled', userId: one.erasedAs },
        { type: 'RegistrationPromoted', userId: other.erasedAs, registrationId: idOf(bob) },
      ],
    });
    expect([...rules.registrations.values()]).toMatchObject([
      { registrationId: idOf(ann), userId: one.erasedAs, status: 'cancelled', sequence: 3 },
      { registrationId: idOf(bob), userId: other.erasedAs, status: 'confirmed', sequence: 4 },
      { registrationId: idOf(cem), userId: 'cem', status: 'waitlist', sequence: 5 },
    ]);
  });

  it('changes no count', () => {
    const past = givenEvent({ roles, settings }).and(signUp('ann'), signUp('bob'));
    const before = past.when(erase('nobody')).rules.current;
    expect(past.and(erase('ann')).when(erase('bob')).rules.current).toEqual(before);
  });

  it('lets them come again as somebody new, and leaves them nothing of what was theirs', () => {
    const [first, again] = [signUp('ann'), signUp('ann')];
    const past = givenEvent({ roles, settings: { registrationsPerUserMax: 1 } }).and(first, erase('ann'));
    past.when(cancel(first)).thenRefused({ reason: 'registration-not-found', registrationId: idOf(first) });
    expect(past.when(again).decision).toMatchObject({
      domainEvents: [{ type: 'RegistrationWaitlisted', registrationId: idOf(again), userId: 'ann' }],
    });
  });

  it('takes what they did to others, too', () => {
    const bob = signUp('bob');
    const command = erase('olga-of-the-org');
    givenEvent({ roles })
      .and(bob, cancel(bob, { by: 'staff' }))
      .when(command)
      // They created the event, opened it and took Bob's seat.
      .then({ type: 'UserErased', erasedAs: command.erasedAs, registrationIds: [], acts: 3, left: false });
  });

  it('stays quiet where nothing names them, and of an id that stands for somebody erased', () => {
    const past = givenEvent({ roles }).and(signUp('ann'));
    past.when(erase('bob')).thenQuiet();
    const command = erase('ann');
    past.and(command).when(erase('ann')).thenQuiet();
    past.and(command).when(erase(command.erasedAs)).thenQuiet();
  });

  it('is refused where there is no event', () => {
    givenNothing().when(erase('ann')).thenRefused({ reason: 'event-not-found' });
  });

  it('needs to know what names them', () => {
    const { rules } = givenEvent({ roles }).when(signUp('ann'));
    const state: EventState = { ...initialState(theEventId), version: rules.version, current: rules.current };
    expect(() => decide(state, erase('ann'), 0)).toThrow(NotLoadedError);
  });

  it('answers what it took, and whether something is left', () => {
    const ann = signUp('ann');
    const command = erase('ann');
    const { decision } = givenEvent({ roles }).and(ann).when(command);
    const { result } = answerOf({
      ...command,
      version: 4,
      bodyHash: '',
      commandType: command.type,
      decidedAt: 0,
      decision,
    });
    expect(result).toEqual({ kind: 'erased', registrationIds: [idOf(ann)], left: false });
  });

  it('takes a move that waits with what it is to replace', () => {
    const [ann, bob] = [signUp('ann'), signUp('bob', { role: 'cooks' })];
    const moving = move(ann, 'cooks', { ifFull: 'waitlist' });
    const { rules } = givenEvent({ roles, settings }).and(ann, bob, moving).when(erase('ann'));
    const own = [...rules.registrations.values()].filter(({ userId }) => userId !== aUserId('bob'));
    expect(own).toHaveLength(2);
    expect(new Set(own.map(({ userId }) => userId)).size).toBe(1);
    expect(own.map(({ roleId }) => roleId)).toEqual([aRoleId('volunteers'), aRoleId('cooks')]);
  });
});
