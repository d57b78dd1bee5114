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

export interface LoggerOptions {
  readonly name: string;
  readonly level: string;
}

/** JSON lines on standard output. Lines are gathered up to 4 KiB, for a write per request would cost more than the request. */
export function createLogger({ name, level }: LoggerOptions): Logger {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 4096, periodicFlush: 500 });
  return pino(
    {
      name,
      level,
      redact: { paths: redactedPaths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
}
