import { describe, expect, it } from 'vitest';
import { checkAccepted, checkAnswers, type ToldAnswer } from './answers.ts';
import { commandId, registrationId } from './testing.ts';
import { sound } from './testing-sound.ts';

const told = (n: number, parts: Partial<ToldAnswer> = {}): ToldAnswer => ({
  commandId: commandId(n),
  version: n,
  refusal: undefined,
  ...parts,
});
const seat = told(3, { registrationId: registrationId(3), status: 'confirmed' });
const line = told(5, { registrationId: registrationId(5), status: 'waitlist', waitlistPosition: 2 });
const refusal = told(6, { refusal: 'role-not-found' });
const sequel = told(15, { registrationId: registrationId(11), status: 'confirmed' });
const leave = told(7, { registrationId: registrationId(3) });

const checksOf = (answers: readonly ToldAnswer[]) => checkAnswers(sound.entries, answers).map(({ check }) => check);

describe('what people heard', () => {
  it('is true where it is what the journal says', () => {
    const answers = [told(1), told(2), seat, line, refusal, sequel, leave];
    expect(checksOf(answers)).toEqual([]);
    // Who was told of less was told no lie.
    expect(checksOf([told(3), told(5, { status: 'waitlist' })])).toEqual([]);
  });

  it.each([
    ['a seat that the journal has as a place in line', { ...line, status: 'confirmed' }],
    ['another place in line', { ...line, waitlistPosition: 1 }],
    ['a place in line where there is a seat', { ...seat, status: 'waitlist', waitlistPosition: 1 }],
    ['another registration', { ...seat, registrationId: registrationId(4) }],
    ['another version', { ...seat, version: 4 }],
    ['a refusal of what was done', { ...seat, refusal: 'role-full' }],
    ['a success that was refused', { ...refusal, refusal: undefined }],
    ['another reason', { ...refusal, refusal: 'role-full' }],
    ['an answer to what is not decided', told(99)],
  ] as const)('is not true: %s', (_what, answer) => {
    expect(checksOf([seat, answer, line])).toEqual(['answers']);
  });

  it('is not all decided', () => {
    const found = checkAccepted(sound.entries, [...sound.arrivals, commandId(99)]);
    expect(found).toEqual([{ check: 'accepted', message: `${commandId(99)} was accepted and is not decided` }]);
  });
});
