import type { CommandBody, OrganizerId, PoolId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { decodeMailboxPayload, encodeMailboxPayload, NewerPayloadError } from './mailbox-payload.ts';

const userId = 'ann' as UserId;
const roleId = 'r' as RoleId;
const poolId = 'p' as PoolId;
const registrationId = `r${'x'.repeat(22)}` as RegistrationId;
const user = { kind: 'user', userId } as const;
const staff = { kind: 'staff', userId } as const;
const role = { roleId, name: 'crew', capacity: null, waitlist: 'offer', waitlistMax: 5, offerMs: 1000 } as const;
const lowered = { ifOver: 'demote', dryRun: true } as const;

/** Each with all that it may hold. */
const bodies: { readonly [Word in CommandBody['type']]: Extract<CommandBody, { type: Word }> } = {
  CreateEvent: {
    type: 'CreateEvent',
    actor: staff,
    settings: {
      organizerId: 'o' as never,
      title: 't',
      startsAt: 4,
      endsAt: 5,
      timeZone: 'UTC',
      location: 'l',
      signupOpensAt: 1,
      signupClosesAt: 3,
      cancelClosesAt: 2,
      capacity: 100,
      registrationsPerUserMax: 1,
      usersMayMove: true,
    },
    roles: [role],
    pools: [{ poolId, capacity: 4, roleIds: [roleId] }],
  },
  ChangeEventSettings: {
    type: 'ChangeEventSettings',
    actor: staff,
    settings: { title: 't', location: null, capacity: null, cancelClosesAt: 3, usersMayMove: false },
    pools: { p: { capacity: 1 }, q: null, s: { capacity: 1, roleIds: [roleId] } },
    status: 'cancelled',
    ...lowered,
  },
  AddRole: { type: 'AddRole', actor: staff, role },
  ChangeRole: {
    type: 'ChangeRole',
    actor: staff,
    roleId,
    changes: { name: 'n', capacity: null, waitlist: 'off', waitlistMax: null, offerMs: 1 },
    ...lowered,
  },
  DeleteRole: { type: 'DeleteRole', actor: staff, roleId },
  SignUp: {
    type: 'SignUp',
    actor: user,
    userId,
    roleId,
    override: true,
    notes: '🌱 "',
    specialRequirements: 'שלום',
    profile: { displayName: 'Ann', email: 'ann@example.org' },
  },
  CancelSignup: { type: 'CancelSignup', actor: user, registrationId, reason: 'ill' },
  RemoveFromRole: { type: 'RemoveFromRole', actor: staff, registrationId, reasonCode: 'no-show', reason: 'again' },
  MoveBetweenRoles: { type: 'MoveBetweenRoles', actor: user, registrationId, roleId, ifFull: 'waitlist' },
  AcceptOffer: { type: 'AcceptOffer', actor: staff, registrationId },
  DeclineOffer: { type: 'DeclineOffer', actor: user, registrationId },
  ExpireOffer: { type: 'ExpireOffer', actor: { kind: 'system' }, registrationId, expiresAt: 7 },
  UpdateRegistration: {
    type: 'UpdateRegistration',
    actor: user,
    registrationId,
    notes: null,
    specialRequirements: 's',
  },
  CheckIn: { type: 'CheckIn', actor: staff, registrationId },
  UndoCheckIn: { type: 'UndoCheckIn', actor: staff, registrationId },
  EraseUser: { type: 'EraseUser', actor: { kind: 'system' }, userId, erasedAs: `erased-${'x'.repeat(22)}` as UserId },
  ImportEvent: {
    type: 'ImportEvent',
    actor: { kind: 'system' },
    legacyId: '64f',
    settings: {
      organizerId: 'o' as never,
      title: 't',
      startsAt: 4,
      endsAt: 5,
      timeZone: 'UTC',
      registrationsPerUserMax: 1,
      usersMayMove: true,
    },
    roles: [role],
    pools: [],
  },
  ImportRegistration: {
    type: 'ImportRegistration',
    actor: { kind: 'system' },
    registrationId,
    legacyId: '650',
    userId,
    roleId,
    status: 'confirmed',
    registrationDate: 1,
    registeredBy: userId,
    attendedAt: 2,
    cancelledAt: 3,
    notes: '🌱 "',
    specialRequirements: 'שלום',
    profile: { displayName: 'n', email: 'e' },
    history: [{ action: 'moved', performedBy: userId, performedAt: 1, fromRoleId: roleId, toRoleId: roleId }],
    requeue: true,
  },
  FinishImport: { type: 'FinishImport', actor: { kind: 'system' }, status: 'closed' },
  ResumeImport: { type: 'ResumeImport', actor: { kind: 'system' } },
};
const body = bodies.SignUp;

describe('a payload', () => {
  it.each(Object.values(bodies))('of $type is read as it was written', (command) => {
    expect(decodeMailboxPayload(encodeMailboxPayload('hash', command))).toEqual({
      v: 2,
      bodyHash: 'hash',
      body: command,
    });
  });

  it.each(Object.values(bodies))('of $type with a field that nobody defined can not be read', (command) => {
    const text = JSON.stringify({ v: 2, bodyHash: '', body: { ...command, extra: true } });
    expect(decodeMailboxPayload(text)).toBeUndefined();
  });

  it.each([bodies.AddRole, bodies.RemoveFromRole, bodies.CheckIn, bodies.ExpireOffer])(
    'of $type can not be read as that of a user',
    (command) => {
      const text = JSON.stringify({ v: 2, bodyHash: '', body: { ...command, actor: user } });
      expect(decodeMailboxPayload(text)).toBeUndefined();
    },
  );

  it.each([
    'nothing',
    'null',
    '{}',
    '{"v":1}',
    '{"v":2}',
    '{"v":1,"bodyHash":"","body":null}',
    '{"v":1,"bodyHash":"","body":{"type":"CreateEvent","settings":null,"roles":{}}}',
    '{"v":1,"bodyHash":"","body":{"type":"CreateEvent","settings":[],"roles":[null,1,[]]}}',
    '{"v":0,"bodyHash":"","body":{}}',
    JSON.stringify({ v: 0, bodyHash: '', body }),
    JSON.stringify({ v: 2, bodyHash: '', body, extra: true }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...body, type: 'Nonsense' } }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...body, type: 'constructor' } }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...body, userId: 'a\u0000' } }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...bodies.AddRole, role: { ...role, capacity: -1 } } }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...bodies.AddRole, role: { ...role, capacity: 1.5 } } }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...bodies.RemoveFromRole, reasonCode: 'whim' } }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...bodies.ChangeEventSettings, pools: { 'a b': null } } }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...bodies.EraseUser, erasedAs: userId } }),
    JSON.stringify({ v: 2, bodyHash: '', body: { ...bodies.EraseUser, actor: user } }),
  ])('can not be read from %s', (text) => {
    expect(decodeMailboxPayload(text)).toBeUndefined();
  });

  it.each(['{"v":3,"anything":true}', JSON.stringify({ v: 3, bodyHash: '', body })])(
    'of a newer API is left to newer workers: %s',
    (text) => {
      expect(() => decodeMailboxPayload(text)).toThrow(NewerPayloadError);
    },
  );
});

describe('a payload of version 1', () => {
  const decode1 = (command: object) => decodeMailboxPayload(JSON.stringify({ v: 1, bodyHash: 'hash', body: command }));
  const asRead = (command: CommandBody) => ({ v: 2, bodyHash: 'hash', body: command });

  const settings = {
    organizerId: 'o' as OrganizerId,
    title: 't',
    startsAt: 4,
    endsAt: 5,
    timeZone: 'UTC',
    location: 'l',
    signupOpensAt: 1,
    signupClosesAt: 3,
    registrationsPerUserMax: 1,
  };
  const oldRole = { roleId, name: 'crew', capacity: 3, waitlist: 'auto' } as const;

  it('of SignUp and CancelSignup is read as it was written', () => {
    const { override: _, ...signUp } = bodies.SignUp;
    expect(decode1(signUp)).toEqual(asRead(signUp));
    expect(decode1(bodies.CancelSignup)).toEqual(asRead(bodies.CancelSignup));
  });

  it('of CreateEvent has no pools, no moves by users, and offers of a day', () => {
    expect(decode1({ type: 'CreateEvent', actor: staff, settings, roles: [oldRole] })).toEqual(
      asRead({
        type: 'CreateEvent',
        actor: staff,
        settings: { ...settings, usersMayMove: false },
        roles: [{ ...oldRole, offerMs: 86_400_000 }],
        pools: [],
      }),
    );
  });

  it('of ChangeEventSettings changes the status alone', () => {
    expect(decode1({ type: 'ChangeEventSettings', actor: staff, status: 'open' })).toEqual(
      asRead({
        type: 'ChangeEventSettings',
        actor: staff,
        settings: {},
        pools: {},
        status: 'open',
        ifOver: 'refuse',
        dryRun: false,
      }),
    );
  });

  it.each(Object.values(bodies))('of $type that lacks nothing is left as it is', (command) => {
    expect(decode1(command)).toEqual(asRead(command));
  });

  it('can not be read with a field that nobody defined', () => {
    expect(decode1({ type: 'CreateEvent', actor: staff, settings, roles: [oldRole], extra: true })).toBeUndefined();
    expect(decode1({ type: 'ChangeEventSettings', actor: user, status: 'open' })).toBeUndefined();
  });
});
