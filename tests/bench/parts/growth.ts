import { eventIdFor } from '@rollcall/domain';
import { collectionsOf } from '@rollcall/store-mongo';
import { fillEvent, filledRole } from '../fill-event.ts';
import type { BenchOptions } from '../options.ts';
import { newCommandId } from '../servers/seats.ts';
import type { Check } from '../sides/side.ts';
import type { RollcallContender, RollcallTarget } from '../sides/rollcall.ts';
import type { Stage } from '../stage.ts';
import { spreadOf, type Spread } from '../stats.ts';
import { cpuMicrosPerDecision, runSignups, type RunResult } from './run.ts';

export interface GrowthFigures {
  readonly registrationsFew: number;
  readonly registrationsMany: number;
  /** Decisions per second at an event that has so many already. */
  readonly few: Spread;
  readonly many: Spread;
  /** By process, medians of the rounds. */
  readonly cpuMicrosPerDecision: Readonly<Record<'few' | 'many', Readonly<Record<string, number>>>>;
  readonly checks: readonly Check[];
}

/** An event with many registrations, and how many; the open waits go on with it. */
export interface GrownEvent {
  readonly target: RollcallTarget;
  signups: number;
}

const measuredSignupsMax = 10_000;
/** Not measured: what the processes do for the first time for an event. */
const firstSignups = 1_000;

/** Rollcall at an event with few and at one with many registrations, in turns; in both the seats are gone, and everybody who comes now waits. */
export async function runGrowth(
  stage: Stage,
  rollcall: RollcallContender,
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<{ readonly figures: GrowthFigures; readonly grown: GrownEvent }> {
  const { registrationsFew, registrationsMany, rounds } = options;
  announce(`filling an event with ${registrationsMany} registrations…`);
  const startedAt = performance.now();
  const grown = await filledEvent(stage, rollcall, registrationsMany, options);
  announce(`filled in ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
  const few: RunResult[] = [];
  const many: RunResult[] = [];
  const checks: Check[] = [];
  const count = Math.min(options.signups, measuredSignupsMax);
  for (let round = 1; round <= rounds; round += 1) {
    const fresh = await filledEvent(stage, rollcall, registrationsFew, options);
    for (const [event, runs] of [
      [fresh, few],
      [grown, many],
    ] as const) {
      runs.push(await signUpMore(stage, rollcall, event, count, options));
      checks.push(await event.target.check(event.signups));
    }
    const last = (runs: readonly RunResult[]) => Math.round(runs.at(-1)?.decisionsPerSecond ?? 0);
    announce(`round ${round}: with few ${last(few)}, with many ${last(many)} decisions/s`);
  }
  const rate = (runs: readonly RunResult[]) => spreadOf(runs.map(({ decisionsPerSecond }) => decisionsPerSecond));
  return {
    figures: {
      registrationsFew,
      registrationsMany,
      few: rate(few),
      many: rate(many),
      cpuMicrosPerDecision: { few: cpuMicrosPerDecision(few), many: cpuMicrosPerDecision(many) },
      checks,
    },
    grown,
  };
}

/** Written into the database: a million people would sign up for minutes. */
async function filledEvent(
  stage: Stage,
  rollcall: RollcallContender,
  registrations: number,
  options: BenchOptions,
): Promise<GrownEvent> {
  const eventId = eventIdFor(newCommandId());
  const filling = { eventId, signups: registrations, leavesEvery: 0 };
  await fillEvent(collectionsOf(stage.mongo, stage.database), filling);
  const event: GrownEvent = { target: rollcall.targetOf(eventId, filledRole), signups: registrations };
  await signUpMore(stage, rollcall, event, Math.min(firstSignups, options.signups), options);
  return event;
}

async function signUpMore(
  stage: Stage,
  rollcall: RollcallContender,
  event: GrownEvent,
  count: number,
  { connections, pipelining }: BenchOptions,
): Promise<RunResult> {
  const plan = { firstUser: event.signups, count, connections, pipelining };
  const result = await runSignups(stage, rollcall, event.target, plan);
  event.signups += count;
  return result;
}
