import { registrationIdFor, commandIdFromToken, type RoleId, type UserId } from '@rollcall/domain';
import * as fc from 'fast-check';
import { userNo } from '../testing.ts';
import type { HeldEvent, HeldRegistration } from '../wanted.ts';

/** What people do at an event once Rollcall leads it, as far as the old system can be told of it. */
export type Happening = (held: HeldEvent) => HeldEvent;

const index = fc.nat(20);
const roleAt = ({ roles }: HeldEvent, at: number): RoleId | undefined => roles[at % Math.max(roles.length, 1)]?.roleId;

function registrationAt({ registrations }: HeldEvent, at: number): HeldRegistration | undefined {
  const active = registrations.filter(({ status }) => status !== 'cancelled');
  return active[at % Math.max(active.length, 1)];
}

const registered = (held: HeldEvent, userId: UserId, roleId: RoleId) =>
  held.registrations.some((one) => one.status !== 'cancelled' && one.userId === userId && one.roleId === roleId);

type Changed = Partial<Omit<HeldRegistration, 'attendedAt' | 'notes'>> & {
  readonly attendedAt?: number | undefined;
  readonly notes?: string | undefined;
};

/** Does it to one that is active, which becomes the youngest of its line if `requeue`. */
function to(at: number, change: () => Changed, requeue = false): Happening {
  return (held) => {
    const one = registrationAt(held, at);
    if (one === undefined) return held;
    const version = held.version + 1;
    const { attendedAt, notes, ...rest } = { ...one, ...change(), ...(requeue ? { sequence: version } : {}) };
    const after = {
      ...rest,
      ...(attendedAt === undefined || rest.status !== 'confirmed' ? {} : { attendedAt }),
      ...(notes === undefined ? {} : { notes }),
    };
    return { ...held, version, registrations: held.registrations.map((other) => (other === one ? after : other)) };
  };
}

const move = fc.tuple(index, index).map(([at, role]): Happening => (held) => {
  const roleId = roleAt(held, role);
  const one = registrationAt(held, at);
  if (roleId === undefined || one === undefined || registered(held, one.userId, roleId)) return held;
  return to(at, () => ({ roleId }), true)(held);
});

const signUp = fc
  .record({ user: fc.integer({ min: 1, max: 9 }), role: index, waits: fc.boolean(), note: fc.boolean() })
  .map(({ user, role, waits, note }): Happening => (held) => {
    const roleId = roleAt(held, role);
    const userId = userNo(user).hex as UserId;
    if (roleId === undefined || held.status === 'cancelled' || registered(held, userId, roleId)) return held;
    const version = held.version + 1;
    const added: HeldRegistration = {
      registrationId: registrationIdFor(commandIdFromToken(String(version).padStart(22, '0'))),
      legacyId: undefined,
      userId,
      roleId,
      status: waits ? 'waitlist' : 'confirmed',
      sequence: version,
      registrationDate: Date.UTC(2025, 0, 1, 0, 0, version),
      registeredBy: userId,
      profile: { displayName: 'Ann van New', email: 'new@example.org' },
      ...(note ? { notes: 'new here' } : {}),
    };
    return { ...held, version, registrations: [...held.registrations, added] };
  });

const settingsChange = fc
  .constantFrom<Partial<HeldEvent['settings']>>(
    { title: 'Feast' },
    { startsAt: Date.UTC(2030, 4, 31, 20), endsAt: Date.UTC(2030, 5, 1, 2) },
    { endsAt: Date.UTC(2030, 5, 3, 2) },
    { location: 'Hall 2' },
  )
  .map((change): Happening => (held) => ({ ...held, settings: { ...held.settings, ...change } }));

const status = fc.constantFrom<Happening>(
  (held) => ({ ...held, status: 'closed' }),
  (held) => ({
    ...held,
    status: 'cancelled',
    registrations: held.registrations.map((one) => withoutAttendance({ ...one, status: 'cancelled' })),
  }),
);

function withoutAttendance(registration: HeldRegistration): HeldRegistration {
  const { attendedAt: _attendedAt, ...rest } = registration;
  return rest;
}

const roleChange = fc.tuple(index, fc.nat(9)).map(([at, capacity]): Happening => (held) => ({
  ...held,
  roles: held.roles.map((role, position) =>
    position === at % held.roles.length ? { ...role, capacity, name: `Now ${capacity} at ${position}` } : role,
  ),
}));

const newRole: Happening = (held) => {
  const roleId = `new-${held.version}` as RoleId;
  const role = { roleId, name: `New ${held.version}`, capacity: 3, waitlist: 'auto', offerMs: 86_400_000 } as const;
  return { ...held, version: held.version + 1, roles: [...held.roles, role] };
};

const roleGoes = index.map((at): Happening => (held) => {
  const roleId = roleAt(held, at);
  const used = held.registrations.some((one) => one.status !== 'cancelled' && one.roleId === roleId);
  return used ? held : { ...held, roles: held.roles.filter((role) => role.roleId !== roleId) };
});

export const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.oneof(
    index.map((at) => to(at, () => ({ status: 'cancelled', cancelledAt: Date.UTC(2025, 1) }))),
    index.map((at) => to(at, () => ({ status: 'confirmed' }))),
    index.map((at) => to(at, () => ({ status: 'waitlist' }), true)),
    index.map((at) => to(at, () => ({ status: 'confirmed', attendedAt: Date.UTC(2025, 2) }))),
    index.map((at) => to(at, () => ({ attendedAt: undefined }))),
    fc.tuple(index, fc.constantFrom('changed', 'two\nlines')).map(([at, notes]) => to(at, () => ({ notes }))),
    index.map((at) => to(at, () => ({ notes: undefined }))),
    index.map((at) => to(at, () => ({ specialRequirements: 'a ramp' }))),
    move,
    move,
    signUp,
    signUp,
    settingsChange,
    status,
    roleChange,
    fc.constant(newRole),
    roleGoes,
  ),
  { maxLength: 12 },
);
