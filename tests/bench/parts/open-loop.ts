import type { OpenLoopResult } from '../generator/task.ts';
import type { BenchOptions } from '../options.ts';
import type { Check } from '../sides/side.ts';
import type { RollcallContender } from '../sides/rollcall.ts';
import type { Stage } from '../stage.ts';
import { expectAll } from './run.ts';

export interface OpenLoopFigures extends Pick<OpenLoopResult, 'latency' | 'sendLag'> {
  readonly ratePerSecond: number;
  readonly signups: number;
  readonly check: Check;
}

/** More than are under way at any moment; those that are not needed only stay open. */
const connections = 1_000;

/** What people feel at a rate: each asks at a time of its own and waits for the decision. */
export async function runOpenLoop(
  stage: Stage,
  rollcall: RollcallContender,
  ratePerSecond: number,
  { openLoopSeconds }: BenchOptions,
): Promise<OpenLoopFigures> {
  const signups = ratePerSecond * openLoopSeconds;
  const event = await rollcall.newEvent(Math.floor(signups / 2));
  const { origin, path, body } = event;
  const target = { origin, path, body, prefer: 'wait=10', firstUser: 0, count: signups };
  const [result] = await stage.generator.perform({
    kind: 'openLoop',
    phases: [{ target, ratePerSecond }],
    connections,
  });
  if (result === undefined) throw new Error('the generator did not answer for its phase');
  const { statuses, latency, sendLag } = result;
  expectAll(statuses, 201, 'open loop');
  return { ratePerSecond, signups, latency, sendLag, check: await event.check(signups) };
}
