import {
  after,
  aRole,
  assign,
  cancel,
  cancelEvent,
  changeRole,
  decidedAfterMs,
  eventWith,
  kinds,
  move,
  people,
  signUp,
  signupTime,
  standingsOf,
  waitlisted,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { changesMax } from './plan.ts';

const { roleId: volunteers } = aRole('volunteers');

describe('promotions, more than one decision may make', () => {
  const full = () => eventWith({ roles: [aRole('volunteers', { capacity: 0 })] }, ...people(1_200));

  it('go on in steps of at most 500 before the next command is decided', () => {
    const rules = full();
    const raise = changeRole('volunteers', { capacity: null });
    const ann = signUp('ann');
    const decisions = after(rules, raise, ann);
    expect(changesMax).toBe(500);
    expect(kinds(decisions)).toEqual([
      { RoleCapacityChanged: 1, RegistrationPromoted: 500, ObligationIncurred: 1 },
      { RegistrationPromoted: 500 },
      { RegistrationPromoted: 200, ObligationDischarged: 1 },
      { RegistrationConfirmed: 1 },
    ]);
    const obligation = { kind: 'promote', causationId: raise.commandId, acceptedAt: raise.acceptedAt };
    expect(decisions[0]?.at(-1)).toEqual({ type: 'ObligationIncurred', obligation });
    expect(decisions[2]?.at(-1)).toEqual({ type: 'ObligationDischarged', obligation });
    expect(rules.current).not.toHaveProperty('obligation');
    expect(standingsOf(rules)).toEqual([[1_201, 0, 0]]);
  });

  it('keep the order, and nobody new passes those who wait', () => {
    const rules = full();
    const ann = signUp('ann');
    const decisions = after(rules, changeRole('volunteers', { capacity: 700 }), ann);
    const promoted = decisions.flat().filter((fact) => fact.type === 'RegistrationPromoted');
    expect(promoted.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 700 }, (_, n) => n + 3));
    expect(decisions.at(-1)).toEqual([
      waitlisted(ann, rules.version, 501, { reason: 'role-full', roleId: volunteers, capacity: 700, taken: 700 }),
    ]);
  });

  it('are done at once up to 500', () => {
    expect(kinds(after(full(), changeRole('volunteers', { capacity: 500 })))).toEqual([
      { RoleCapacityChanged: 1, RegistrationPromoted: 500 },
    ]);
    expect(kinds(after(full(), changeRole('volunteers', { capacity: 501 })))).toEqual([
      { RoleCapacityChanged: 1, RegistrationPromoted: 500, ObligationIncurred: 1 },
      { RegistrationPromoted: 1, ObligationDischarged: 1 },
    ]);
  });

  it('do not tear a move in two: who moves counts for both registrations', () => {
    const roles = [aRole('volunteers'), aRole('cooks', { capacity: 0 })];
    const ann = signUp('ann');
    const toCooks = move(ann, 'cooks', { by: 'staff', ifFull: 'waitlist' });
    const raised = (waiting: number) =>
      kinds(
        after(eventWith({ roles }, ann, ...people(waiting, 'cooks'), toCooks), changeRole('cooks', { capacity: null })),
      );
    expect(raised(498)).toEqual([{ RoleCapacityChanged: 1, RegistrationPromoted: 499, RegistrationCancelled: 1 }]);
    expect(raised(499)).toEqual([
      { RoleCapacityChanged: 1, RegistrationPromoted: 499, ObligationIncurred: 1 },
      { RegistrationPromoted: 1, RegistrationCancelled: 1, ObligationDischarged: 1 },
    ]);
  });

  it('count what was cancelled or moved before them', () => {
    const roles = [aRole('volunteers', { capacity: 0 }), aRole('cooks', { capacity: null })];
    const first = assign('first', { override: true });
    const endsAt = signupTime + 10;
    const parts = { roles, settings: { startsAt: 0, endsAt } };
    const rules = eventWith(parts, first, ...people(600));
    // When the seats were added the event was over, and nobody is promoted; what was accepted before that promotes them.
    after(rules, changeRole('volunteers', { capacity: null }, { at: endsAt }));
    expect(standingsOf(rules)[0]).toEqual([1, 600, 0]);
    expect(kinds(after(rules, cancel(first)))).toEqual([
      { RegistrationCancelled: 1, RegistrationPromoted: 499, ObligationIncurred: 1 },
      { RegistrationPromoted: 101, ObligationDischarged: 1 },
    ]);
  });

  it('are offers where the role makes offers, from the time of each step', () => {
    const roles = [aRole('volunteers', { capacity: 0, waitlist: 'offer', offerMs: 60_000 })];
    const decisions = after(eventWith({ roles }, ...people(600)), changeRole('volunteers', { capacity: null }));
    expect(kinds(decisions)).toEqual([
      { RoleCapacityChanged: 1, RegistrationOffered: 500, ObligationIncurred: 1 },
      { RegistrationOffered: 100, ObligationDischarged: 1 },
    ]);
    expect(decisions[1]?.[0]).toMatchObject({ expiresAt: signupTime + decidedAfterMs + 60_000 });
  });

  it('are judged by when the command was accepted: what began before the end of the event is finished', () => {
    const endsAt = signupTime + 10;
    const parts = { roles: [aRole('volunteers', { capacity: 0 })], settings: { startsAt: 0, endsAt } };
    const rules = eventWith(parts, ...people(600));
    after(rules, changeRole('volunteers', { capacity: null }, { at: endsAt - 1 }));
    expect(standingsOf(rules)).toEqual([[600, 0, 0]]);
    const late = eventWith(parts, ...people(600));
    expect(kinds(after(late, changeRole('volunteers', { capacity: null }, { at: endsAt })))).toEqual([
      { RoleCapacityChanged: 1 },
    ]);
  });
});

describe('a cancelled event', () => {
  const roles = [aRole('volunteers', { capacity: 300 }), aRole('cooks', { capacity: 300 })];

  it('has its registrations cancelled in steps, by sequence, and promotes nobody', () => {
    const rules = eventWith({ roles }, ...people(600), ...people(600, 'cooks'));
    const command = cancelEvent();
    const decisions = after(rules, command, signUp('ann'));
    expect(kinds(decisions)).toEqual([
      { EventCancelled: 1, ObligationIncurred: 1 },
      { RegistrationCancelled: 500 },
      { RegistrationCancelled: 500 },
      { RegistrationCancelled: 200, ObligationDischarged: 1 },
      {},
    ]);
    expect(decisions[0]?.[1]).toEqual({
      type: 'ObligationIncurred',
      obligation: { kind: 'cancel', causationId: command.commandId, acceptedAt: command.acceptedAt },
    });
    const cancelled = decisions.flat().filter((fact) => fact.type === 'RegistrationCancelled');
    expect(cancelled.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 1_200 }, (_, n) => n + 3));
    expect(new Set(cancelled.map(({ cause }) => cause))).toEqual(new Set(['event-cancelled']));
    expect(standingsOf(rules)).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    expect(rules.current).toMatchObject({ status: 'cancelled' });
    expect(rules.current).not.toHaveProperty('obligation');
    expect(rules.decided.at(-1)?.decision).toEqual({
      outcome: 'rejected',
      rejection: { reason: 'event-not-open', status: 'cancelled' },
    });
  });

  it('with exactly 500 needs one step', () => {
    const rules = eventWith({ roles }, ...people(250), ...people(250, 'cooks'));
    expect(kinds(after(rules, cancelEvent()))).toEqual([
      { EventCancelled: 1, ObligationIncurred: 1 },
      { RegistrationCancelled: 500, ObligationDischarged: 1 },
    ]);
  });
});
