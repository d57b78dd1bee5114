import type { BenchOptions } from '../options.ts';
import type { Check } from '../sides/side.ts';
import type { RollcallContender, RollcallTarget } from '../sides/rollcall.ts';
import type { Stage } from '../stage.ts';
import { spreadOf, type Spread } from '../stats.ts';
import { runSignups } from './run.ts';

export interface GrowthFigures {
  readonly registrationsFew: number;
  readonly registrationsMany: number;
  /** Decisions per second at an event that has so many already. */
  readonly few: Spread;
  readonly many: Spread;
  readonly checks: readonly Check[];
}

/** An event with many registrations, and how many; the open waits go on with it. */
export interface GrownEvent {
  readonly target: RollcallTarget;
  readonly capacity: number;
  signups: number;
}

const measuredSignupsMax = 10_000;
const fillChunk = 20_000;

/** Rollcall at an event with few and at one with many registrations, in turns. */
export async function runGrowth(
  stage: Stage,
  rollcall: RollcallContender,
  options: BenchOptions,
  announce: (line: string) => void,
): Promise<{ readonly figures: GrowthFigures; readonly grown: GrownEvent }> {
  const { registrationsFew, registrationsMany, rounds } = options;
  announce(`filling an event with ${registrationsMany} registrations…`);
  const grown = await filledEvent(stage, rollcall, registrationsMany, options);
  const few: number[] = [];
  const many: number[] = [];
  const checks: Check[] = [];
  const count = Math.min(options.signups, measuredSignupsMax);
  for (let round = 1; round <= rounds; round += 1) {
    const fresh = await filledEvent(stage, rollcall, registrationsFew, options);
    for (const [event, rates] of [
      [fresh, few],
      [grown, many],
    ] as const) {
      rates.push(await signUpMore(stage, rollcall, event, count, options));
      checks.push(await event.target.check(event.signups));
    }
    announce(
      `round ${round}: with few ${Math.round(few.at(-1) ?? 0)}, with many ${Math.round(many.at(-1) ?? 0)} decisions/s`,
    );
  }
  return { figures: { registrationsFew, registrationsMany, few: spreadOf(few), many: spreadOf(many), checks }, grown };
}

/** Its seats are gone after half of them, so everybody who comes later waits, at both events alike. */
async function filledEvent(
  stage: Stage,
  rollcall: RollcallContender,
  registrations: number,
  options: BenchOptions,
): Promise<GrownEvent> {
  const capacity = Math.floor(registrations / 2);
  const event: GrownEvent = { target: await rollcall.newEvent(capacity), capacity, signups: 0 };
  while (event.signups < registrations) {
    await signUpMore(stage, rollcall, event, Math.min(fillChunk, registrations - event.signups), options);
  }
  return event;
}

async function signUpMore(
  stage: Stage,
  rollcall: RollcallContender,
  event: GrownEvent,
  count: number,
  { connections, pipelining }: BenchOptions,
): Promise<number> {
  const plan = { firstUser: event.signups, count, connections, pipelining };
  const { decisionsPerSecond } = await runSignups(stage, rollcall, event.target, plan);
  event.signups += count;
  return decisionsPerSecond;
}
