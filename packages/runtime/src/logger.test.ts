import { expect, it } from 'vitest';
import { loggedError } from './logger.ts';

it('says what went wrong and where, and nothing of what the error carries', () => {
  const error = Object.assign(new Error('OOM command not allowed'), {
    code: 'OOM',
    command: { name: 'evalsha', args: ['a secret of lea'] },
    writeErrors: [{ op: { notes: 'a secret of lea' } }],
  });
  const logged = loggedError(error);
  expect(logged).toMatchObject({ type: 'Error', message: 'OOM command not allowed', code: 'OOM' });
  expect(logged.stack).toContain('logger.test.ts');
  expect(JSON.stringify(logged)).not.toContain('secret');
});

it('does not quote the key of a duplicate', () => {
  const error = new Error('E11000 duplicate key error collection: x index: y dup key: { eventId: "e", userId: "lea" }');
  expect(loggedError(error).message).toMatch(/^E11000 duplicate key error .* dup key: \[redacted\]$/);
  expect(JSON.stringify(loggedError(error))).not.toContain('lea');
});

it('takes what is no error at all', () => {
  expect(loggedError('a secret')).toEqual({ type: 'string', message: 'not an error' });
});
