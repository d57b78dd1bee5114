import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { kinds, mappingSchema } from '../../packages/migration/src/index.ts';
import { mappingPage } from './mapping.ts';

it('docs/migration-mapping.md is what the code says; `npm run docs` writes it', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/migration-mapping.md'), 'utf8');
  expect(page).toBe(mappingPage());
});

it('says of every entry what it is', () => {
  expect(mappingPage()).not.toMatch(/\| {2}\||undefined/);
  for (const name of [...Object.keys(mappingSchema.properties), ...Object.keys(kinds)]) {
    expect(mappingPage()).toContain(`\`${name}\``);
  }
});
