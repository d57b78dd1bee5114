import { defineConfig } from 'vitest/config';

const everything = ['packages/**/*.test.ts', 'apps/**/*.test.ts', 'tests/**/*.test.ts', 'infra/**/*.test.ts'];

/** Need no server of the shared pair, so `npm test -- packages/domain` starts none. */
const serverless = [
  'packages/{domain,contracts,checkers,engine,load,migration,testkit}/**/*.test.ts',
  'infra/**/*.test.ts',
  'tests/architecture/**/*.test.ts',
  'tests/migration/{generator,oracle}.test.ts',
];

/** Start many processes each, or measure time: alone on the machine, one after the other. */
const heavy = [
  'tests/{race,e2e,faults,simulation,chaos,bench}/**/*.test.ts',
  'tests/migration/{steps,cutover-guards,calling,bad-input,kills}.test.ts',
  'infra/**/*.process.test.ts',
];

const never = ['**/node_modules/**'];

export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // What is polled for comes when the machine comes to it.
    expect: { poll: { timeout: 15_000 } },
    reporters: ['default', ['json', { outputFile: '.data/test-results.json' }]],
    projects: [
      {
        extends: true,
        test: { name: 'plain', include: serverless, exclude: [...never, ...heavy], sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'servers',
          include: everything,
          exclude: [...never, ...serverless, ...heavy],
          globalSetup: 'tests/global-setup.ts',
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'processes',
          include: heavy,
          exclude: never,
          globalSetup: 'tests/global-setup.ts',
          sequence: { groupOrder: 1 },
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
