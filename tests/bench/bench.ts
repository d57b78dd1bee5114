import type { BenchOptions } from './options.ts';
import { runGrowth } from './parts/growth.ts';
import { runOpenLoop } from './parts/open-loop.ts';
import { runOpenWaits } from './parts/open-waits.ts';
import { runRounds } from './parts/rounds.ts';
import { reportOf, type BenchReport } from './report.ts';
import { startSides } from './start-sides.ts';
import type { Stage } from './stage.ts';
import { medianOf } from './stats.ts';

/** The whole run: all sides in rounds, and then what is measured of Rollcall alone. */
export async function bench(
  stage: Stage,
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<BenchReport> {
  const startedAt = Date.now();
  announce('starting the servers…');
  await stage.open();
  announce('starting the sides…');
  const { contenders, rollcall, trials } = await startSides(stage, options, announce);
  const rounds = await runRounds(stage, contenders, options, announce);
  const findings = { startedAt, options, servers: await stage.serverFacts(), trials, rounds };
  if (rollcall === undefined || !options.long) {
    return reportOf({ ...findings, openLoop: undefined, growth: undefined, openWaits: undefined });
  }
  for (const contender of contenders) if (contender !== rollcall) await contender[Symbol.asyncDispose]();
  const saturating = rounds.find(({ contender }) => contender === rollcall)?.rounds ?? [];
  announce('open loop…');
  const openLoop = await runOpenLoop(
    stage,
    rollcall,
    medianOf(saturating.map((run) => run.decisionsPerSecond)),
    options,
  );
  const { figures: growth, grown } = await runGrowth(stage, rollcall, options, announce);
  announce('open waits…');
  const openWaits = await runOpenWaits(stage, rollcall, grown, options);
  return reportOf({ ...findings, openLoop, growth, openWaits });
}
