import { medianOf, spreadOf, type Latency, type Spread } from './stats.ts';
import type { BenchOptions } from './options.ts';
import type { ColdStartFigures } from './parts/cold-start.ts';
import type { GrowthFigures } from './parts/growth.ts';
import type { ManyEventsFigures } from './parts/many-events.ts';
import type { OpenLoopFigures } from './parts/open-loop.ts';
import type { OpenWaitsFigures } from './parts/open-waits.ts';
import type { OverloadFigures } from './parts/overload.ts';
import type { ContenderRounds } from './parts/rounds.ts';
import { cpuMicrosPerDecision, type RunResult } from './parts/run.ts';
import type { ScaleOutFigures } from './parts/scale-out.ts';
import type { SoldOutFigures } from './parts/sold-out.ts';
import type { Trial } from './parts/trials.ts';
import type { Check, Setting, SideName } from './sides/side.ts';

export type Trials = Readonly<Partial<Record<SideName, readonly Trial[]>>>;

/** Sides that were to be there and could not, and why. */
export type LeftOut = Readonly<Partial<Record<SideName, string>>>;

/** What one side did, over all rounds. */
export interface SideFigures {
  readonly side: SideName;
  readonly setting: Setting;
  readonly signups: number;
  readonly decisionsPerSecond: Spread;
  /** Medians of the rounds, in ms. */
  readonly accept: Latency;
  readonly decision: Latency;
  readonly processes: readonly ProcessFigures[];
  readonly checks: readonly Check[];
}

interface ProcessFigures {
  readonly name: string;
  readonly cpuMicrosPerDecision: number;
  readonly peakRssMiB: number;
}

/** The content of bench.json. What was not run is null. */
export interface BenchReport {
  readonly at: string;
  readonly elapsedSeconds: number;
  readonly settings: Readonly<Record<string, unknown>>;
  /** Decisions per second. */
  readonly medians: Readonly<Record<SideName | 'soldOut' | 'atFew' | 'at1m' | 'events1000', number | null>>;
  /**
   * Rollcall to the others; with many registrations in the event (a million unless told otherwise) to itself with few; and with signups spread over
   * many events (a thousand unless told otherwise) to the ceiling.
   */
  readonly ratios: Readonly<
    Record<
      'ceiling' | 'jobPerSignup' | 'mongoCounter' | 'postgresCounter' | 'legacy' | 'at1m' | 'events1000',
      number | null
    >
  >;
  readonly sides: Readonly<Partial<Record<SideName, SideFigures>>>;
  readonly leftOut: LeftOut;
  /** The settings that were tried for a side; the fastest is the one of `sides`. */
  readonly trials: Trials;
  /** At half of the rate at which Rollcall is saturated, and with hardly anybody there. */
  readonly openLoop: OpenLoopFigures | null;
  readonly idle: OpenLoopFigures | null;
  readonly coldStart: ColdStartFigures | null;
  readonly soldOut: SoldOutFigures | null;
  readonly growth: GrowthFigures | null;
  readonly openWaits: OpenWaitsFigures | null;
  readonly manyEvents: ManyEventsFigures | null;
  readonly scaleOut: readonly ScaleOutFigures[] | null;
  readonly overload: OverloadFigures | null;
  /** What is wrong with Rollcall's seats and decisions. Anything here makes the bench fail. */
  readonly faults: readonly string[];
}

/** What is measured of Rollcall alone; undefined: it was not. */
export interface PartFigures {
  readonly openLoop?: OpenLoopFigures | undefined;
  readonly idle?: OpenLoopFigures | undefined;
  readonly coldStart?: ColdStartFigures | undefined;
  readonly soldOut?: SoldOutFigures | undefined;
  readonly manyEvents?: ManyEventsFigures | undefined;
  readonly scaleOut?: { readonly figures: readonly ScaleOutFigures[]; readonly checks: readonly Check[] } | undefined;
  readonly overload?: OverloadFigures | undefined;
  readonly growth?: GrowthFigures | undefined;
  readonly openWaits?: OpenWaitsFigures | undefined;
}

export interface Findings {
  readonly startedAt: number;
  readonly options: BenchOptions;
  readonly servers: Readonly<Record<string, string>>;
  readonly trials: Trials;
  readonly leftOut: LeftOut;
  readonly rounds: readonly ContenderRounds[];
  readonly parts: PartFigures;
}

function figuresOf({ contender: { side, setting }, rounds, checks }: ContenderRounds): SideFigures {
  const median = (pick: (run: RunResult) => number) => medianOf(rounds.map(pick));
  return {
    side,
    setting,
    signups: rounds[0]?.signups ?? 0,
    decisionsPerSecond: spreadOf(rounds.map(({ decisionsPerSecond }) => decisionsPerSecond)),
    accept: { p50: median(({ accept }) => accept.p50), p99: median(({ accept }) => accept.p99) },
    decision: { p50: median(({ decision }) => decision.p50), p99: median(({ decision }) => decision.p99) },
    processes: processFigures(rounds),
    checks,
  };
}

function processFigures(rounds: readonly RunResult[]): readonly ProcessFigures[] {
  const uses = rounds.flatMap(({ processes }) => processes);
  return Object.entries(cpuMicrosPerDecision(rounds)).map(([name, micros]) => ({
    name,
    cpuMicrosPerDecision: micros,
    peakRssMiB: Math.max(...uses.filter((use) => use.name === name).map(({ peakRssBytes }) => peakRssBytes)) / 2 ** 20,
  }));
}

const ratioOf = (one: number | null, other: number | null) => (one === null || other === null ? null : one / other);

export function reportOf(findings: Findings): BenchReport {
  const { startedAt, options, servers, trials, leftOut, rounds } = findings;
  const { openLoop, idle, coldStart, soldOut, growth, openWaits, manyEvents, scaleOut, overload } = findings.parts;
  const sides: Partial<Record<SideName, SideFigures>> = {};
  for (const contenderRounds of rounds) sides[contenderRounds.contender.side] = figuresOf(contenderRounds);
  const rate = (side: SideName) => sides[side]?.decisionsPerSecond.median ?? null;
  const medians = {
    ceiling: rate('ceiling'),
    rollcall: rate('rollcall'),
    jobPerSignup: rate('jobPerSignup'),
    mongoCounter: rate('mongoCounter'),
    postgresCounter: rate('postgresCounter'),
    legacy: rate('legacy'),
    soldOut: soldOut?.decisionsPerSecond.median ?? null,
    atFew: growth?.few.median ?? null,
    at1m: growth?.many.median ?? null,
    events1000: manyEvents?.decisionsPerSecond.median ?? null,
  };
  return {
    at: new Date(startedAt).toISOString(),
    elapsedSeconds: (Date.now() - startedAt) / 1000,
    settings: { ...options, dataDir: undefined, servers, node: process.version },
    medians,
    ratios: {
      ceiling: ratioOf(medians.rollcall, medians.ceiling),
      jobPerSignup: ratioOf(medians.rollcall, medians.jobPerSignup),
      mongoCounter: ratioOf(medians.rollcall, medians.mongoCounter),
      postgresCounter: ratioOf(medians.rollcall, medians.postgresCounter),
      legacy: ratioOf(medians.rollcall, medians.legacy),
      at1m: ratioOf(medians.at1m, medians.atFew),
      events1000: ratioOf(medians.events1000, medians.ceiling),
    },
    sides,
    leftOut,
    trials,
    openLoop: openLoop ?? null,
    idle: idle ?? null,
    coldStart: coldStart ?? null,
    soldOut: soldOut ?? null,
    growth: growth ?? null,
    openWaits: openWaits ?? null,
    manyEvents: manyEvents ?? null,
    scaleOut: scaleOut?.figures ?? null,
    overload: overload ?? null,
    // Only Rollcall promises not to oversell; what is wrong with the others is told beside their figures.
    faults: [
      ...(sides.rollcall?.checks ?? []),
      openLoop?.check,
      idle?.check,
      ...(soldOut?.checks ?? []),
      ...(growth?.checks ?? []),
      ...(manyEvents?.checks ?? []),
      ...(scaleOut?.checks ?? []),
      overload?.check,
      openWaits?.check,
    ].flatMap((check) => check?.faults ?? []),
  };
}
