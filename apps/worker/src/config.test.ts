import { readSettings } from '@rollcall/runtime';
import { expect, it } from 'vitest';
import { workerSettings } from './config.ts';

const servers = { MONGODB_URL: 'mongodb://127.0.0.1', REDIS_URL: 'redis://127.0.0.1' };

it('needs the two servers and nothing else', () => {
  expect(readSettings(workerSettings, servers)).toMatchObject({ BATCH_SIZE_MAX: 500, EVENT_LOCK: 'on' });
  expect(() => readSettings(workerSettings, { REDIS_URL: servers.REDIS_URL })).toThrow('MONGODB_URL');
});

it.each([
  ['BATCH_SIZE_MAX', '501'],
  ['BATCH_SIZE_MAX', '0'],
  ['EVENT_LOCK', 'maybe'],
  ['SWEEP_MS', '1'],
  ['REDIS_KEY_PREFIX', '{all}:'],
])('refuses %s=%s', (name, value) => {
  expect(() => readSettings(workerSettings, { ...servers, [name]: value })).toThrow(name);
});
