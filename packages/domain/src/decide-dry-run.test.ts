/* oxlint-disable vitest/expect-expect -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  aRoleId,
  cancel,
  changeEvent,
  changeRole,
  closeEvent,
  createRules,
  createEvent,
  givenEvent,
  move,
  openEvent,
  signUp,
  theEventId,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { SignUp } from './command.ts';
import type { Effect } from './domain-event.ts';
import { registrationIdFor } from './ids.ts';

const volunteers = aRoleId('volunteers');
const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
const dryRun = true;
const previewed = (...effects: readonly Effect[]) => ({ type: 'ChangePreviewed', effects, complete: true }) as const;
const effect = ({ commandId, userId, roleId }: SignUp, what: Effect['effect']): Effect => ({
  registrationId: registrationIdFor(commandId),
  userId,
  roleId,
  effect: what,
});
const full = (waitlist: 'auto' | 'offer' = 'auto') =>
  givenEvent({ roles: [aRole('volunteers', { capacity: 2, waitlist }), aRole('cooks')] }).and(ann, bob, cem);

describe('a dry run', () => {
  it('tells who would be demoted', () => {
    full()
      .when(changeRole('volunteers', { capacity: 0 }, { ifOver: 'demote', dryRun }))
      .then(previewed(effect(bob, 'demoted'), effect(ann, 'demoted')));
  });

  it('tells who would get a seat, or an offer', () => {
    full()
      .when(changeRole('volunteers', { capacity: 3 }, { dryRun }))
      .then(previewed(effect(cem, 'promoted')));
    full('offer')
      .when(changeRole('volunteers', { capacity: null }, { dryRun }))
      .then(previewed(effect(cem, 'offered')));
  });

  it('tells whose old seat would be given up', () => {
    const [cook, toCooks] = [signUp('dan', { role: 'cooks' }), move(ann, 'cooks', { by: 'staff', ifFull: 'waitlist' })];
    const annCooks = signUp('ann', { role: 'cooks', commandId: toCooks.commandId });
    givenEvent({ roles: [aRole(), aRole('cooks', { capacity: 1 })] })
      .and(ann, cook, toCooks)
      .when(changeRole('cooks', { capacity: 2 }, { dryRun }))
      .then(previewed(effect(annCooks, 'promoted'), effect(ann, 'cancelled')));
  });

  it('tells whose registrations would be cancelled with the event, and with which limits makes no difference', () => {
    full()
      .when(changeEvent({ status: 'cancelled', settings: { capacity: 0 } }, { dryRun }))
      .then(previewed(effect(ann, 'cancelled'), effect(bob, 'cancelled'), effect(cem, 'cancelled')));
    givenEvent()
      .when(changeEvent({ status: 'cancelled' }, { dryRun }))
      .then(previewed());
    const { rules } = full().when(changeEvent({ status: 'cancelled' }, { dryRun }));
    expect(rules.current?.status).toBe('open');
  });

  it('tells that it would affect nobody, when it would change something or not', () => {
    full()
      .when(changeRole('volunteers', { name: 'helpers' }, { dryRun }))
      .then(previewed());
    full().when(changeEvent({}, { dryRun })).then(previewed());
    full()
      .when(changeEvent({ status: 'closed' }, { dryRun }))
      .then(previewed());
    full()
      .when(changeRole('volunteers', { capacity: 1 }, { ifOver: 'keep', dryRun }))
      .then(previewed());
  });

  it('is refused as the change itself would be', () => {
    full()
      .when(changeRole('volunteers', { capacity: 1 }, { dryRun }))
      .thenRefused({
        reason: 'capacity-below-taken',
        limit: 'role',
        roleId: volunteers,
        capacity: 1,
        taken: 2,
        over: 1,
      });
    full()
      .when(changeRole('volunteers', { name: 'cooks' }, { dryRun }))
      .thenRefused({ reason: 'role-name-taken', roleId: aRoleId('cooks'), name: 'cooks' });
    full()
      .when(changeEvent({ settings: { endsAt: 0 } }, { dryRun }))
      .thenRefused({ reason: 'settings-invalid', rule: 'starts-before-it-ends' });
    full()
      .and(closeEvent())
      .when(changeEvent({ pools: { all: aPool('all', 0, 'volunteers') } }, { ifOver: 'refuse', dryRun }))
      .thenRefused({
        reason: 'capacity-below-taken',
        limit: 'pool',
        poolId: aPool('all', 0).poolId,
        capacity: 0,
        taken: 2,
        over: 2,
      });
  });

  it('changes nothing: the same change afterwards, and one who leaves, find everything as it was', () => {
    const rules = createRules(theEventId);
    rules.decideBatch([createEvent(), openEvent(), ann, bob, cem]);
    const before = structuredClone({ current: rules.current, registrations: rules.registrations });
    rules.decideBatch([
      changeRole('volunteers', { capacity: 1 }, { ifOver: 'demote', dryRun }),
      changeEvent({ status: 'closed', settings: { capacity: 9 } }, { dryRun }),
    ]);
    expect({ current: rules.current, registrations: rules.registrations }).toEqual(before);
    expect(rules.version).toBe(7);
    const [decision] = rules.decideBatch([cancel(ann)]);
    expect(decision).toMatchObject({
      domainEvents: [{ userId: 'ann' }, { type: 'RegistrationPromoted', userId: 'cem' }],
    });
  });

  it('lists what one decision may change, and says that there is more', () => {
    const rules = createRules(theEventId);
    rules.decideBatch([createEvent({ roles: [aRole('volunteers', { capacity: null })] }), openEvent()]);
    rules.decideBatch(Array.from({ length: 501 }, (_, n) => signUp(`user-${n}`)));
    const affected = (capacity: number) => {
      const change = changeRole('volunteers', { capacity }, { ifOver: 'demote', dryRun });
      const [decision] = rules.decideBatch([change]);
      const [fact] = decision?.outcome === 'accepted' ? decision.domainEvents : [];
      return fact?.type === 'ChangePreviewed' ? [fact.effects.length, fact.complete] : fact;
    };
    expect(affected(0)).toEqual([500, false]);
    expect(affected(1)).toEqual([500, true]);
    const [cancelling] = rules.decideBatch([changeEvent({ status: 'cancelled' }, { dryRun })]);
    expect(cancelling).toMatchObject({ domainEvents: [{ complete: false, effects: { length: 500 } }] });
    expect(rules.current).not.toHaveProperty('obligation');
  });
});
