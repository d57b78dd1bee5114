import type { BenchOptions, PartName } from './options.ts';
import { runColdStart } from './parts/cold-start.ts';
import { runGrowth } from './parts/growth.ts';
import { runManyEvents } from './parts/many-events.ts';
import { runOpenLoop } from './parts/open-loop.ts';
import { runOpenWaits } from './parts/open-waits.ts';
import { runOverload } from './parts/overload.ts';
import { runRounds, type ContenderRounds } from './parts/rounds.ts';
import { runScaleOut } from './parts/scale-out.ts';
import { runSoldOut } from './parts/sold-out.ts';
import { reportOf, type BenchReport, type PartFigures } from './report.ts';
import type { RollcallContender } from './sides/rollcall.ts';
import type { Contender } from './sides/side.ts';
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
  await stage.open(options.members);
  announce('starting the sides…');
  const { contenders, rollcall, trials, leftOut, facts } = await startSides(stage, options, announce);
  const rounds = await runRounds(stage, contenders, options, announce);
  const findings = {
    startedAt,
    options,
    servers: { ...(await stage.serverFacts()), ...facts },
    trials,
    leftOut,
    rounds,
  };
  const parts =
    rollcall === undefined || options.parts.length === 0
      ? {}
      : await runParts({ stage, rollcall, contenders, rounds }, options, announce);
  return reportOf({ ...findings, parts });
}

/** Somebody now and then, each alone. */
const idlePerSecond = 20;

interface Measured {
  readonly stage: Stage;
  readonly rollcall: RollcallContender;
  readonly contenders: readonly Contender[];
  readonly rounds: readonly ContenderRounds[];
}

async function runParts(
  { stage, rollcall, contenders, rounds }: Measured,
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<PartFigures> {
  for (const contender of contenders) if (contender !== rollcall) await contender[Symbol.asyncDispose]();
  const saturating = rounds.find(({ contender }) => contender === rollcall)?.rounds ?? [];
  const rate = medianOf(saturating.map((run) => run.decisionsPerSecond));
  const has = (part: PartName) => options.parts.includes(part);
  if (has('openLoop')) announce('open loop…');
  const openLoop = has('openLoop')
    ? await runOpenLoop(stage, rollcall, Math.max(1, Math.round(rate / 2)), options)
    : undefined;
  if (has('idle')) announce('idle, and starting cold…');
  const idle = has('idle') ? await runOpenLoop(stage, rollcall, idlePerSecond, options) : undefined;
  const coldStart = has('idle') ? await runColdStart(stage, options) : undefined;
  const soldOut = has('soldOut') ? await runSoldOut(stage, rollcall, options, announce) : undefined;
  const manyEvents = has('manyEvents') ? await runManyEvents(stage, rollcall, options, announce) : undefined;
  const scaleOut = has('scaleOut') ? await runScaleOut(stage, rollcall, options, announce) : undefined;
  const grown = has('growth') ? await runGrowthAndWaits(stage, rollcall, options, announce) : {};
  if (has('overload')) announce('overload…');
  const overload = has('overload') ? await runOverload(stage, rollcall, options) : undefined;
  return { openLoop, idle, coldStart, soldOut, manyEvents, scaleOut, overload, ...grown };
}

async function runGrowthAndWaits(
  stage: Stage,
  rollcall: RollcallContender,
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<Pick<PartFigures, 'growth' | 'openWaits'>> {
  const { figures: growth, grown } = await runGrowth(stage, rollcall, options, announce);
  announce('open waits…');
  return { growth, openWaits: await runOpenWaits(stage, rollcall, grown, options) };
}
