import { setTimeout as delay } from 'node:timers/promises';
import type { EventId } from '@rollcall/domain';
import type { Collections } from '@rollcall/store-mongo';
import { preciseNow } from '../clock.ts';
import { userIdOf } from '../generator/task.ts';
import type { Following } from './side.ts';

/** How often the event's version is read while signups are decided, in ms; decision times are exact to this. */
const lookEveryMs = 10;
/** Without a decision for this long something is broken. */
const standstillMsMax = 30_000;

/** Reads the event's version again and again, as it is on a majority; a signup is decided when its version is there. */
export async function followVersion(
  { events, journal }: Collections,
  eventId: EventId,
  firstUser: number,
  count: number,
): Promise<Following> {
  const seen: { readonly version: number; readonly at: number }[] = [];

  async function look(): Promise<number> {
    const document = await events.findOne({ _id: eventId }, { projection: { _id: 0, version: 1 } });
    const version = document?.version ?? 0;
    if (version !== seen.at(-1)?.version) seen.push({ version, at: preciseNow() });
    return version;
  }

  async function untilAllDecided(): Promise<void> {
    for (;;) {
      const decided = (await look()) - atStart;
      if (decided >= count) return;
      if (preciseNow() - (seen.at(-1)?.at ?? 0) > standstillMsMax) {
        throw new Error(`nothing was decided for ${standstillMsMax / 1000} s: ${decided} of ${count}`);
      }
      await delay(lookEveryMs);
    }
  }

  const atStart = await look();
  const all = untilAllDecided();
  // Looked at by `decided`, which the bench does not reach when something else fails first.
  all.catch(() => undefined);
  return {
    async decided() {
      await all;
      const decidedAt = new Float64Array(count).fill(Number.NaN);
      const places = new Map(Array.from({ length: count }, (_, place) => [userIdOf(firstUser + place), place]));
      // Refusals are in it, too.
      const decisions = journal
        .find({ eventId, version: { $gt: atStart } })
        .sort({ version: 1 })
        .project<{ actor?: { userId?: string }; version: number }>({ _id: 0, 'actor.userId': 1, version: 1 });
      let index = 0;
      for await (const { actor, version } of decisions) {
        while ((seen[index]?.version ?? Infinity) < version) index += 1;
        const place = places.get(actor?.userId ?? '');
        if (place !== undefined) decidedAt[place] = seen[index]?.at ?? Number.NaN;
      }
      return decidedAt;
    },
  };
}
