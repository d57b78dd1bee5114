import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { describe, expect, it } from 'vitest';
import { rooms, rules } from './rules.ts';

const root = join(import.meta.dirname, '../..');

async function look(baseDir: string, folders: readonly string[]): Promise<ICruiseResult> {
  const { output } = await cruise([...folders], {
    baseDir,
    ruleSet: { forbidden: [...rules] },
    validate: true,
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  });
  if (typeof output === 'string') throw new Error('expected a result, not a report');
  return output;
}

const violations = ({ summary }: ICruiseResult) =>
  summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`);

describe('who may import whom', () => {
  it('holds in the whole tree', async () => {
    const result = await look(root, ['apps', 'packages']);
    expect(violations(result)).toEqual([]);
    // A check that looked at nothing is green too.
    for (const room of rooms) {
      const seen = result.modules.filter(({ source }) => source.startsWith(`${room}/src/`));
      expect(seen.length, room).toBeGreaterThan(1);
      const files = globSync(`${room}/src/**/*.ts`, { cwd: root }).filter((file) => !file.endsWith('.d.ts'));
      expect(seen.filter(({ source }) => !source.endsWith('.d.ts')).length, room).toBe(files.length);
    }
  }, 60_000);

  it('is noticed when it does not hold', async () => {
    const planted = await look(join(import.meta.dirname, 'planted'), ['apps', 'packages']);
    expect(violations(planted).toSorted()).toEqual([
      expect.stringMatching(/^drivers are known .*: packages\/engine\/src\/driver.ts → .*mongodb/),
      'no circles: packages/domain/src/circle-a.ts → packages/domain/src/circle-b.ts',
      'packages/domain imports what it may: packages/domain/src/impure.ts → packages/engine/src/index.ts',
      'packages/store-mongo imports what it may: packages/store-mongo/src/nosy.ts → packages/mailbox-redis/src/index.ts',
      'the domain needs nothing: packages/domain/src/impure.ts → fs',
    ]);
  });
});

describe('the domain is pure', () => {
  const impure = /\b(async|await|Promise|setTimeout|Date\.now|new Date|Math\.random|crypto|process|console)\b/;
  const code = (text: string) => text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  const files = globSync('packages/domain/src/*.ts', { cwd: root }).filter((file) => !file.endsWith('.test.ts'));

  it('looks at every file', () => {
    expect(files.length).toBeGreaterThan(5);
  });

  it.each(files)('%s knows no clock, chance, or waiting', (file) => {
    expect(code(readFileSync(join(root, file), 'utf8'))).not.toMatch(impure);
  });

  it('is noticed when it is not', () => {
    expect(code('const at = Date.now(); // a comment')).toMatch(impure);
    expect(code('// Date.now() is not used here')).not.toMatch(impure);
  });
});
