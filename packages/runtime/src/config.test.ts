import { Type } from 'typebox';
import { expect, it } from 'vitest';
import { readSettings } from './config.ts';

const schema = Type.Object({
  PORT: Type.Integer({ default: 3000, minimum: 0, maximum: 65_535 }),
  NAME: Type.String({ minLength: 1 }),
});

it('reads what is set, fills in the rest, and leaves out what it does not know', () => {
  const settings = readSettings(schema, { NAME: 'api', PORT: '8080', OTHER: 'x' });
  expect(settings).toEqual({ NAME: 'api', PORT: 8080 });
  expect(readSettings(schema, { NAME: 'api' }).PORT).toBe(3000);
  expect(Object.isFrozen(settings)).toBe(true);
});

it.each([
  ['missing', {}, 'NAME'],
  ['not a number', { NAME: 'api', PORT: 'many' }, 'PORT'],
  ['out of bounds', { NAME: 'api', PORT: '70000' }, 'PORT'],
])('names the setting that is %s', (_what, environment, name) => {
  expect(() => readSettings(schema, environment)).toThrow(name);
});
