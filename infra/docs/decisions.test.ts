import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { reasons } from '../../packages/domain/src/index.ts';
import { decisionsPage } from './decisions.ts';

it('docs/decisions.md is what the code says; `npm run docs` writes it', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/decisions.md'), 'utf8');
  expect(page).toBe(decisionsPage());
});

it.each(Object.entries(reasons))('%s is in it, with its facts', (reason, { means, facts }) => {
  const row = decisionsPage()
    .split('\n')
    .find((line) => line.startsWith(`| \`${reason}\` |`));
  expect(row).toContain(means);
  for (const says of Object.values(facts)) expect(row).toContain(says);
});
