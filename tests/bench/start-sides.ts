import { chmodSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ManagedServer } from '@rollcall/infra';
import type { BenchOptions } from './options.ts';
import { warmUp } from './parts/rounds.ts';
import { fastestOf, type Trial } from './parts/trials.ts';
import { findPostgres } from './postgres/find.ts';
import { postgresFacts, startPostgres } from './postgres/server.ts';
import type { LeftOut, Trials } from './report.ts';
import { startCeiling } from './sides/ceiling.ts';
import { jobSettings, startJobPerSignup } from './sides/job-per-signup.ts';
import { startLegacy } from './sides/legacy.ts';
import { counterSettings, startMongoCounter } from './sides/mongo-counter.ts';
import { postgresSettings, preparePostgres, startPostgresCounter } from './sides/postgres-counter.ts';
import { startRollcall, type RollcallContender } from './sides/rollcall.ts';
import { sideNames, type Contender, type SideName } from './sides/side.ts';
import type { Stage } from './stage.ts';

export interface Sides {
  readonly contenders: readonly Contender[];
  readonly rollcall: RollcallContender | undefined;
  readonly trials: Trials;
  /** Why a side that was asked for is not there. */
  readonly leftOut: LeftOut;
  /** What servers that only one side has say of themselves. */
  readonly facts: Readonly<Record<string, string>>;
}

/** In the order in which each round has them; warm, and set as they are fastest. */
export async function startSides(
  stage: Stage,
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<Sides> {
  const contenders: Contender[] = [];
  const trials: Partial<Record<SideName, readonly Trial[]>> = {};
  const leftOut: Partial<Record<SideName, string>> = {};
  let facts: Readonly<Record<string, string>> = {};
  let rollcall: RollcallContender | undefined;
  const fastest = async (side: SideName, starts: readonly (() => Promise<Contender>)[]): Promise<void> => {
    const tried = await fastestOf(stage, starts, options, announce);
    contenders.push(tried.fastest);
    trials[side] = tried.trials;
  };
  for (const side of sideNames.filter((name) => options.sides.includes(name))) {
    switch (side) {
      case 'ceiling':
        contenders.push(await startCeiling(stage));
        break;
      case 'rollcall':
        rollcall = await startRollcall(stage, options.workers);
        contenders.push(rollcall);
        break;
      case 'legacy':
        contenders.push(await startLegacy(stage));
        break;
      case 'jobPerSignup':
        await fastest(
          side,
          jobSettings.map((setting) => () => startJobPerSignup(stage, setting)),
        );
        break;
      case 'mongoCounter':
        await fastest(
          side,
          counterSettings.map((setting) => () => startMongoCounter(stage, setting)),
        );
        break;
      case 'postgresCounter': {
        const postgres = await startPostgresFor(stage, options);
        if (typeof postgres === 'string') {
          leftOut[side] = postgres;
          announce(`without ${side}: ${postgres}`);
          break;
        }
        facts = await postgresFacts(postgres.url);
        await fastest(
          side,
          postgresSettings.map((setting) => () => startPostgresCounter(stage, postgres, setting)),
        );
        break;
      }
    }
  }
  // Again for those that were tried: what they did then is some time ago.
  for (const contender of contenders) await warmUp(stage, contender, options);
  return { contenders, rollcall, trials, leftOut, facts };
}

/** @returns a text that says why there is none */
async function startPostgresFor(stage: Stage, { postgresDir }: BenchOptions): Promise<ManagedServer | string> {
  const found = findPostgres(dirname(stage.folder), postgresDir);
  if (typeof found === 'string') return found;
  // It is closed to others; whoever the server runs as has to get to a folder in there.
  if (found.runAs !== undefined) chmodSync(stage.folder, 0o711);
  const server = await startPostgres(found, stage.serverOptions('postgres'));
  // Killed, it would leave its own processes behind for a moment.
  stage.own(server, () => server.stop());
  await preparePostgres(server);
  return server;
}
