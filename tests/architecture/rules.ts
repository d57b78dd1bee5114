import type { IForbiddenRuleType } from 'dependency-cruiser';

const source = String.raw`(?!.*(\.test|/testing[^/]*)\.ts$)`;
const inside = (...rooms: readonly string[]) => `^(${rooms.join('|')})/`;

/** A room may import from these rooms and from itself; everything else of Rollcall is closed to it. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  'packages/domain': [],
  'packages/runtime': [],
  'packages/contracts': ['packages/domain'],
  'packages/engine': ['packages/domain'],
  'packages/checkers': ['packages/domain'],
  'packages/client': ['packages/contracts', 'packages/domain'],
  'packages/load': ['packages/(checkers|client|contracts|domain)'],
  'packages/testkit': ['packages/domain', 'packages/engine', 'packages/contracts'],
  'packages/store-mongo': ['packages/domain', 'packages/engine', 'packages/migration'],
  'packages/mailbox-redis': ['packages/domain', 'packages/engine', 'packages/contracts', 'packages/runtime'],
  'packages/counts-redis': ['packages/domain', 'packages/engine'],
  'packages/migration': ['packages/domain'],
  'packages/legacy-mongo': ['packages/domain', 'packages/migration'],
  'apps/api': ['packages/(checkers|contracts|counts-redis|domain|engine|mailbox-redis|runtime|store-mongo)'],
  'apps/worker': ['packages/(counts-redis|domain|engine|mailbox-redis|runtime|store-mongo)'],
  'apps/cli': [
    'packages/(checkers|client|contracts|counts-redis|domain|engine|legacy-mongo|load|mailbox-redis|migration|runtime|store-mongo)',
  ],
};

export const rooms = Object.keys(allowed);

const drivers = 'mongodb|ioredis|bullmq|redlock';

export const rules: readonly IForbiddenRuleType[] = [
  ...Object.entries(allowed).map(([room, others]) => ({
    name: `${room} imports what it may`,
    severity: 'error' as const,
    from: { path: `^${room}/src/${source}` },
    to: { path: '^(apps|packages|tests|infra)/', pathNot: inside(room, ...others) },
  })),
  {
    name: 'adapters know the storage contracts, not the HTTP ones',
    severity: 'error',
    from: { path: '^packages/(store-mongo|legacy-mongo|mailbox-redis|counts-redis)/' },
    to: { path: '^packages/contracts/src/http/' },
  },
  {
    name: 'the domain needs nothing',
    severity: 'error',
    from: { path: `^packages/domain/src/${source}` },
    to: { dependencyTypes: ['core', 'npm', 'npm-dev'] },
  },
  {
    name: 'drivers are known to adapters, and to compose.ts of an app',
    severity: 'error',
    from: {
      path: `^(apps|packages)/${source}`,
      pathNot: '^packages/(store-mongo|legacy-mongo|mailbox-redis|counts-redis)/|/compose\\.ts$',
    },
    to: { path: `node_modules/(${drivers})/` },
  },
  {
    name: 'the testkit is for tests',
    severity: 'error',
    from: { path: `^(apps|packages)/(?!testkit/)${source}` },
    to: { path: '^packages/testkit/' },
  },
  { name: 'no circles', severity: 'error', from: {}, to: { circular: true } },
];
