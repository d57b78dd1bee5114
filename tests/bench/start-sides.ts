import type { BenchOptions } from './options.ts';
import { warmUp } from './parts/rounds.ts';
import { fastestOf, type Trial } from './parts/trials.ts';
import type { Trials } from './report.ts';
import { startCeiling } from './sides/ceiling.ts';
import { jobSettings, startJobPerSignup } from './sides/job-per-signup.ts';
import { counterSettings, startMongoCounter } from './sides/mongo-counter.ts';
import { startRollcall, type RollcallContender } from './sides/rollcall.ts';
import { sideNames, type Contender, type SideName } from './sides/side.ts';
import type { Stage } from './stage.ts';

export interface Sides {
  readonly contenders: readonly Contender[];
  readonly rollcall: RollcallContender | undefined;
  readonly trials: Trials;
}

/** In the order in which each round has them; warm, and set as they are fastest. */
export async function startSides(
  stage: Stage,
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<Sides> {
  const contenders: Contender[] = [];
  const trials: Partial<Record<SideName, readonly Trial[]>> = {};
  let rollcall: RollcallContender | undefined;
  for (const side of sideNames.filter((name) => options.sides.includes(name))) {
    switch (side) {
      case 'ceiling':
        contenders.push(await startCeiling(stage));
        break;
      case 'rollcall':
        rollcall = await startRollcall(stage, options.workers);
        contenders.push(rollcall);
        break;
      case 'jobPerSignup':
      case 'mongoCounter': {
        const tried = await fastestOf(stage, startsOf(stage, side), options, announce);
        contenders.push(tried.fastest);
        trials[side] = tried.trials;
        break;
      }
    }
  }
  // Again for those that were tried: what they did then is some time ago.
  for (const contender of contenders) await warmUp(stage, contender, options);
  return { contenders, rollcall, trials };
}

function startsOf(stage: Stage, side: 'jobPerSignup' | 'mongoCounter'): readonly (() => Promise<Contender>)[] {
  return side === 'jobPerSignup'
    ? jobSettings.map((setting) => () => startJobPerSignup(stage, setting))
    : counterSettings.map((setting) => () => startMongoCounter(stage, setting));
}
