import type { RegistrationId, UserId } from '@rollcall/domain';
import { expect, it } from 'vitest';
import { createMentions } from './mentions.ts';

const id = `r${'x'.repeat(22)}` as RegistrationId;

it.each([
  [true, '{"userId":"ann"}'],
  [true, '{"userId":"ann","no'],
  [true, `{"registrationId":"${id}"}`],
  [false, '{"userId":"anna","notes":"ann"}'.replace('"ann"', '"for ann"')],
  [false, `{"registrationId":"${id.replace('x', 'y')}"}`],
  [false, ''],
])('is %s of %s', (expected, text) => {
  expect(createMentions({ userId: 'ann' as UserId, registrationIds: [id] })(text)).toBe(expected);
});

it('knows ids as JSON writes them', () => {
  const userId = 'a "b"\\ ü🌱' as UserId;
  expect(createMentions({ userId, registrationIds: [] })(JSON.stringify({ userId }))).toBe(true);
});
