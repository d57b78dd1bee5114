import { parseArgs } from 'node:util';

export interface MigrationBenchOptions {
  readonly registrations: number;
  readonly rounds: number;
  /** Ends after the backfill. */
  readonly only: 'backfill' | undefined;
  /** Per round and side, at one event and at many. */
  readonly signups: number;
  readonly manyEvents: number;
  /** How long people sign up and leave at the hot event, per side. */
  readonly driftSeconds: number;
}

const usage = `usage: npm run bench:migration -- [options]
  --registrations N   how many the two systems hold, from 1,000 to 10,000,000; 1,000,000 unless given
  --rounds N          of each comparison, from 1 to 100; 3 unless given
  --only backfill     nothing but the backfill
  --quick             20,000 registrations unless given, one round, and short ones`;

/** @throws Error with the usage for anything that it does not know. */
export function readOptions(args: readonly string[]): MigrationBenchOptions {
  const { registrations: given, rounds: givenRounds, quick = false, only } = parse(args);
  const registrations = Number(given ?? (quick ? 20_000 : 1_000_000));
  if (!Number.isSafeInteger(registrations) || registrations < 1_000 || registrations > 10_000_000) {
    throw new Error(`--registrations is "${given}"; it must be a whole number from 1,000 to 10,000,000\n${usage}`);
  }
  if (only !== undefined && only !== 'backfill') throw new Error(`--only is "${only}"; it can be backfill\n${usage}`);
  const rounds = Number(givenRounds ?? (quick ? 1 : 3));
  if (!Number.isSafeInteger(rounds) || rounds < 1 || rounds > 100) {
    throw new Error(`--rounds is "${givenRounds}"; it must be a whole number from 1 to 100\n${usage}`);
  }
  const shared = { registrations, rounds, only } as const;
  return quick
    ? { ...shared, signups: 300, manyEvents: 50, driftSeconds: 3 }
    : { ...shared, signups: 2_000, manyEvents: 1_000, driftSeconds: 20 };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        registrations: { type: 'string' },
        rounds: { type: 'string' },
        only: { type: 'string' },
        quick: { type: 'boolean' },
      },
    }).values;
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : String(error)}\n${usage}`, { cause: error });
  }
}
