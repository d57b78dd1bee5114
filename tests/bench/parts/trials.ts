import type { BenchOptions } from '../options.ts';
import type { Contender, Setting } from '../sides/side.ts';
import type { Stage } from '../stage.ts';
import { nameOf, runOnce, warmUp } from './rounds.ts';

export interface Trial {
  readonly setting: Setting;
  readonly decisionsPerSecond: number;
}

const trialSignupsMax = 500;

/** Tries a side with each of its settings; the fastest goes on to the rounds, the others are stopped. */
export async function fastestOf(
  stage: Stage,
  starts: readonly (() => Promise<Contender>)[],
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<{ readonly fastest: Contender; readonly trials: readonly Trial[] }> {
  const trials: Trial[] = [];
  let best: { readonly contender: Contender; readonly decisionsPerSecond: number } | undefined;
  for (const start of starts) {
    const contender = await start();
    await warmUp(stage, contender, options);
    const { result } = await runOnce(stage, contender, options, Math.min(options.baselineSignups, trialSignupsMax));
    const { decisionsPerSecond } = result;
    announce(`trial: ${nameOf(contender)} ${Math.round(decisionsPerSecond)} decisions/s`);
    trials.push({ setting: contender.setting, decisionsPerSecond });
    if (best === undefined || decisionsPerSecond > best.decisionsPerSecond) {
      await best?.contender[Symbol.asyncDispose]();
      best = { contender, decisionsPerSecond };
    } else {
      await contender[Symbol.asyncDispose]();
    }
  }
  if (best === undefined) throw new Error('a side without settings');
  return { fastest: best.contender, trials };
}
