import { execFileSync } from 'node:child_process';
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

it('a line that was put together is like one of the logger', () => {
  const script = `
    import { createLineWriter, createLogger } from ${JSON.stringify(new URL('logger.ts', import.meta.url).href)};
    const logger = createLogger({ name: 'the "app"', level: 'info' });
    logger.info({ status: 200, text: '"' }, 'asked');
    createLineWriter(logger, 'asked')('"status":200,"text":' + JSON.stringify('"'));
    logger.level = 'warn';
    createLineWriter(logger, 'asked')('"status":500');
    logger.flush();
  `;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  const [theirs, ours, ...more] = output.trimEnd().split('\n');
  const time = /"time":"[^"]+Z"/;
  expect(ours).toMatch(time);
  expect(ours?.replace(time, '')).toBe(theirs?.replace(time, ''));
  expect(more).toEqual([]);
});
