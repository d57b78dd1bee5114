import { InvalidArgumentError, Option, type Command } from 'commander';
import { spacings, type LoadSettings, type Spacing } from '@rollcall/load/scenarios';

/** What `rollcall load <scenario>` is asked for, as commander gives it. */
export interface LoadOptions extends Omit<LoadSettings, 'ratePerSecond' | 'waitSeconds' | 'spacing' | 'share'> {
  readonly url?: readonly string[];
  readonly tokens?: string;
  readonly staffToken?: string;
  readonly organizer?: string;
  readonly event?: readonly string[];
  readonly run?: string;
  readonly startAt?: number;
  readonly rate: number;
  readonly wait: number;
  readonly spacing: Spacing;
  readonly share: LoadSettings['share'];
  readonly json?: string;
  readonly html?: string;
}

export const settingsOf = ({ rate, wait, ...options }: LoadOptions): LoadSettings => ({
  users: options.users,
  seats: options.seats,
  events: options.events,
  ratePerSecond: rate,
  seconds: options.seconds,
  rampSeconds: options.rampSeconds,
  warmUpSeconds: options.warmUpSeconds,
  spacing: options.spacing,
  connections: options.connections,
  seed: options.seed,
  waitSeconds: wait,
  patienceSeconds: options.patienceSeconds,
  waiting: options.waiting,
  streams: options.streams,
  share: options.share,
});

/** With what the scenario thinks right where nobody says otherwise, so that `--help` tells it. */
export function addLoadOptions(command: Command, defaults: LoadSettings): Command {
  return command
    .option('--url <url>', 'an API, as http://127.0.0.1:3000; again for more of them', repeated(parsedUrl))
    .option('--users <n>', 'people who take part', whole(1, 1_000_000), defaults.users)
    .option('--seats <n>', 'seats of an event', whole(1, 1_000_000), defaults.seats)
    .option('--events <n>', 'events that are made', whole(1, 10_000), defaults.events)
    .option('--rate <n>', 'arrivals per second', number(0.1, 100_000), defaults.ratePerSecond)
    .option('--seconds <n>', 'how long people come', whole(1, 3600), defaults.seconds)
    .option('--ramp-seconds <n>', 'while the rate rises to that', whole(0, 3600), defaults.rampSeconds)
    .option('--warm-up-seconds <n>', 'first seconds that the figures leave out', whole(0, 3600), defaults.warmUpSeconds)
    .addOption(new Option('--spacing <how>', 'by chance, or like a clock').choices(spacings).default(defaults.spacing))
    .option('--connections <n>', 'connections, over all URLs', whole(1, 50_000), defaults.connections)
    .option('--seed <n>', 'the same seed makes the same arrivals', whole(0, 2 ** 31 - 1), defaults.seed)
    .option('--wait <n>', 'Prefer: wait=N; 0: ask again what became of it', whole(0, 30), defaults.waitSeconds)
    .option(
      '--patience-seconds <n>',
      'how long somebody repeats what was turned away, or asks',
      whole(1, 3600),
      defaults.patienceSeconds,
    )
    .option('--waiting <n>', 'people on the waitlist before the first arrival', whole(0, 900_000), defaults.waiting)
    .option('--streams <n>', 'live streams that follow the events', whole(0, 20_000), defaults.streams)
    .option('--tokens <file>', 'tokens of people, one per line, where no key can sign them')
    .option('--staff-token <file>', 'the token of staff, with --tokens')
    .option('--organizer <id>', 'whom the events belong to that are made; the first of the staff token’s unless given')
    .option('--event <id>', 'an open event to go to, instead of making some; again for more', repeated(String))
    .addOption(
      new Option('--share <k/n>', 'this process sends every n-th arrival, from the k-th')
        .argParser(share)
        .default(defaults.share, '1/1'),
    )
    .option('--run <name>', 'names the run; with --share the same for all processes', runName)
    .option('--start-at <time>', 'when to begin (RFC 3339), with --share the same for all processes', instant)
    .option('--json <file>', 'write the result, which `rollcall load merge` reads')
    .option('--html <file>', 'write a report');
}

function number(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !(value >= min && value <= max)) {
      throw new InvalidArgumentError(`It must be from ${min} to ${max}.`);
    }
    return value;
  };
}

function whole(min: number, max: number): (text: string) => number {
  const parse = number(min, max);
  return (text) => {
    const value = parse(text);
    if (!Number.isInteger(value)) throw new InvalidArgumentError('It must be a whole number.');
    return value;
  };
}

const repeated =
  (parse: (text: string) => string) =>
  (text: string, before: readonly string[] = []): readonly string[] => [...before, parse(text)];

function parsedUrl(text: string): string {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new InvalidArgumentError('It must be an http(s) URL.');
  return url.origin;
}

function share(text: string): LoadSettings['share'] {
  const [, k = '', n = ''] = /^(\d{1,3})\/(\d{1,3})$/.exec(text) ?? [];
  const [index, of] = [Number(k) - 1, Number(n)];
  if (index < 0 || index >= of) throw new InvalidArgumentError('It must be like 1/3, 2/3, 3/3.');
  return { index, of };
}

function runName(text: string): string {
  if (!/^[A-Za-z0-9_-]{1,40}$/.test(text)) {
    throw new InvalidArgumentError('It must have up to 40 letters, digits, dashes and underscores.');
  }
  return text;
}

function instant(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('It must be a time, as 2030-01-01T10:00:00Z.');
  return time;
}
