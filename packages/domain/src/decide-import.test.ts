/* oxlint-disable vitest/expect-expect, promise/valid-params -- then(), thenRefused() and thenQuiet() assert */
import {
  aPool,
  aRole,
  aRoleId,
  aUserId,
  cancelById,
  changeRole,
  createEvent,
  createRules,
  erase,
  expire,
  finishImport,
  givenDraft,
  givenEvent,
  givenNothing,
  imported,
  importAgain,
  importEvent,
  importRegistration,
  legacyEventId,
  openEvent,
  resumeImport,
  signUp,
  signupTime,
  someSettings,
  theEventId,
} from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import type { Command } from './command.ts';
import { importStepId, parseCommandId, registrationIdFor } from './ids.ts';
import { legacyActionsMax } from './legacy-action.ts';

const given = (parts = {}) => givenNothing().and(importEvent(parts));
const waits = { status: 'waitlist' } as const;
const gone = { status: 'cancelled' } as const;
const volunteers = aRoleId('volunteers');

/** Who stands in the role's line, by their users. */
function lineOf(...commands: readonly Command[]): readonly string[] {
  const rules = createRules(theEventId);
  for (const command of commands) rules.decideBatch([command]);
  return [...rules.registrations.values()]
    .filter(({ status, roleId }) => status === 'waitlist' && roleId === volunteers)
    .toSorted((a, b) => a.sequence - b.sequence)
    .map(({ userId }) => userId);
}

describe('an import of an event', () => {
  const definition = { legacyId: legacyEventId, settings: someSettings(), roles: [aRole()], pools: [] };

  it('makes it, as a draft that the system before leads', () => {
    const when = givenNothing().when(importEvent());
    when.then({ type: 'EventImported', ...definition });
    expect(when.rules.current).toMatchObject({ status: 'draft', importing: true, legacyId: legacyEventId });
  });

  it('replaces what was said of it, and keeps who is registered', () => {
    const roles = [aRole('cooks'), aRole('volunteers', { capacity: 9 })];
    const when = given()
      .and(importRegistration('ann'))
      .when(importEvent({ roles, settings: { title: 'Winter fair' } }));
    when.then({ type: 'EventImported', ...definition, roles, settings: someSettings({ title: 'Winter fair' }) });
    expect(when.rules.current?.roles.get(volunteers)).toMatchObject({ role: { capacity: 9 }, confirmed: 1 });
    expect([...(when.rules.current?.roles.keys() ?? [])]).toEqual(['cooks', 'volunteers']);
  });

  it('that says nothing new changes nothing, in whatever order it says it', () => {
    const again = importEvent();
    const settings = Object.fromEntries(
      Object.entries(again.settings).toReversed(),
    ) as unknown as typeof again.settings;
    given()
      .when({ ...again, settings })
      .thenQuiet();
    given()
      .when(importEvent({ pools: [aPool('night', 1, 'volunteers')] }))
      .then({
        type: 'EventImported',
        ...definition,
        pools: [aPool('night', 1, 'volunteers')],
      });
  });

  it('may drop a role that nobody is registered for, and no other', () => {
    const both = { roles: [aRole(), aRole('cooks')] };
    given(both)
      .and(importRegistration('ann', gone))
      .when(importEvent({ roles: [aRole('cooks')] }))
      .then({
        type: 'EventImported',
        ...definition,
        roles: [aRole('cooks')],
      });
    given(both)
      .and(importRegistration('ann'), importRegistration('bob', waits))
      .when(importEvent({ roles: [aRole('cooks')] }))
      .thenRefused({ reason: 'role-in-use', roleId: volunteers, confirmed: 1, waitlist: 1, offered: 0 });
  });

  it('is refused for one that Rollcall leads, and where its settings contradict each other', () => {
    givenDraft().when(importEvent()).thenRefused({ reason: 'not-importing' });
    givenNothing()
      .when(importEvent({ settings: { startsAt: 5, endsAt: 5 } }))
      .thenRefused({ reason: 'settings-invalid', rule: 'starts-before-it-ends' });
    const many = Array.from({ length: 101 }, (_, n) => aRole(`role-${n}`));
    givenNothing()
      .when(importEvent({ roles: many }))
      .thenRefused({ reason: 'too-many-roles', rolesMax: 100 });
    const pools = Array.from({ length: 51 }, (_, n) => aPool(`pool-${n}`, 1, 'volunteers'));
    givenNothing().when(importEvent({ pools })).thenRefused({ reason: 'too-many-pools', poolsMax: 50 });
  });
});

describe('an import of a registration', () => {
  it('makes it, with all that is a fact of it', () => {
    const ann = importRegistration('ann', {
      legacyId: 'document-1',
      registeredBy: aUserId('olga'),
      attendedAt: 7,
      notes: 'vegan',
      profile: { displayName: 'Ann' },
      history: [{ action: 'created', performedBy: aUserId('olga'), performedAt: 5 }],
    });
    const when = given().when(ann);
    when.then(imported(ann, 2));
    expect(JSON.stringify(when.decision)).not.toMatch(/vegan|Ann/);
  });

  it('takes the seat that it says, and is marked where that was not free', () => {
    const [ann, bob] = [importRegistration('ann'), importRegistration('bob')];
    const roles = { roles: [aRole('volunteers', { capacity: 1 })] };
    given(roles).when(ann).then(imported(ann, 2));
    given(roles)
      .and(ann)
      .when(bob)
      .then(imported(bob, 3, { overLimit: true }));
    given({ settings: { capacity: 1 } })
      .and(ann)
      .when(bob)
      .then(imported(bob, 3, { overLimit: true }));
    given(roles)
      .and(ann, bob)
      .when(importAgain(bob))
      .then(imported(importAgain(bob), 3, { previous: { roleId: volunteers, sequence: 3, standing: 'confirmed' } }));
  });

  it('counts a seat once where it moves within a limit that both roles share', () => {
    const both = { roles: [aRole(), aRole('cooks')], settings: { capacity: 1 } };
    const ann = importRegistration('ann');
    const moved = importAgain(ann, { role: 'cooks' });
    given(both)
      .and(ann)
      .when(moved)
      .then(imported(moved, 3, { previous: { roleId: volunteers, sequence: 2, standing: 'confirmed' } }));
  });

  it('knows no limit per user, no window, and no waitlist that is off or full', () => {
    const roles = [aRole('volunteers', { capacity: 0, waitlist: 'off' }), aRole('cooks', { waitlistMax: 0 })];
    const [ann, again] = [importRegistration('ann', waits), importRegistration('ann', { ...waits, role: 'cooks' })];
    given({ roles }).and(ann).when(again).then(imported(again, 3));
    const late = importRegistration('ann', { at: someSettings().endsAt + 1 });
    given().when(late).then(imported(late, 2));
  });

  it('promotes nobody, though a seat is free', () => {
    const ann = importRegistration('ann');
    const left = importAgain(ann, gone);
    const parts = { roles: [aRole('volunteers', { capacity: 1 })] };
    given(parts)
      .and(ann, importRegistration('bob', waits))
      .when(left)
      .then(imported(left, 2, { previous: { roleId: volunteers, sequence: 2, standing: 'confirmed' } }));
  });

  it('is refused for a role that is not there, a second place in a role, and another user', () => {
    const ann = importRegistration('ann');
    const registrationId = registrationIdFor(ann.commandId);
    given()
      .when(importRegistration('ann', { role: 'cooks' }))
      .thenRefused({ reason: 'role-not-found', roleId: aRoleId('cooks') });
    given()
      .and(ann)
      .when(importRegistration('ann', waits))
      .thenRefused({ reason: 'already-registered', registrationId, status: 'confirmed' });
    given()
      .and(ann)
      .when(importAgain(importRegistration('bob', { registrationId })))
      .thenRefused({ reason: 'registration-not-found', registrationId });
    given().when(importAgain(ann)).thenRefused({ reason: 'registration-not-found', registrationId });
  });

  it('may say again of a cancelled one that it is, and never that it came back', () => {
    const ann = importRegistration('ann', gone);
    const registrationId = registrationIdFor(ann.commandId);
    given().when(ann).then(imported(ann, 2));
    given()
      .and(ann)
      .when(importAgain(ann))
      .then(imported(importAgain(ann), 2));
    given()
      .and(ann)
      .when(importAgain(ann, { status: 'confirmed' }))
      .thenRefused({ reason: 'already-cancelled', registrationId });
    const next = importRegistration('ann');
    given().and(ann).when(next).then(imported(next, 3));
  });

  it('carries no more of a history than fits, the latest of it, and none again', () => {
    const history = Array.from({ length: legacyActionsMax + 1 }, (_, n) => ({ action: `act-${n}` }));
    const ann = importRegistration('ann', { history });
    given()
      .when(ann)
      .then({ ...imported(ann, 2), history: history.slice(1) });
    const again = importAgain(ann);
    given()
      .and(ann)
      .when(again)
      .then(imported(again, 2, { previous: { roleId: volunteers, sequence: 2, standing: 'confirmed' } }));
  });

  it('puts people into a line in the order in which they are imported', () => {
    const some = ['ann', 'bob', 'cem'].map((user) => importRegistration(user, waits));
    expect(lineOf(importEvent(), ...some)).toEqual(['ann', 'bob', 'cem']);
    const [ann, bob] = [some[0]!, some[1]!];
    // Whoever is said again keeps their place, and whoever comes back into it.
    expect(lineOf(importEvent(), ...some, importAgain(ann), importAgain(bob, { status: 'confirmed' }))).toEqual([
      'ann',
      'cem',
    ]);
    expect(lineOf(importEvent(), ...some, importAgain(bob, { status: 'confirmed' }), importAgain(bob, waits))).toEqual([
      'ann',
      'bob',
      'cem',
    ]);
  });

  it('sends to the end of the line whoever is to be queued again: so any order is restored', () => {
    const some = ['ann', 'bob', 'cem'].map((user) => importRegistration(user, waits));
    const again = [2, 0, 1].map((n) => importAgain(some[n]!, { requeue: true }));
    expect(lineOf(importEvent(), ...some, ...again)).toEqual(['cem', 'ann', 'bob']);
  });

  it('is refused unless the system before leads the event', () => {
    givenEvent().when(importRegistration('ann')).thenRefused({ reason: 'not-importing' });
    givenNothing().when(importRegistration('ann')).thenRefused({ reason: 'event-not-found' });
  });
});

describe('while the system before leads an event', () => {
  const ann = importRegistration('ann');
  const registrationId = registrationIdFor(ann.commandId);
  it.each<Command>([
    createEvent(),
    openEvent(),
    changeRole('volunteers', { capacity: 3 }),
    signUp('bob'),
    signUp('bob', { by: 'staff' }),
    cancelById(registrationId, { by: 'ann' }),
    expire(registrationId, 5),
    erase('ann'),
  ])('$type is refused', (command) => {
    given().and(ann).when(command).thenRefused({ reason: 'event-importing' });
  });
});

describe('the end of an import', () => {
  const parts = { roles: [aRole('volunteers', { capacity: 1 })] };
  const finished = (status: 'open' | 'closed' | 'cancelled') => ({ type: 'ImportFinished', status }) as const;

  it.each(['open', 'closed'] as const)('lets Rollcall lead the event, which is %s', (status) => {
    const when = given().when(finishImport(status));
    when.then(finished(status));
    expect(when.rules.current).toMatchObject({ status, legacyId: legacyEventId });
    expect(when.rules.current).not.toHaveProperty('importing');
  });

  it('gives free seats to those who wait, in their order', () => {
    const [ann, bob] = [importRegistration('ann', waits), importRegistration('bob', waits)];
    const about = ({ type: _t, status: _s, registeredAt: _r, ...rest }: ReturnType<typeof imported>) => rest;
    given(parts)
      .and(ann, bob)
      .when(finishImport())
      .then(finished('open'), {
        type: 'RegistrationPromoted',
        ...about(imported(ann, 2)),
        previousStanding: 'waitlist',
      });
    given({ roles: [aRole('volunteers', { capacity: 1, waitlist: 'offer' })] })
      .and(ann, bob)
      .when(finishImport())
      .then(finished('open'), {
        type: 'RegistrationOffered',
        ...about(imported(ann, 2)),
        expiresAt: signupTime + 50 + 3_600_000,
      });
  });

  it('gives nobody a seat once the event is over', () => {
    const at = someSettings().endsAt;
    given(parts).and(importRegistration('ann', waits)).when(finishImport('closed', { at })).then(finished('closed'));
  });

  it('leaves over-full what is, until it is not any more', () => {
    const [ann, bob] = [importRegistration('ann'), importRegistration('bob')];
    const rules = createRules(theEventId);
    rules.decideBatch([importEvent(parts), ann, bob, importRegistration('cem', waits), finishImport()]);
    const countsOf = () => rules.current?.roles.get(volunteers);
    expect(countsOf()).toMatchObject({ confirmed: 2, waitlist: 1 });
    rules.decideBatch([cancelById(registrationIdFor(ann.commandId), { by: 'ann' })]);
    expect(countsOf()).toMatchObject({ confirmed: 1, waitlist: 1 });
    rules.decideBatch([cancelById(registrationIdFor(bob.commandId), { by: 'bob' })]);
    expect(countsOf()).toMatchObject({ confirmed: 1, waitlist: 0 });
  });

  it('leaves to an obligation what is too much for one decision', () => {
    const rules = createRules(theEventId);
    const many = Array.from({ length: 1_200 }, (_, n) => importRegistration(`user-${n}`, waits));
    rules.decideBatch([importEvent({ roles: [aRole('volunteers', { capacity: null })] }), ...many, finishImport()]);
    const steps = rules.decided.slice(1 + many.length).map(({ decision }) => {
      const facts = decision.outcome === 'accepted' ? decision.domainEvents : [];
      return facts.filter(({ type }) => type === 'RegistrationPromoted').length;
    });
    expect(steps).toEqual([500, 500, 200]);
    expect(rules.current?.roles.get(volunteers)).toMatchObject({ confirmed: 1_200, waitlist: 0 });
  });

  it('cancels everybody of a cancelled event, by an obligation', () => {
    const rules = createRules(theEventId);
    const [ann, bob] = [importRegistration('ann'), importRegistration('bob', waits)];
    rules.decideBatch([importEvent(), ann, bob, finishImport('cancelled')]);
    expect(rules.current).toMatchObject({ status: 'cancelled' });
    expect([...rules.registrations.values()].map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    given().when(finishImport('cancelled')).then(finished('cancelled'));
  });

  it('comes once', () => {
    given().and(finishImport()).when(finishImport()).thenRefused({ reason: 'not-importing' });
    givenEvent().when(finishImport()).thenRefused({ reason: 'not-importing' });
  });
});

describe('an import that is resumed', () => {
  it('gives the event back, and takes up what became of it', () => {
    const ann = importRegistration('ann');
    const back = given().and(ann, finishImport(), signUp('bob')).when(resumeImport());
    back.then({ type: 'ImportResumed' });
    expect(back.rules.current).toMatchObject({ status: 'draft', importing: true });
    const left = importAgain(ann, gone);
    given()
      .and(ann, finishImport(), signUp('bob'), resumeImport())
      .when(left)
      .then(imported(left, 2, { previous: { roleId: volunteers, sequence: 2, standing: 'confirmed' } }));
  });

  it('takes an offer back from whoever only waits there', () => {
    const bob = importRegistration('bob', waits);
    const again = importAgain(bob);
    const parts = { roles: [aRole('volunteers', { capacity: 1, waitlist: 'offer' as const })] };
    const when = given(parts).and(bob, finishImport(), resumeImport()).when(again);
    when.then(imported(again, 2, { previous: { roleId: volunteers, sequence: 2, standing: 'offered' } }));
    expect(when.rules.current?.roles.get(volunteers)).toMatchObject({ offered: 0, waitlist: 1 });
  });

  it('is nothing new where it goes on, and refused where it never began', () => {
    given().when(resumeImport()).thenQuiet();
    givenEvent().when(resumeImport()).thenRefused({ reason: 'not-importing' });
  });
});

it('names steps of an import by their version', () => {
  expect(parseCommandId(importStepId(1))).toBe('cimport-000000000000001');
  expect(parseCommandId(importStepId(Number.MAX_SAFE_INTEGER))).toBeUndefined();
  expect(parseCommandId(importStepId(999_999_999_999_999))).toBeDefined();
});
