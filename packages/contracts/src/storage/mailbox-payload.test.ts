import type { CommandBody, RoleId, UserId } from '@rollcall/domain';
import { expect, it } from 'vitest';
import { decodeMailboxPayload, encodeMailboxPayload, NewerPayloadError } from './mailbox-payload.ts';

const userId = 'ann' as UserId;
const body: CommandBody = {
  type: 'SignUp',
  actor: { kind: 'user', userId },
  userId,
  roleId: 'r' as RoleId,
  notes: '🌱 "',
};

it('reads what it wrote', () => {
  expect(decodeMailboxPayload(encodeMailboxPayload('hash', body))).toEqual({ v: 1, bodyHash: 'hash', body });
});

it.each([
  'nothing',
  'null',
  '{}',
  '{"v":1}',
  '{"v":0,"bodyHash":"","body":{}}',
  JSON.stringify({ v: 1, bodyHash: '', body: { ...body, type: 'Nonsense' } }),
  JSON.stringify({ v: 1, bodyHash: '', body: { ...body, extra: true } }),
  JSON.stringify({ v: 1, bodyHash: '', body: { ...body, userId: 'a\u0000' } }),
])('can not read %s', (text) => {
  expect(decodeMailboxPayload(text)).toBeUndefined();
});

it('leaves what a newer API wrote to newer workers', () => {
  expect(() => decodeMailboxPayload('{"v":2,"anything":true}')).toThrow(NewerPayloadError);
});
