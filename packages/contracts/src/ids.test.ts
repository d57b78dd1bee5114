import { parseUserId } from '@rollcall/domain';
import { expect, it } from 'vitest';
import { Compile } from 'typebox/compile';
import { userIdSchema } from './ids.ts';

const schema = Compile(userIdSchema);

it.each(['ann', 'cem|p{C}s', 'auth0|5f7c', 'ünï-çødé', '用户', '😀', 'a b', 'x'.repeat(128)])('takes %j', (id) => {
  expect(schema.Check(id)).toBe(true);
  expect(parseUserId(id)).toBe(id);
});

it.each(['', 'x'.repeat(129), 'a\u0000', 'a\nb', 'a\u0085', 'x\ud800', '\udc00x'])('refuses %j', (id) => {
  expect(schema.Check(id)).toBe(false);
  expect(parseUserId(id)).toBeUndefined();
});
