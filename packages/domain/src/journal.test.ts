import {
  aRole,
  cancel,
  cancelled,
  closeEvent,
  confirmed,
  promoted,
  signUp,
  someSettings,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import { accept, reject, type Decision } from './decision.ts';
import { registrationIdFor } from './ids.ts';
import { answerOf, type JournalEntry } from './journal.ts';

const [ann, bob] = [signUp('ann'), signUp('bob')];
const { userId, roleId, commandId } = ann;
const registrationId = registrationIdFor(commandId);

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
const resultOf = (command: Command, decision: Decision) => answerOf(entry(command, decision)).result;

describe('the answer of a journal entry', () => {
  it('names the command, its asker, its version and its body', () => {
    const answer = answerOf(entry(ann, accept(confirmed(ann, 4))));
    const result = { kind: 'registered', registrationId, userId, roleId, status: 'confirmed' };
    expect(answer).toEqual({ eventId: ann.eventId, version: 4, commandId, bodyHash: 'hash', actorId: 'ann', result });
  });

  it('tells the place of one who waits', () => {
    expect(resultOf(ann, accept(waitlisted(ann, 4, 7)))).toMatchObject({ status: 'waitlist', waitlistPosition: 7 });
  });

  it('of a cancel is about the one who left, not about the one who got the seat', () => {
    const decision = accept(cancelled(ann, 3, 'confirmed'), promoted(bob, 4));
    expect(resultOf(cancel(ann), decision)).toEqual({ kind: 'cancelled', registrationId });
  });

  it('is a change for all that staff set, also when it changed nothing', () => {
    expect(resultOf(closeEvent(), accept({ type: 'EventClosed' }))).toEqual({ kind: 'changed' });
    expect(resultOf(closeEvent(), accept())).toEqual({ kind: 'changed' });
    const created = accept({ type: 'EventCreated', settings: someSettings(), roles: [aRole()] });
    expect(resultOf(closeEvent(), created)).toEqual({ kind: 'created' });
  });

  it('hands on a refusal with its facts', () => {
    const rejection = { reason: 'role-full', roleId, capacity: 2, taken: 2 } as const;
    expect(resultOf(ann, reject(rejection))).toEqual({ kind: 'rejected', rejection });
  });

  it('has no asker when nobody could read who asked', () => {
    const unreadable = { ...entry(ann, reject({ reason: 'unprocessable' })), actor: undefined };
    expect(answerOf(unreadable).actorId).toBeUndefined();
  });
});
