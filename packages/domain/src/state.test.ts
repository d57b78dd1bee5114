import { signUp } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { registrationIdFor } from './ids.ts';
import {
  addToWorkingSet,
  emptyWorkingSet,
  NotLoadedError,
  standingOf,
  waitlistPosition,
  type ActiveRegistration,
  type WaitingRegistration,
} from './state.ts';

const ann = signUp('ann');
const { userId, roleId } = ann;
const registrationId = registrationIdFor(ann.commandId);
const waiting: WaitingRegistration = { registrationId, userId, roleId, sequence: 5, status: 'waitlist' };
const seated: ActiveRegistration = { registrationId, userId, roleId, sequence: 5, status: 'confirmed' };

describe('a registration', () => {
  it('stands as counts see it', () => {
    expect(standingOf(seated)).toBe('confirmed');
    expect(standingOf(waiting)).toBe('waitlist');
    expect(standingOf({ ...waiting, offer: { expiresAt: 9 } })).toBe('offered');
  });

  it('is loaded once: what has become of it since then stays', () => {
    const working = emptyWorkingSet();
    addToWorkingSet(working, seated);
    addToWorkingSet(working, waiting);
    expect([...working.registrations.values()]).toEqual([seated]);
    expect(working.activeByUser.get(userId)).toEqual([seated]);
  });

  it('is one of its user’s, unless it is cancelled', () => {
    const working = emptyWorkingSet();
    const other = { ...seated, registrationId: registrationIdFor(signUp('ann').commandId) };
    const gone = {
      ...seated,
      registrationId: registrationIdFor(signUp('ann').commandId),
      status: 'cancelled',
    } as const;
    for (const registration of [seated, gone, other]) addToWorkingSet(working, registration);
    expect(working.registrations.size).toBe(3);
    expect(working.activeByUser.get(userId)).toEqual([seated, other]);
  });
});

describe('a place in line', () => {
  it('is not known unless it was loaded', () => {
    expect(waitlistPosition(emptyWorkingSet(), waiting)).toBeUndefined();
  });

  it('shifts by who came and left before, in this role', () => {
    const working = emptyWorkingSet();
    working.placeAtLoad.set(registrationId, 4);
    expect(waitlistPosition(working, waiting)).toBe(4);
    working.lineShifts.set(roleId, [
      { sequence: 2, by: -1 },
      { sequence: 4, by: -1 },
      { sequence: 3, by: 1 },
      { sequence: 5, by: -1 },
      { sequence: 6, by: -1 },
    ]);
    working.lineShifts.set(signUp('ann', { role: 'cooks' }).roleId, [{ sequence: 1, by: -1 }]);
    expect(waitlistPosition(working, waiting)).toBe(3);
  });
});

describe('NotLoadedError', () => {
  it('can be told from other errors by its name, also in a log', () => {
    expect(new NotLoadedError('the line')).toMatchObject({ name: 'NotLoadedError', message: 'the line' });
  });
});
