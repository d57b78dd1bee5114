import { setTimeout as delay } from 'node:timers/promises';
import type { Arena } from './arena.ts';
import { follow } from './followers.ts';
import { judge } from './judge.ts';
import { load, type Heard } from './load.ts';
import type { Scenario } from './scenario.ts';

export interface PlayOptions {
  readonly perSecond: number;
  readonly seconds: number;
}

export interface Played {
  readonly name: string;
  /** What shows that it has happened. */
  readonly proof: string;
  /** What was promised and is not so. */
  readonly violations: readonly string[];
  readonly accepted: number;
  readonly failed: number;
}

/** When it begins, as a part of the time that people come in. */
const harmAfter = 0.2;
/** Three turns of the sweeper, and of the look for jobs whose workers are gone, in ms. */
const settleMs = 6_000;
const withinMs = 30_000;
const patienceMs = 60_000;

/** People sign up, something goes wrong, and when everything has come to rest it is judged. */
export async function play(
  arena: Arena,
  { name, harm, destroys = false, secondsMin = 0 }: Scenario,
  options: PlayOptions,
): Promise<Played> {
  const { perSecond } = options;
  const seconds = Math.max(options.seconds, secondsMin);
  const begun = Promise.withResolvers<Heard>();
  // On a slow machine a process may need longer to come up than people were to come.
  let isHarming = true;
  const loading = load(arena.rollcall, { perSecond, seconds, isLonger: () => isHarming, patienceMs }, begun.resolve);
  // Whoever waits for the one hears of the other.
  loading.catch(begun.reject);
  const heard = await begun.promise;
  await using followers = follow(arena.rollcall, heard.event.eventId);
  await delay(seconds * 1_000 * harmAfter);
  const harmed = await harm(arena, heard).then(
    (proof) => ({ proof, faults: [] }),
    (error: unknown) => ({ proof: 'nothing', faults: [`not harmed: ${String(error)}`] }),
  );
  isHarming = false;
  await loading;
  await delay(settleMs);
  const violations = await judge(arena.rollcall, heard, followers, { destroys, withinMs });
  return {
    name,
    proof: harmed.proof,
    violations: [...harmed.faults, ...violations],
    accepted: heard.accepted.size,
    failed: heard.failed,
  };
}
