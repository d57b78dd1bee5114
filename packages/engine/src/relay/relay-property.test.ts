import type { EventCounts, EventId } from '@rollcall/domain';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { setRelayStage, type RelayStage } from './testing-relay.ts';

/** What can happen to what the worker that committed does for the cache. */
const fate = fc.constantFrom('done', 'lost', 'late', 'twice');

const act = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('commit' as const), which: fc.nat(2), fate }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'turns' as const }) },
  // What was late arrives, in any order.
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('arrive' as const), pick: fc.nat() }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'forget changes' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'another leads' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'two lead' as const }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'flush' as const }) },
);

/** Notes every version that the cache shows, and complains when one is older than the one before. */
function watchVersions({ cache }: RelayStage): readonly string[] {
  const complaints: string[] = [];
  const shown = new Map<EventId, number>();
  const { put, flush } = cache;
  const look = async (counts: EventCounts | undefined): Promise<void> => {
    if (counts === undefined) return;
    const now = (await cache.read([counts.eventId])).get(counts.eventId)?.version ?? 0;
    const before = shown.get(counts.eventId) ?? 0;
    if (now < before) complaints.push(`version ${now} after ${before}`);
    shown.set(counts.eventId, now);
  };
  const { setIfNewer, replace } = cache;
  Object.assign(cache, {
    put,
    // Nothing is shown after it, and whatever comes first is no step back.
    flush: () => {
      flush();
      shown.clear();
    },
    setIfNewer: async (counts: EventCounts) => {
      const did = await setIfNewer(counts);
      await look(counts);
      return did;
    },
    replace: async (...[eventId, seen, counts]: Parameters<typeof replace>) => {
      const did = await replace(eventId, seen, counts);
      await look(counts);
      return did;
    },
  });
  return complaints;
}

describe('counts in the cache', () => {
  it('end at the truth, and never go back, whatever becomes of notifications, relays and the cache', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (steps) => {
        const stage = setRelayStage();
        const complaints = watchVersions(stage);
        const events = [stage.event(), stage.event(), stage.event()];
        for (const event of events) await event.open();
        const late: EventCounts[] = [];
        let leaders = [stage.lead()];
        let users = 0;

        for (const step of steps) {
          switch (step.kind) {
            case 'commit': {
              const event = events[step.which]!;
              users += 1;
              await event.commit(event.signUp(`user-${users}`));
              const counts = (await stage.truth(event.eventId))!;
              if (step.fate === 'late') late.push(counts);
              if (step.fate === 'done' || step.fate === 'twice') await stage.cache.setIfNewer(counts);
              if (step.fate === 'twice') late.push(counts);
              break;
            }
            case 'turns':
              await new Promise((resolve) => setImmediate(resolve));
              break;
            case 'arrive': {
              const [counts] = late.length === 0 ? [] : late.splice(step.pick % late.length, 1);
              if (counts !== undefined) await stage.cache.setIfNewer(counts);
              break;
            }
            case 'flush':
              stage.cache.flush();
              break;
            case 'forget changes':
              stage.changes.forget();
              break;
            case 'another leads':
              for (const leader of leaders) await leader.stop();
              leaders = [stage.lead()];
              break;
            case 'two lead':
              leaders.push(stage.lead());
          }
        }
        for (const counts of late) await stage.cache.setIfNewer(counts);
        // What is late may come after all was lost, and be of a version that no change tells of any more.
        leaders.push(stage.lead({ compares: true }));
        await stage.quiet();

        expect(complaints).toEqual([]);
        for (const { eventId } of events) {
          const truth = await stage.truth(eventId);
          // Nothing cached is no lie: the next reader counts.
          expect((await stage.cached(eventId)) ?? truth).toEqual(truth);
        }
        expect(stage.warnings).toEqual([]);
        for (const leader of leaders) await leader.stop();
      }),
      { numRuns: 300 },
    );
  });
});
