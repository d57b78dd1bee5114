import { hostname } from 'node:os';
import { pino, type DestinationStream, type Logger } from 'pino';

export type { Logger } from 'pino';

/** The fields that would carry personal data or secrets if somebody logged a whole object. */
const redactedPaths = [
  'req.headers.authorization',
  'req.headers.cookie',
  '*.notes',
  '*.specialRequirements',
  '*.profile',
  '*.email',
  '*.displayName',
];

interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: unknown;
  readonly labels?: unknown;
  readonly stack?: string;
}

/**
 * What an error says, without what it carries: clients of servers hang whole commands and documents on theirs, and a
 * duplicate key is quoted in the message.
 */
export function loggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an error' };
  const { code, errorLabels } = error as { code?: unknown; errorLabels?: unknown };
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    message: error.message.replace(/dup key: .*/s, 'dup key: [redacted]').slice(0, 500),
    ...(code === undefined ? {} : { code }),
    ...(Array.isArray(errorLabels) ? { labels: errorLabels } : {}),
    ...(frames === undefined ? {} : { stack: frames.join('\n') }),
  };
}

export interface LoggerOptions {
  readonly name: string;
  readonly level: string;
}

/** Asked for far more often than it changes. */
function isoTime(): () => string {
  let [at, text] = [0, ''];
  return () => {
    const now = Date.now();
    if (now !== at) [at, text] = [now, `,"time":"${new Date(now).toISOString()}"`];
    return text;
  };
}

/**
 * JSON lines on standard output. Lines are gathered up to almost 16 KiB, what is written at a time, or for half a second: a
 * write per request would cost more than the request.
 */
export function createLogger({ name, level }: LoggerOptions): Logger {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 16_000, periodicFlush: 500 });
  const timestamp = isoTime();
  const logger = pino(
    {
      name,
      level,
      serializers: { err: loggedError },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      timestamp,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  const bindings = JSON.stringify({ pid: process.pid, hostname: hostname(), name }).slice(1, -1);
  outputs.set(logger, { destination, timestamp, bindings });
  return logger;
}

interface Output {
  readonly destination: DestinationStream;
  readonly timestamp: () => string;
  readonly bindings: string;
}

const outputs = new WeakMap<Logger, Output>();

/**
 * Lines on level info of one message, for what is written with every request: put together by who knows their shape they cost
 * a fifth of what the logger takes for them. `fields` are members of a JSON object, without its brackets; nothing is redacted.
 * @throws Error for a logger that `createLogger` did not make.
 */
export function createLineWriter(logger: Logger, message: string): (fields: string) => void {
  const output = outputs.get(logger);
  if (output === undefined) throw new Error('lines are written by loggers of createLogger only');
  const { destination, timestamp, bindings } = output;
  const end = `,"msg":${JSON.stringify(message)}}\n`;
  return (fields) => {
    if (!logger.isLevelEnabled('info')) return;
    destination.write(`{"level":"info"${timestamp()},${bindings},${fields}${end}`);
  };
}
