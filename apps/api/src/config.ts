import { Type, type Static } from 'typebox';

const text = (description: string, value?: string) =>
  Type.String({ description, minLength: 1, ...(value === undefined ? {} : { default: value }) });
const whole = (description: string, value: number, minimum: number, maximum: number) =>
  Type.Integer({ description, default: value, minimum, maximum });
/** Empty means not set, as where an environment can't leave a variable out. */
const optional = (description: string) => Type.String({ description, default: '' });

/** Every setting of the API, each read from the environment variable of its name. */
export const apiSettings = Type.Object({
  API_HOST: text('Address to listen on', '127.0.0.1'),
  API_PORT: whole('Port to listen on; 0 takes any free one', 3000, 0, 65_535),
  METRICS_HOST: text('Address of the metrics port', '127.0.0.1'),
  METRICS_PORT: whole('Port of GET /metrics; 0 takes any free one', 0, 0, 65_535),
  LOG_LEVEL: text('trace, debug, info, warn, error, fatal or silent', 'info'),
  CRASH_AT: optional(
    'In tests only: a crash point at which the process is killed, as name or name:3 for the third time',
  ),
  TRUST_PROXY_HOPS: whole('Proxies in front whose X-Forwarded-For is believed', 0, 0, 10),
  SHUTDOWN_MS_MAX: whole('Milliseconds that an orderly stop may take', 20_000, 1_000, 300_000),

  MONGODB_URL: text('MongoDB replica set'),
  MONGODB_DATABASE: text('Database', 'rollcall'),
  REDIS_URL: text(
    'Redis of the mailboxes and wake-ups: redis://host:port, or redis-cluster://host:port,host:port for a Redis Cluster',
  ),
  REDIS_CACHE_URL: optional('Redis of the count cache, when it has its own; either kind'),
  REDIS_KEY_PREFIX: Type.String({
    description: 'Keeps Rollcalls apart that share a Redis; without braces',
    default: '',
    pattern: '^[^{}]*$',
  }),
  REDIS_MEMORY_PERCENT_MAX: whole(
    'Percent of its memory that Redis, or any master of a cluster, may use before new commands are refused',
    75,
    1,
    100,
  ),
  COUNT_CACHE_TTL_MS: whole(
    'Milliseconds for which cached counts are believed without a refresh',
    60_000,
    1000,
    86_400_000,
  ),

  AUTH_JWT_SECRET: optional('Shared secret of HS256 tokens, at least 32 bytes; for development'),
  AUTH_JWKS_URL: optional('Where the keys of RS256 and ES256 tokens are published'),
  AUTH_ISSUER: text('Who tokens must come from (iss)', 'rollcall-dev'),
  AUTH_AUDIENCE: text('Whom tokens must be for (aud)', 'rollcall'),
  AUTH_CLOCK_SKEW_SECONDS: whole('Seconds that a token may be past its time', 5, 0, 300),
  AUTH_TOKENS_MAX: whole(
    'Tokens of published keys that are remembered as proven, for up to a minute',
    10_000,
    1,
    1_000_000,
  ),
  COMMAND_ID_SECRET: Type.String({
    description:
      'Keys the hashes of Idempotency-Keys and bodies, at least 32 bytes. Must stay the same: with another, repeats are not recognised',
    minLength: 32,
  }),

  RECEIPT_TTL_SECONDS: whole('Seconds that Redis remembers a command with an Idempotency-Key', 86_400, 1, 2_592_000),
  UNKEYED_RECEIPT_TTL_SECONDS: whole(
    'Seconds that Redis remembers a command without one: as long it is known where it stands',
    3_600,
    1,
    2_592_000,
  ),
  MAILBOX_DEPTH_MAX: whole('Undecided commands that one event may have', 200_000, 1, 10_000_000),
  CREATE_WAIT_SECONDS: whole('Seconds that POST /v1/events waits for the decision unless asked otherwise', 10, 0, 30),
  WAITERS_MAX: whole(
    'Requests that may wait for a decision at a time; those above are answered 202 at once',
    20_000,
    0,
    1_000_000,
  ),
  WAITERS_POLL_MS: whole(
    'Milliseconds between look-ups of decisions whose notification was lost; it costs a client at most two of them',
    500,
    50,
    60_000,
  ),
  MAILBOX_REPLY_MS_MAX: whole('Milliseconds that Redis may take to accept a command', 1500, 100, 60_000),
  MONGODB_SOCKET_MS: whole('Milliseconds after which a silent connection to MongoDB is given up', 5000, 1000, 60_000),
  CACHE_REPLY_MS_MAX: whole('Milliseconds that the count cache may take before MongoDB is asked', 300, 10, 60_000),
  STORE_REPLY_MS_MAX: whole('Milliseconds that MongoDB may take to answer a read', 1800, 100, 60_000),
  LEDGER_REPLY_MS_MAX: whole(
    'Milliseconds that a command with an Idempotency-Key waits for the look-up of an earlier decision',
    500,
    10,
    60_000,
  ),
  LEDGER_GATHER_MS: whole('Milliseconds for which look-ups of decisions are gathered into one', 2, 0, 1000),
  KNOWN_EVENTS_MAX: whole('Events kept in memory', 10_000, 1, 1_000_000),
  SNAPSHOT_MS_MAX: whole(
    'Milliseconds that the answer of a public read may be old, from when its read began; 0 reads for everybody anew',
    100,
    0,
    60_000,
  ),
  SNAPSHOT_SIZE_MAX: whole(
    'Characters of such answers kept in memory, of lists, events and availability each',
    32_000_000,
    1,
    1_000_000_000,
  ),
  MIN_VERSION_WAIT_MS: whole(
    'Milliseconds that the count cache is given to reach a version that was asked for, before MongoDB counts',
    100,
    0,
    10_000,
  ),
  WAITING_LINES_ENTRIES_MAX: whole(
    'Entries of waitlists kept in memory, 8 bytes each: a longer line is read anew for each look at it',
    4_000_000,
    1,
    1_000_000_000,
  ),
  EXPORTS_MAX: whole('Exports of participants and histories that may be under way at a time', 10, 1, 1000),
  EXPORTS_PER_USER_MAX: whole('Of these, how many one user may have', 2, 1, 1000),
  EXPORT_IDLE_MS_MAX: whole('Milliseconds after which an export is broken off that nobody takes', 60_000, 50, 600_000),
  HISTORY_DECISIONS_MAX: whole(
    'Decisions that an event may have had to be asked for its history, which folds them in memory',
    100_000,
    0,
    10_000_000,
  ),
  ERASE_MS_MAX: whole(
    'Milliseconds that a request to erase a user waits for the end before it answers 202; the erasure goes on',
    25_000,
    0,
    300_000,
  ),
  ERASE_DECISION_MS_MAX: whole(
    'Milliseconds that an erasure waits for the decision of an event before it leaves that for the next',
    60_000,
    100,
    600_000,
  ),
  ERASE_KEPT_MS: whole(
    'Milliseconds for which the end of an erasure that took longer is kept for whoever asks for it again',
    30_000,
    1000,
    600_000,
  ),

  LIVE_STREAMS_MAX: whole('Live streams that may be open at a time', 20_000, 0, 1_000_000),
  LIVE_PER_ADDRESS_MAX: whole('Of these, how many one address may have', 500, 0, 1_000_000),
  LIVE_PER_USER_MAX: whole('Of these, how many one user may have', 20, 0, 1_000_000),
  LIVE_UPDATES_PER_SECOND_MAX: whole('Updates per second that those who listen to an event are sent', 10, 1, 1000),
  LIVE_SENDS_PER_SECOND_MAX: whole(
    'Updates per second that all clients together are sent: when more listen, each is sent fewer',
    10_000,
    1,
    10_000_000,
  ),
  LIVE_HEARTBEAT_MS: whole(
    'Milliseconds without an update after which a live stream gives a sign of life',
    15_000,
    50,
    600_000,
  ),
  LIVE_STALLED_MS_MAX: whole(
    'Milliseconds after which a live stream is broken off whose client takes nothing',
    60_000,
    50,
    3_600_000,
  ),
  LIVE_CHECK_MS: whole(
    'Milliseconds between look-ups of what is listened to, in case that news were lost on the way',
    5000,
    50,
    600_000,
  ),
  LIVE_RETRY_MS: whole(
    'Milliseconds after which a client comes back at the earliest; at the latest in twice that',
    2000,
    0,
    600_000,
  ),
  LIVE_RETURN_SPREAD_MS: whole(
    'Milliseconds over which clients come back when their API stops, or has no room for them',
    10_000,
    0,
    600_000,
  ),
  LIVE_STREAM_MS_MAX: whole(
    'Milliseconds after which a live stream ends, so that it is seen whether its client still may listen',
    3_600_000,
    50,
    86_400_000,
  ),

  ANONYMOUS_READS_PER_MINUTE: whole('Requests without a token per address and minute', 6000, 1, 10_000_000),
  BODY_BYTES_MAX: whole('Bytes of a request body', 16_384, 1024, 1_048_576),
  REQUEST_SECONDS_MAX: whole('Seconds that a client may take to send its request', 15, 1, 300),
});

export type ApiSettings = Readonly<Static<typeof apiSettings>>;
