import {
  accept as acceptOffer,
  addRole,
  aRole,
  cancel,
  cancelled,
  changeEvent,
  checkedIn,
  checkInUndone,
  closeEvent,
  confirmed,
  createEvent,
  decline,
  demoted,
  expire,
  move,
  moved,
  offered,
  overridden,
  promoted,
  remove,
  roleFull,
  signUp,
  someSettings,
  updated,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { senderOf, type Command } from './command.ts';
import { accept, reject, type Decision } from './decision.ts';
import type { DomainEvent } from './domain-event.ts';
import { obligationStepId, parseCommandId, registrationIdFor } from './ids.ts';
import { answerOf, type JournalEntry } from './journal.ts';

const [ann, bob] = [signUp('ann'), signUp('bob')];
const { userId, roleId, commandId } = ann;
const registrationId = registrationIdFor(commandId);
const role = aRole();
const who = { registrationId, userId, roleId };

function entry(command: Command, decision: Decision): JournalEntry {
  const { eventId, commandId: id, type: commandType, actor, acceptedAt } = command;
  return {
    eventId,
    version: 4,
    commandId: id,
    bodyHash: 'hash',
    commandType,
    actor,
    acceptedAt,
    decidedAt: acceptedAt,
    decision,
  };
}
const resultOf = (command: Command, ...facts: readonly DomainEvent[]) =>
  answerOf(entry(command, accept(...facts))).result;

describe('the answer of a journal entry', () => {
  it('names the command, its asker, its version and its body', () => {
    const answer = answerOf(entry(ann, accept(confirmed(ann, 4))));
    const result = { kind: 'registered', ...who, status: 'confirmed' };
    expect(answer).toStrictEqual({
      eventId: ann.eventId,
      version: 4,
      commandId,
      bodyHash: 'hash',
      actorId: 'ann',
      result,
    });
  });

  it('tells that a seat was not free', () => {
    expect(resultOf(ann, overridden(ann, 4))).toEqual({
      kind: 'registered',
      ...who,
      status: 'confirmed',
      override: true,
    });
  });

  it('tells the place of one who waits, why, and what they give up for a seat', () => {
    const because = roleFull('volunteers', 3);
    const waits = { kind: 'registered', ...who, status: 'waitlist', waitlistPosition: 7, because };
    expect(resultOf(ann, waitlisted(ann, 4, 7, because))).toEqual(waits);
    const replaces = registrationIdFor(bob.commandId);
    expect(resultOf(move(bob, 'volunteers'), { ...waitlisted(ann, 4, 7, because), replaces })).toEqual({
      ...waits,
      replaces,
    });
  });

  it('tells who got a seat by an accepted offer or by a move, and nothing of what followed', () => {
    const seated = { kind: 'seated', ...who, status: 'confirmed' };
    const followed = [cancelled(bob, 2, 'confirmed', 'moved'), promoted(bob, 3)];
    expect(resultOf(acceptOffer(ann), promoted(ann, 4, 'offered'), ...followed)).toEqual(seated);
    const toCooks = moved(ann, { role: 'cooks', sequence: 4, from: 3 });
    expect(resultOf(move(ann, 'cooks'), toCooks, promoted(bob, 3))).toEqual({ ...seated, roleId: 'cooks' });
  });

  it('of a cancel is about the one who left, not about the one who got the seat', () => {
    const gone = { kind: 'cancelled', registrationId };
    expect(resultOf(cancel(ann), cancelled(ann, 3, 'confirmed'), promoted(bob, 4))).toEqual(gone);
    expect(resultOf(remove(ann), cancelled(ann, 3, 'confirmed', 'staff'))).toEqual(gone);
    expect(resultOf(decline(ann), cancelled(ann, 3, 'offered', 'declined'), offered(bob, 4, 9))).toEqual(gone);
    expect(resultOf(expire(ann, 5), cancelled(ann, 3, 'offered', 'expired'))).toEqual(gone);
  });

  it('of a dry run tells whom it would affect', () => {
    const effects = [{ ...who, effect: 'demoted' }] as const;
    const preview = { type: 'ChangePreviewed', effects, complete: false } as const;
    expect(resultOf(changeEvent({}), preview)).toEqual({ kind: 'previewed', effects, complete: false });
  });

  it('of a creation says so, and which role was added', () => {
    const fact = { type: 'EventCreated', settings: someSettings(), roles: [aRole()], pools: [] } as const;
    expect(resultOf(createEvent(), fact)).toEqual({ kind: 'created' });
    expect(resultOf(addRole(role), { type: 'RoleAdded', role })).toEqual({ kind: 'role-added', roleId });
  });

  const obligation = { kind: 'cancel', causationId: commandId, acceptedAt: 1 } as const;
  it.each<DomainEvent>([
    { type: 'EventSettingsChanged', before: {}, after: {} },
    { type: 'PoolsChanged', before: [], after: [] },
    { type: 'EventOpened' },
    { type: 'EventClosed' },
    { type: 'EventCancelled' },
    { type: 'RoleRenamed', roleId, before: 'a', after: 'b' },
    { type: 'RoleCapacityChanged', roleId, before: 1, after: 2 },
    { type: 'RoleWaitlistChanged', roleId, before: role, after: role },
    { type: 'RoleDeleted', role },
    offered(ann, 4, 9),
    demoted(ann, 4),
    updated(ann, 4, 'notes'),
    checkedIn(ann, 4, 5),
    checkInUndone(ann, 4, 5),
    { type: 'ObligationIncurred', obligation },
    { type: 'ObligationDischarged', obligation },
  ])('is a change for all else: $type', (fact) => {
    expect(resultOf(closeEvent(), fact, promoted(bob, 4))).toEqual({ kind: 'changed' });
  });

  it('is a change also when nothing changed', () => {
    expect(resultOf(closeEvent())).toEqual({ kind: 'changed' });
  });

  it('hands on a refusal with its facts', () => {
    const rejection = roleFull();
    expect(answerOf(entry(ann, reject(rejection))).result).toEqual({ kind: 'rejected', rejection });
  });
});

describe('the asker', () => {
  it('is the person, whether they act for themselves or as staff', () => {
    expect(senderOf(ann.actor)).toBe('ann');
    expect(senderOf({ kind: 'staff', userId })).toBe('ann');
    expect(answerOf(entry(remove(ann, { by: 'olga' }), accept())).actorId).toBe('olga');
  });

  it('is nobody where Rollcall asked itself, and where nobody could read who asked', () => {
    expect(senderOf({ kind: 'system' })).toBeUndefined();
    expect(answerOf(entry(expire(ann, 5), accept())).actorId).toBeUndefined();
    const unreadable = { ...entry(ann, reject({ reason: 'unprocessable' })), actor: undefined };
    expect(answerOf(unreadable).actorId).toBeUndefined();
  });
});

describe('the entry of a step of an obligation', () => {
  it('has an id like a command’s, which follows from its version', () => {
    expect(obligationStepId(7)).toBe('cobligation-00000000007');
    expect(obligationStepId(99_999_999_999)).toBe('cobligation-99999999999');
    expect(parseCommandId(obligationStepId(7))).toBe(obligationStepId(7));
  });
});
