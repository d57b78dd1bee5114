import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commandsFor } from './commands.ts';
import { diff } from './diff.ts';
import { parseMapping } from './mapping/parse.ts';
import type { LegacyEvent } from './legacy.ts';
import { settle } from './settle/settle.ts';
import { aDocument, aLegacyEvent, aLegacyRole, anEntry, day, documentNo, legacyEvents, userNo } from './testing.ts';
import { applied } from './testing-rollcall.ts';
import type { HeldEvent, WantedEvent } from './wanted.ts';

const now = Date.UTC(2025, 0);
const mapping = parseMapping({ rules: { 'unknown-role': 'drop' } });

function wantedOf(legacy: LegacyEvent): WantedEvent {
  const { wanted } = settle(legacy, mapping);
  if (wanted === undefined) throw new Error('it stops');
  return wanted;
}

/** What Rollcall has after it followed the old system through all of these. */
const following = (...legacies: readonly LegacyEvent[]): HeldEvent => {
  let held: HeldEvent | undefined;
  for (const legacy of legacies) held = applied(held, commandsFor(wantedOf(legacy), held, now));
  if (held === undefined) throw new Error('nothing was followed');
  return held;
};

const a = (documents: Parameters<typeof aLegacyEvent>[0] = {}) =>
  aLegacyEvent({ roles: [aLegacyRole('a', 9), aLegacyRole('b', 9)], ...documents });
const waiting = (number: number, more = {}) => aDocument(number, { roleId: 'a', status: 'waitlisted', ...more });
const seated = (number: number, roleId = 'a', more = {}) => aDocument(number, { roleId, ...more });

/** What differs, and by which commands it is put right: role, status, and what else is special. */
function told(before: LegacyEvent, after: LegacyEvent) {
  const held = following(before);
  const wanted = wantedOf(after);
  return {
    differs: diff(wanted, held).map(({ kind, field, userId }) => [kind, field ?? Number(userId?.slice(-2))].join(' ')),
    commands: commandsFor(wanted, held, now).map(({ body, commandId }) =>
      body.type === 'ImportEvent'
        ? `event ${body.roles.map(({ name }) => name).join(', ')}`
        : [
            commandId === undefined ? 'old' : 'new',
            Number(body.userId.slice(-2)),
            body.roleId,
            body.status,
            ...(body.requeue ? ['requeue'] : []),
          ].join(' '),
    ),
  };
}

describe('Rollcall against the old system', () => {
  it('has nothing yet', () => {
    const wanted = wantedOf(a({ documents: [seated(2), waiting(1)] }));
    expect(diff(wanted, undefined).map(({ kind }) => kind)).toEqual(['definition', 'missing', 'missing']);
    expect(commandsFor(wanted, undefined, now).map(({ body }) => body.type)).toEqual([
      'ImportEvent',
      'ImportRegistration',
      'ImportRegistration',
    ]);
  });

  it('is equal', () => {
    const legacy = a({ documents: [seated(2), waiting(1)] });
    expect(told(legacy, legacy)).toEqual({ differs: [], commands: [] });
  });

  it('lacks one, and has one too many', () => {
    expect(told(a({ documents: [seated(1)] }), a({ documents: [seated(2)] }))).toEqual({
      differs: ['surplus 1', 'missing 2'],
      commands: ['old 1 a cancelled', 'new 2 a confirmed'],
    });
  });

  it('has another role, status, text, profile, date, attendance, registrar', () => {
    const before = a({ documents: [1, 2, 3, 4, 5, 6, 7].map((number) => seated(number)) });
    const after = a({
      documents: [
        seated(1, 'b'),
        waiting(2),
        seated(3, 'a', { notes: 'x' }),
        seated(4, 'a', { userSnapshot: { username: 'x' } }),
        seated(5, 'a', { registrationDate: day(15) }),
        seated(6, 'a', { status: 'attended' }),
        seated(7, 'a', { registeredBy: userNo(1) }),
      ],
    });
    expect(told(before, after).differs).toEqual([
      'role 1',
      'status 2',
      'texts notes',
      'profile 4',
      'attended 6',
      'registered-by 7',
      'date 5',
    ]);
    expect(told(before, after).commands).toHaveLength(7);
    expect(JSON.stringify(diff(wantedOf(after), following(before)))).not.toContain('"x"');
  });

  it('has another definition', () => {
    const before = a({ documents: [seated(1)] });
    const renamed = aLegacyEvent({
      event: { title: 'Feast' },
      roles: [{ ...aLegacyRole('c', 3), name: 'Name of a' }, aLegacyRole('b', 8)],
      documents: [seated(1, 'b')],
    });
    expect(told(before, renamed)).toEqual({
      differs: ['definition title', 'definition roles', 'definition roles', 'definition roles', 'role 1'],
      commands: ['event Name of a, Name of b, Name of a (2)', 'old 1 b confirmed', 'event Name of a, Name of b'],
    });
    const turned = aLegacyEvent({ roles: [aLegacyRole('b', 9), aLegacyRole('a', 9)], documents: [seated(1)] });
    expect(told(before, turned)).toEqual({ differs: ['definition roles'], commands: ['event Name of b, Name of a'] });
  });

  it('keeps places in line but of those who have lost theirs', () => {
    const before = a({ documents: [1, 2, 3, 4].map((number) => waiting(number)) });
    const late = a({ documents: [waiting(1), waiting(2, { registrationDate: day(9) }), waiting(3), waiting(4)] });
    expect(told(before, late)).toEqual({
      differs: ['date 2', 'order 2'],
      commands: ['old 2 a waitlist requeue'],
    });
    const between = a({
      documents: [waiting(1), waiting(2), waiting(3), waiting(4), waiting(5, { registrationDate: day(2) })],
    });
    expect(told(before, between).commands).toEqual([
      'new 5 a waitlist',
      'old 3 a waitlist requeue',
      'old 4 a waitlist requeue',
    ]);
  });

  it('lets somebody swap roles', () => {
    const both = (first: string, second: string) =>
      a({ documents: [seated(1, first), seated(2, second, { userId: userNo(1) })] });
    const { differs, commands } = told(both('a', 'b'), both('b', 'a'));
    expect(differs).toEqual(['role 1', 'role 1']);
    expect(commands).toEqual(['old 1 a cancelled', 'old 1 a confirmed', 'new 1 b confirmed']);
  });

  it('keeps the registration when its document comes later', () => {
    const listed = a({ roles: [aLegacyRole('a', 9, [anEntry(1)])] });
    const both = a({ roles: [aLegacyRole('a', 9, [anEntry(1)])], documents: [seated(1)] });
    expect(told(listed, both).differs).toEqual(['profile 1', 'legacy-id 1'].toReversed());
    const held = following(listed, both);
    expect(held.registrations).toMatchObject([{ status: 'confirmed', legacyId: documentNo(1).hex }]);
    expect(told(both, listed).differs).not.toContain('legacy-id 1');
  });

  it('makes a new registration of one that came back', () => {
    const [there, gone] = [a({ documents: [seated(1)] }), a({ documents: [] })];
    const held = following(there, gone, there, gone, there);
    expect(held.registrations.map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'confirmed']);
    expect(new Set(held.registrations.map(({ registrationId }) => registrationId)).size).toBe(3);
    const again = following(there, gone, there, gone, there);
    expect(again).toEqual(held);
  });
});

describe('the commands', () => {
  const fewerRoles = fc.tuple(legacyEvents, fc.subarray([0, 1, 2])).map(([legacy, kept]): LegacyEvent => {
    const roles = legacy.event['roles'] as readonly unknown[];
    return { ...legacy, event: { ...legacy.event, roles: kept.map((index) => roles[index]) } };
  });
  const histories = fc.array(fc.oneof(legacyEvents, fewerRoles), { minLength: 1, maxLength: 4 });

  it('make Rollcall equal, whatever it followed before, and none of them is refused', () => {
    fc.assert(
      fc.property(histories, legacyEvents, (before, legacy) => {
        const held = following(...before);
        const wanted = wantedOf(legacy);
        const commands = commandsFor(wanted, held, now);
        expect(commands.length === 0).toBe(diff(wanted, held).length === 0);
        const after = applied(held, commands);
        expect(diff(wanted, after)).toEqual([]);
        expect(commandsFor(wanted, after, now)).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('restore any order of the line', () => {
    const shuffled = legacyEvents.chain((legacy) => {
      const held = following(legacy);
      const numbers = fc.uniqueArray(fc.nat(held.version), {
        minLength: held.registrations.length,
        maxLength: held.registrations.length,
      });
      return numbers.map((sequences): readonly [LegacyEvent, HeldEvent] => {
        const registrations = held.registrations.map((one, index) => ({ ...one, sequence: sequences[index] ?? 0 }));
        return [legacy, { ...held, registrations }];
      });
    });
    fc.assert(
      fc.property(shuffled, ([legacy, held]) => {
        const wanted = wantedOf(legacy);
        const after = applied(held, commandsFor(wanted, held, now));
        const line = (after?.registrations ?? [])
          .filter(({ status }) => status === 'waitlist')
          .toSorted((one, other) => one.sequence - other.sequence);
        for (const { roleId } of wanted.roles) {
          expect(line.filter((one) => one.roleId === roleId).map(({ userId }) => userId)).toEqual(
            wanted.registrations
              .filter((one) => one.status === 'waitlist' && one.roleId === roleId)
              .map(({ userId }) => userId),
          );
        }
        expect(diff(wanted, after)).toEqual([]);
      }),
    );
  });
});
