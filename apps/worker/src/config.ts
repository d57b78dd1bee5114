import { Type, type Static } from 'typebox';

const milliseconds = (fallback: number, minimum: number, maximum: number, description: string) =>
  Type.Integer({ default: fallback, minimum, maximum, description });

/** The worker's settings, by environment variable. */
export const workerSettings = Type.Object({
  MONGODB_URL: Type.String({ minLength: 1, description: 'A replica set or sharded cluster.' }),
  MONGODB_DATABASE: Type.String({ default: 'rollcall', minLength: 1, description: 'The database.' }),
  MONGODB_SERVER_SELECTION_MS: milliseconds(2_000, 100, 60_000, 'How long a call looks for a primary, in ms.'),
  MONGODB_SOCKET_MS: milliseconds(5_000, 1_000, 60_000, 'How long a call may wait for its answer, in ms.'),
  REDIS_URL: Type.String({
    minLength: 1,
    description:
      'Mailboxes and wake-ups: redis://host:port, or redis-cluster://host:port,host:port for a Redis Cluster.',
  }),
  REDIS_LOCK_URLS: Type.String({
    default: '',
    description:
      'Where event locks are: one, or an odd number of servers that know nothing of each other, comma-separated. Empty: REDIS_URL.',
  }),
  REDIS_CACHE_URL: Type.String({
    default: '',
    description: 'Where the count cache is, either kind. Empty: REDIS_URL.',
  }),
  REDIS_KEY_PREFIX: Type.String({
    default: '',
    pattern: '^[^{}]*$',
    description: 'Keeps Rollcalls apart that share a Redis; without braces.',
  }),
  REDIS_COMMAND_MS_MAX: milliseconds(2_000, 100, 60_000, 'How long a Redis command may wait for its answer, in ms.'),
  WORKER_CONCURRENCY: Type.Integer({
    default: 256,
    minimum: 1,
    maximum: 1000,
    description: 'Events worked on at once.',
  }),
  EVENTS_PER_COMMIT_MAX: Type.Integer({
    default: 64,
    minimum: 1,
    maximum: 256,
    description:
      'Events with few decisions each that one transaction may write. 1 on a sharded database, where it would span shards.',
  }),
  BATCH_SIZE_MAX: Type.Integer({ default: 500, minimum: 1, maximum: 500, description: 'Commands per transaction.' }),
  DRAIN_MS_MAX: milliseconds(
    1_000,
    10,
    10_000,
    'How long one event keeps a worker before others get their turn, in ms.',
  ),
  LINGER_MS: milliseconds(5, 0, 100, 'How long a worker stays with an event whose mailbox it has emptied, in ms.'),
  COMMIT_ATTEMPTS_MAX: Type.Integer({
    default: 20,
    minimum: 1,
    maximum: 1_000,
    description: 'Commits in a row that did not land before a drain gives up until the next wake-up.',
  }),
  ABANDONED_COMMIT_MS: milliseconds(
    1_000,
    100,
    60_000,
    'How long a transaction that others wait for may be left alone before it is ended, in ms.',
  ),
  MEMORY_EVENTS_MAX: Type.Integer({
    default: 10_000,
    minimum: 1,
    maximum: 10_000_000,
    description: 'Events whose counts are kept in memory.',
  }),
  EVENT_LOCK: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'off: every worker works at once; slower, and still correct.',
  }),
  EVENT_LOCK_TTL_MS: milliseconds(2_000, 200, 60_000, 'How long an event lock outlives its holder, in ms.'),
  EVENT_LOCK_RENEW_MS: milliseconds(500, 50, 30_000, 'How often an event lock is renewed, in ms.'),
  EVENT_LOCK_DEADLINE_MS: milliseconds(500, 50, 30_000, 'How long taking an event lock may last, in ms.'),
  JOB_LOCK_MS: milliseconds(5_000, 1_000, 300_000, 'How long a wake-up outlives the worker that took it, in ms.'),
  JOB_STALLED_MS: milliseconds(2_000, 500, 300_000, 'How often such wake-ups are looked for, in ms.'),
  JOBS_STUCK_MS: milliseconds(
    20_000,
    12_000,
    3_600_000,
    'How long wake-ups may wait while this worker has room and takes none, before its BullMQ worker is replaced, in ms. BullMQ itself may sleep for 11 s.',
  ),
  REDIS_FULL_PAUSE_MS_MAX: milliseconds(
    2_000,
    100,
    60_000,
    'How long the pauses between two looks become at most, from 100 ms on, while Redis is full and takes no writes, in ms.',
  ),
  SWEEPER: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'off only in tests that show what it is for.',
  }),
  SWEEP_MS: milliseconds(500, 50, 60_000, 'Pause between two looks at the mailboxes that are not empty, in ms.'),
  SWEEPER_DRAINS_MAX: Type.Integer({
    default: 4,
    minimum: 1,
    maximum: 64,
    description: 'Events that the sweeper drains at once.',
  }),
  OVERDUE_SWEEP_MS: milliseconds(
    5_000,
    100,
    600_000,
    'Pause between two looks for offers whose timer was lost and obligations whose worker died, in ms.',
  ),
  OVERDUE_PER_SWEEP_MAX: Type.Integer({
    default: 500,
    minimum: 1,
    maximum: 10_000,
    description: 'Of each, how many such a look sees to.',
  }),
  UNKEYED_RECEIPT_TTL_SECONDS: Type.Integer({
    default: 3_600,
    minimum: 120,
    maximum: 2_592_000,
    description: 'Seconds that Redis remembers the commands that workers send themselves, when an offer runs out.',
  }),
  MAILBOX_DEPTH_MAX: Type.Integer({
    default: 200_000,
    minimum: 1,
    maximum: 10_000_000,
    description: 'Undecided commands that one event may have.',
  }),
  COUNT_CACHE_TTL_MS: milliseconds(
    60_000,
    1_000,
    86_400_000,
    'How long cached counts are believed without a refresh, in ms.',
  ),
  RELAY: Type.Union([Type.Literal('on'), Type.Literal('off')], {
    default: 'on',
    description: 'off only in tests that show what it is for.',
  }),
  RELAY_LEADER_TTL_MS: milliseconds(
    2_500,
    200,
    60_000,
    'How long a relay that has died still counts as leading, in ms.',
  ),
  RELAY_LEADER_RENEW_MS: milliseconds(500, 50, 30_000, 'How often the relay that leads says so, in ms.'),
  RELAY_LEADER_TRY_MS: milliseconds(1_000, 50, 30_000, 'How often those that stand by try to lead, in ms.'),
  RELAY_SETTLE_MS: milliseconds(
    100,
    10,
    10_000,
    'How long a worker has to refresh the counts that it changed before the relay looks, in ms.',
  ),
  COUNTS_COMPARE_MS: milliseconds(
    5_000,
    100,
    3_600_000,
    'Pause between two comparisons of the count cache with the registrations, each of some events, in ms.',
  ),
  COUNTS_COMPARED_AT_ONCE: Type.Integer({
    default: 100,
    minimum: 1,
    maximum: 10_000,
    description: 'Events per comparison.',
  }),
  CRASH_AT: Type.String({
    default: '',
    description: 'In tests only: a crash point at which the process is killed, as name or name:3 for the third time.',
  }),
  DEAD_LETTERS_MAX: Type.Integer({
    default: 10_000,
    minimum: 1,
    maximum: 1_000_000,
    description: 'Unreadable entries kept per partition.',
  }),
  METRICS_HOST: Type.String({ default: '127.0.0.1', description: 'Where /metrics is served.' }),
  METRICS_PORT: Type.Integer({ default: 0, minimum: 0, maximum: 65_535, description: '0: any free port.' }),
  SHUTDOWN_MS_MAX: milliseconds(20_000, 1_000, 300_000, 'How long an orderly shutdown may take, in ms.'),
  LOG_LEVEL: Type.String({ default: 'info', description: 'trace, debug, info, warn, error or fatal.' }),
});

export type WorkerSettings = Readonly<Static<typeof workerSettings>>;
