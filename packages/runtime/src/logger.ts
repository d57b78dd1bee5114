import { pino, type Logger } from 'pino';

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
export function createLogger(options: LoggerOptions): Logger {
  return loggerTo(options, pino.destination({ dest: 1, sync: false, minLength: 16_000, periodicFlush: 500 }));
}

/** JSON lines at the end of a file, each as it comes: for tools, whose last line before a kill is the one that is looked for. */
export function createFileLogger({ name, file }: { readonly name: string; readonly file: string }): Logger {
  return loggerTo({ name, level: 'info' }, pino.destination({ dest: file, append: true, mkdir: true, sync: true }));
}

function loggerTo({ name, level }: LoggerOptions, destination: pino.DestinationStream): Logger {
  return pino(
    {
      name,
      level,
      serializers: { err: loggedError },
      redact: { paths: redactedPaths, censor: '[redacted]' },
      timestamp: isoTime(),
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
