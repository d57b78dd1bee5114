import type { EventId } from '@rollcall/domain';
import { untilNoOffers } from '../support/recorded.ts';
import type { Rollcall } from '../support/rollcall.ts';
import { answerOffers } from './offers.ts';
import { organize, settleCapacities, staffTurns } from './organizers.ts';
import { takeTurn } from './people.ts';
import { setStage, type Seen } from './stage.ts';

export interface RaceOptions {
  readonly users: number;
  /** How many requests are under way at once. */
  readonly concurrency: number;
  /** Called once, before the first of them comes. */
  readonly onOpen?: (eventId: EventId) => void;
  /** Called once, when a third of the users have been sent. */
  readonly midway?: () => void;
}

export interface RaceResult {
  readonly eventId: EventId;
  readonly seen: readonly Seen[];
}

/**
 * Many users want few seats of several roles, through all APIs at once, and change their mind; staff meanwhile change
 * capacities, and move and remove people. It is over when nobody has an offer any more.
 */
export async function race(rollcall: Rollcall, options: RaceOptions): Promise<RaceResult> {
  const { users, concurrency, onOpen, midway } = options;
  const stage = await setStage(rollcall);
  const { eventId, seen } = stage;
  onOpen?.(eventId);
  const rush = new AbortController();
  const offers = answerOffers(stage, rush.signal);

  let next = 0;
  async function runner(): Promise<void> {
    while (next < users) {
      const n = next;
      next += 1;
      if (n === Math.floor(users / 3)) midway?.();
      const turns: Promise<void>[] = [takeTurn(stage, n)];
      const turn = Math.floor((n * staffTurns) / users);
      if (turn > Math.floor(((n - 1) * staffTurns) / users)) turns.push(organize(stage, turn));
      await Promise.all(turns);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runner));
  await settleCapacities(stage);
  await untilNoOffers(rollcall, eventId);
  rush.abort();
  await offers;
  return { eventId, seen };
}
