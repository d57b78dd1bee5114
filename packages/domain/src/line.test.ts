import { signUp } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { registrationIdFor } from './ids.ts';
import { insertIntoLine, removeFromLine, type Line } from './line.ts';
import type { WaitingRegistration } from './state.ts';

const made = new Map<number, WaitingRegistration>();
function waiting(sequence: number): WaitingRegistration {
  const { commandId, userId, roleId } = signUp(`user-${sequence}`);
  const one = made.get(sequence) ?? {
    registrationId: registrationIdFor(commandId),
    userId,
    roleId,
    sequence,
    status: 'waitlist',
  };
  made.set(sequence, one);
  return one;
}
const lineOf = (...sequences: readonly number[]): Line => sequences.map(waiting);
const sequencesOf = (line: Line) => line.map(({ sequence }) => sequence);

describe('somebody comes into a line', () => {
  it.each([
    [[2, 4, 6], 1, [1, 2, 4, 6]],
    [[2, 4, 6], 3, [2, 3, 4, 6]],
    [[2, 4, 6], 7, [2, 4, 6, 7]],
    [[], 7, [7]],
  ])('%j, all of which is loaded, where their sequence belongs: %d', (before, sequence, after) => {
    const line = lineOf(...before);
    insertIntoLine(line, waiting(sequence), before.length);
    expect(sequencesOf(line)).toEqual(after);
  });

  it.each([
    [[2, 4, 6], 1, [1, 2, 4, 6]],
    [[2, 4, 6], 5, [2, 4, 5, 6]],
    // Somebody who is not loaded may stand between.
    [[2, 4, 6], 7, [2, 4, 6]],
    [[], 7, []],
  ])('%j, of which the head is loaded, unless that is behind it: %d', (before, sequence, after) => {
    const line = lineOf(...before);
    insertIntoLine(line, waiting(sequence), before.length + 1);
    expect(sequencesOf(line)).toEqual(after);
  });
});

describe('somebody leaves a line', () => {
  it.each([
    [2, [4, 6]],
    [4, [2, 6]],
    [6, [2, 4]],
    [8, [2, 4, 6]],
  ])('%d: the others stay in order', (sequence, after) => {
    const line = lineOf(2, 4, 6);
    removeFromLine(line, waiting(sequence));
    expect(sequencesOf(line)).toEqual(after);
  });

  it('of nobody, and nothing happens', () => {
    const line: Line = [];
    removeFromLine(line, waiting(2));
    expect(line).toEqual([]);
  });
});
