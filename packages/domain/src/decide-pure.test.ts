import {
  accept,
  addRole,
  aPool,
  aRole,
  assign,
  cancel,
  cancelEvent,
  changeEvent,
  changeRole,
  checkIn,
  createEvent,
  createRules,
  decline,
  deleteRole,
  expire,
  move,
  openEvent,
  remove,
  signUp,
  signupTime,
  theEventId,
  undoCheckIn,
  update,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { decide } from './decide.ts';
import { dischargeObligation } from './obligation.ts';
import { addToWorkingSet, emptyWorkingSet, type EventState } from './state.ts';

const offerMs = 60_000;
const roles = [
  aRole('volunteers', { capacity: 1, waitlist: 'offer', offerMs }),
  aRole('cooks', { capacity: 2 }),
  aRole('drivers'),
];
const pools = [aPool('kitchen', 2, 'cooks', 'drivers')];
const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
const [cookD, cookE, cookF] = ['dan', 'eve', 'fay'].map((user) => signUp(user, { role: 'cooks' })) as [
  typeof ann,
  typeof ann,
  typeof ann,
];
const toVolunteers = move(cookD, 'volunteers', { by: 'staff', ifFull: 'waitlist' });
const expiresAt = signupTime + offerMs + 50;

/** Bob has an offer, Cem and Dan wait behind; two cooks fill their pool, and Fay waits. */
function busyState(): EventState {
  const rules = createRules(theEventId);
  rules.decideBatch([createEvent({ roles, pools, settings: { capacity: 9 } }), openEvent()]);
  rules.decideBatch([ann, bob, cookD, cookE, cookF, cem, toVolunteers, cancel(ann), checkIn(cookE)]);
  const working = emptyWorkingSet();
  for (const registration of [...rules.registrations.values()].toSorted((a, b) => a.sequence - b.sequence)) {
    addToWorkingSet(working, registration);
    if (registration.status === 'cancelled') continue;
    const { roleId } = registration;
    if (registration.status === 'confirmed' || registration.offer !== undefined) {
      working.seated.set(roleId, [registration, ...(working.seated.get(roleId) ?? [])]);
    } else {
      working.waiting.set(roleId, [...(working.waiting.get(roleId) ?? []), registration]);
    }
  }
  return { eventId: theEventId, version: rules.version, current: rules.current, working };
}

const staff = { by: 'staff' } as const;
const demote = { ifOver: 'demote' } as const;
const commands = [
  createEvent(),
  signUp('gus', { role: 'drivers' }),
  assign('gus', { override: true }),
  cancel(cookE),
  cancel(cem),
  remove(cookD),
  move(cookE, 'drivers', staff),
  move(cookF, 'volunteers', { ...staff, ifFull: 'waitlist' }),
  accept(bob),
  decline(bob),
  expire(bob, expiresAt),
  update(bob, { notes: 'hello' }),
  checkIn(cookD),
  undoCheckIn(cookE),
  addRole(aRole('pilots')),
  changeRole('volunteers', { capacity: 5, waitlist: 'auto' }),
  changeRole('cooks', { capacity: 0 }, demote),
  deleteRole('drivers'),
  changeEvent({ settings: { capacity: 1 }, pools: { kitchen: { capacity: 1 } } }, demote),
  changeEvent({ pools: { kitchen: null } }),
  cancelEvent(),
];

describe('decide', () => {
  it.each(commands)('leaves the state that it is given alone: $type', (command) => {
    const state = busyState();
    const before = structuredClone(state);
    const first = decide(state, command, command.acceptedAt);
    expect(state).toEqual(before);
    expect(decide(state, command, command.acceptedAt)).toEqual(first);
    // Those that are refused would prove little.
    expect(first.outcome).toBe(command.type === 'CreateEvent' ? 'rejected' : 'accepted');
  });

  it.each([
    ['decision', 5_000],
    ['acceptance, when the clock of the worker is behind', -5_000],
  ])('lets offers run from the later moment, the %s', (_which, after) => {
    const from = signupTime + Math.max(0, after);
    expect(decide(busyState(), decline(bob), signupTime + after)).toMatchObject({
      domainEvents: [{ cause: 'declined' }, { type: 'RegistrationOffered', expiresAt: from + offerMs }],
    });
  });

  it('judges everything else by the acceptance', () => {
    expect(decide(busyState(), accept(bob, { at: expiresAt - 1 }), expiresAt + 1).outcome).toBe('accepted');
    expect(decide(busyState(), accept(bob, { at: expiresAt }), expiresAt - 1).outcome).toBe('rejected');
  });
});

describe('dischargeObligation', () => {
  it.each(['promote', 'demote', 'cancel'] as const)('leaves the state alone, too: %s', (kind) => {
    const state = busyState();
    if (state.current === undefined) throw new Error('it was created');
    const limits = [{ limit: 'event' }] as const;
    const obligation = { kind, causationId: ann.commandId, acceptedAt: signupTime, limits };
    const changed = {
      ...state,
      current: { ...state.current, settings: { ...state.current.settings, capacity: 1 }, obligation },
    };
    const before = structuredClone(changed);
    const facts = dischargeObligation(changed, signupTime);
    expect(changed).toEqual(before);
    expect(facts.at(-1)).toEqual({ type: 'ObligationDischarged', obligation });
  });
});
