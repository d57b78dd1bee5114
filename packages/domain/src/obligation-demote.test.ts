import {
  after,
  aPool,
  aRole,
  changeEvent,
  changeRole,
  eventWith,
  kinds,
  lineOf,
  people,
  signUp,
  signupTime,
  standingsOf,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';

const { roleId: volunteers } = aRole('volunteers');

describe('demotions, more than one decision may make', () => {
  const roles = [aRole('volunteers', { capacity: null }), aRole('cooks', { capacity: null })];
  const full = () => eventWith({ roles }, ...people(1_200));

  it('go on in steps until the limit is kept, the last ones in first', () => {
    const rules = full();
    const lower = changeRole('volunteers', { capacity: 100 }, { ifOver: 'demote' });
    const decisions = after(rules, lower, signUp('ann'));
    expect(kinds(decisions)).toEqual([
      { RoleCapacityChanged: 1, RegistrationDemoted: 500, ObligationIncurred: 1 },
      { RegistrationDemoted: 500 },
      { RegistrationDemoted: 100, ObligationDischarged: 1 },
      { RegistrationWaitlisted: 1 },
    ]);
    const limits = [{ limit: 'role', roleId: volunteers }];
    const obligation = { kind: 'demote', limits, causationId: lower.commandId, acceptedAt: signupTime };
    expect(decisions[0]?.at(-1)).toEqual({ type: 'ObligationIncurred', obligation });
    const demoted = decisions.flat().filter((fact) => fact.type === 'RegistrationDemoted');
    expect(demoted.map(({ sequence }) => sequence)).toEqual(Array.from({ length: 1_100 }, (_, n) => 1_202 - n));
    expect(standingsOf(rules)[0]).toEqual([100, 1_101, 0]);
    expect(lineOf(rules.registrations, volunteers).map(({ sequence }) => sequence)).toEqual([
      ...Array.from({ length: 1_100 }, (_, n) => n + 103),
      1_206,
    ]);
  });

  it('are done at once up to 500', () => {
    expect(kinds(after(full(), changeRole('volunteers', { capacity: 700 }, { ifOver: 'demote' })))).toEqual([
      { RoleCapacityChanged: 1, RegistrationDemoted: 500 },
    ]);
    expect(kinds(after(full(), changeRole('volunteers', { capacity: 699 }, { ifOver: 'demote' })))).toEqual([
      { RoleCapacityChanged: 1, RegistrationDemoted: 500, ObligationIncurred: 1 },
      { RegistrationDemoted: 1, ObligationDischarged: 1 },
    ]);
  });

  it('go on for each of several limits', () => {
    const pools = [aPool('all', 2_000, 'volunteers', 'cooks')];
    const rules = eventWith({ roles, pools, settings: { capacity: 2_000 } }, ...people(400), ...people(400, 'cooks'));
    const change = changeEvent(
      { settings: { capacity: 300 }, pools: { all: { capacity: 200 } } },
      { ifOver: 'demote' },
    );
    expect(kinds(after(rules, change))).toEqual([
      { EventSettingsChanged: 1, PoolsChanged: 1, RegistrationDemoted: 500, ObligationIncurred: 1 },
      { RegistrationDemoted: 100, ObligationDischarged: 1 },
    ]);
    expect(standingsOf(rules)).toEqual([
      [200, 200, 0],
      [0, 400, 0],
    ]);
  });
});

describe('demotions of several limits', () => {
  const roles = [aRole('volunteers', { capacity: null }), aRole('cooks', { capacity: null })];

  it('take no more from each than it is over, also where they need several steps', () => {
    const pools = [aPool('hall', 600, 'volunteers'), aPool('yard', 600, 'cooks')];
    const rules = eventWith({ roles, pools }, ...people(600), ...people(600, 'cooks'));
    const change = { hall: { capacity: 90 }, yard: { capacity: 595 } };
    const decisions = after(rules, changeEvent({ pools: change }, { ifOver: 'demote' }));
    expect(kinds(decisions)).toEqual([
      { PoolsChanged: 1, RegistrationDemoted: 500, ObligationIncurred: 1 },
      { RegistrationDemoted: 15, ObligationDischarged: 1 },
    ]);
    const demoted = decisions.flat().filter((fact) => fact.type === 'RegistrationDemoted');
    expect(demoted.filter(({ roleId }) => roleId !== volunteers).map(({ sequence }) => sequence)).toEqual([
      1_202, 1_201, 1_200, 1_199, 1_198,
    ]);
    expect(standingsOf(rules)).toEqual([
      [90, 510, 0],
      [595, 5, 0],
    ]);
  });
});

describe('demotions and promotions of one command', () => {
  const roles = [aRole('volunteers', { capacity: null }), aRole('cooks', { capacity: null })];
  const pools = [aPool('hall', 700, 'volunteers'), aPool('yard', 0, 'cooks')];
  const changed = (hall: number, yard: number) => {
    const rules = eventWith({ roles, pools, settings: { capacity: 5_000 } }, ...people(700), ...people(700, 'cooks'));
    const change = { hall: { capacity: hall }, yard: { capacity: yard } };
    return after(rules, changeEvent({ pools: change }, { ifOver: 'demote' }));
  };

  it('count together', () => {
    const decisions = changed(400, 250);
    expect(kinds(decisions)).toEqual([
      { PoolsChanged: 1, RegistrationDemoted: 300, RegistrationPromoted: 200, ObligationIncurred: 1 },
      { RegistrationPromoted: 50, ObligationDischarged: 1 },
    ]);
    expect(decisions[0]?.at(-1)).toMatchObject({ obligation: { kind: 'promote' } });
  });

  it('follow one after the other: the obligation to demote makes way for one to promote', () => {
    const decisions = changed(100, 650);
    expect(kinds(decisions)).toEqual([
      { PoolsChanged: 1, RegistrationDemoted: 500, ObligationIncurred: 1 },
      { RegistrationDemoted: 100, RegistrationPromoted: 400, ObligationDischarged: 1, ObligationIncurred: 1 },
      { RegistrationPromoted: 250, ObligationDischarged: 1 },
    ]);
    const [first, second] = decisions.flat().filter((fact) => fact.type === 'ObligationIncurred');
    expect(first?.obligation).toMatchObject({ kind: 'demote', limits: [{ limit: 'pool', poolId: 'hall' }] });
    expect(second?.obligation).toEqual({
      kind: 'promote',
      causationId: first?.obligation.causationId,
      acceptedAt: first?.obligation.acceptedAt,
    });
  });
});
