import { parseArgs } from 'node:util';
import { sideNames, type SideName } from './sides/side.ts';

/** What is run, and how much of it. Everything here is written into the result. */
export interface BenchOptions {
  readonly sides: readonly SideName[];
  /** Per round of the ceiling and of Rollcall. */
  readonly signups: number;
  /** Per round of the baselines that decide, which are too slow for more. */
  readonly baselineSignups: number;
  readonly rounds: number;
  readonly workers: number;
  /** Of the MongoDB replica set. */
  readonly members: 1 | 3;
  /** Connections of the generator, and requests under way on each, while it sends as fast as it gets answers. */
  readonly connections: number;
  readonly pipelining: number;
  /** What is measured of Rollcall alone; nothing in a quick run. */
  readonly parts: readonly PartName[];
  /** At half of the rate at which Rollcall is saturated. */
  readonly openLoopSeconds: number;
  /** At twice that rate. */
  readonly overloadSeconds: number;
  readonly registrationsFew: number;
  readonly registrationsMany: number;
  readonly openWaits: number;
  /** Rollcall's processes write CPU profiles, which costs them some of their speed. */
  readonly profiled: boolean;
  /** How many events signups are spread over in that part. */
  readonly manyEvents: number;
  /** The folder of PostgreSQL's programs; undefined: the newest where Debian keeps them. */
  readonly postgresDir: string | undefined;
  /** Everything that a run leaves behind. */
  readonly dataDir: string;
}

/** `idle` has cold starts behind it, `growth` the open waits. */
const partNames = ['openLoop', 'idle', 'soldOut', 'manyEvents', 'scaleOut', 'overload', 'growth'] as const;
export type PartName = (typeof partNames)[number];

const usage = `usage: npm run bench -- [options]
  --quick         one round of 2,000 signups, and no long parts
  --only a,b,…    only these sides: ${sideNames.join(', ')}
  --parts a,b,…   only these parts after the rounds: ${partNames.join(', ')}
  --signups N     per round of the ceiling and of Rollcall; the baselines get a tenth, at most 2,000
  --rounds N      rounds, each with every side
  --workers N     worker processes of Rollcall, 1 to 8
  --members N     members of the MongoDB replica set, 1 or 3
  --seconds N     how long the open loop sends
  --overload N    how many seconds twice as many come as can be decided
  --registrations N   how many the big event holds, 1,000,000 unless given; the small one 10,000, and at most a tenth
  --waits N       requests that wait at once when memory is measured
  --events N      how many events signups are spread over
  --prof          CPU profiles of Rollcall's API and worker, in the data folder; and where their time went
  --postgres DIR  where initdb and postgres are, if not in /usr/lib/postgresql/*/bin
  --data DIR      where servers keep their data and bench.json is written`;

/** @throws Error with the usage for anything that it does not know. */
export function readOptions(args: readonly string[], defaultDataDir: string): BenchOptions {
  const { values } = parse(args);
  const quick = values.quick ?? false;
  const signups = wholeNumber('--signups', values.signups ?? (quick ? '2000' : '20000'), 10, 1_000_000);
  const sides = sidesOf(values.only);
  const registrationsMany = wholeNumber('--registrations', values.registrations ?? '1000000', 100, 10_000_000);
  return {
    sides,
    signups,
    baselineSignups: Math.min(2_000, Math.max(10, Math.round(signups / 10))),
    rounds: wholeNumber('--rounds', values.rounds ?? (quick ? '1' : '3'), 1, 100),
    workers: wholeNumber('--workers', values.workers ?? '1', 1, 8),
    members: membersOf(values.members),
    connections: 64,
    pipelining: 8,
    parts: !quick && sides.includes('rollcall') ? partsOf(values.parts) : [],
    openLoopSeconds: wholeNumber('--seconds', values.seconds ?? '10', 1, 600),
    overloadSeconds: wholeNumber('--overload', values.overload ?? '60', 1, 600),
    registrationsFew: Math.min(10_000, Math.round(registrationsMany / 10)),
    registrationsMany,
    openWaits: wholeNumber('--waits', values.waits ?? '5000', 1, 15_000),
    profiled: values.prof ?? false,
    manyEvents: wholeNumber('--events', values.events ?? '1000', 1, 100_000),
    postgresDir: values.postgres,
    dataDir: values.data ?? defaultDataDir,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        quick: { type: 'boolean' },
        only: { type: 'string' },
        parts: { type: 'string' },
        signups: { type: 'string' },
        rounds: { type: 'string' },
        workers: { type: 'string' },
        seconds: { type: 'string' },
        overload: { type: 'string' },
        members: { type: 'string' },
        registrations: { type: 'string' },
        waits: { type: 'string' },
        prof: { type: 'boolean' },
        events: { type: 'string' },
        postgres: { type: 'string' },
        data: { type: 'string' },
      },
    });
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
}

function sidesOf(only: string | undefined): readonly SideName[] {
  if (only === undefined) return sideNames;
  const letters = 'abcdef';
  return only.split(',').map((word) => {
    const side = sideNames.find((name, index) => name === word || letters[index] === word);
    if (side === undefined) throw new Error(`--only: there is no side "${word}"\n${usage}`);
    return side;
  });
}

function membersOf(text: string | undefined): 1 | 3 {
  return wholeNumber('--members', text ?? '1', 1, 3) === 1 ? 1 : 3;
}

function partsOf(only: string | undefined): readonly PartName[] {
  if (only === undefined) return partNames;
  return only.split(',').map((word) => {
    const part = partNames.find((name) => name === word);
    if (part === undefined) throw new Error(`--parts: there is no part "${word}"\n${usage}`);
    return part;
  });
}

function wholeNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${name} is "${text}"; it must be a whole number from ${min} to ${max}\n${usage}`);
}
