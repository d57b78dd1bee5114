import { eventIdFor } from '@rollcall/domain';
import { aCommitId, newCommandId } from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { setRelayStage, type RelayStage } from './testing-relay.ts';

describe('the relay', () => {
  let stage: RelayStage;
  beforeEach(() => {
    stage = setRelayStage();
  });

  it('refreshes and tells what the worker did not come to', async () => {
    const leading = stage.lead();
    const event = stage.event();
    await event.open();
    await event.commit(event.signUp('ann'));
    await stage.quiet();
    const truth = await stage.truth(event.eventId);
    expect(await stage.cached(event.eventId)).toEqual(truth);
    expect(stage.published.at(-1)).toEqual(truth);
    await leading.stop();
  });

  it('counts nothing where the worker has done it, and tells it all the same', async () => {
    const leading = stage.lead();
    const event = stage.event();
    await event.open();
    await stage.refresh(event.eventId);
    await event.commit(event.signUp('ann'));
    await stage.refresh(event.eventId);
    await stage.quiet();
    expect(stage.counted).toEqual([]);
    expect(stage.repairs).toEqual([]);
    expect(stage.published.at(-1)).toEqual(await stage.truth(event.eventId));
    await leading.stop();
  });

  it('counts nothing where the cache is ahead of the change, as it is of a busy event', async () => {
    const event = stage.event();
    await event.open();
    const from = await stage.changes.now();
    await stage.changes.storeResumePoint(from);
    const { next } = await event.commit(event.signUp('ann'));
    await event.commit(event.signUp('bob'));
    await stage.refresh(event.eventId);
    const leading = stage.lead({
      ports: {
        changes: {
          ...stage.changes,
          async *follow(point) {
            yield { change: { eventId: event.eventId, head: next, committedAt: 0 }, resumePoint: point };
            await new Promise(() => undefined);
          },
        },
      },
    });
    await stage.quiet();
    expect(stage.published).toHaveLength(1);
    expect(stage.counted).toEqual([]);
    void leading.stop();
  });

  it('goes on from the point that its predecessor had seen to', async () => {
    const first = stage.lead();
    const [one, other] = [stage.event(), stage.event()];
    await one.open();
    await stage.quiet();
    await first.stop();
    await other.open();
    stage.published.length = 0;
    const second = stage.lead();
    await stage.quiet();
    expect(stage.published.map(({ eventId }) => eventId)).toEqual([other.eventId]);
    expect(stage.changesLost).toBe(1);
    await second.stop();
  });

  it('finds by the versions what has changed when nobody knows the changes any more', async () => {
    const [stale, fresh, uncached] = [stage.event(), stage.event(), stage.event()];
    for (const event of [stale, fresh, uncached]) await event.open();
    await stage.refresh(stale.eventId);
    const first = stage.lead();
    await stage.quiet();
    await first.stop();
    stage.cache.flush();
    for (const { eventId } of [stale, fresh]) await stage.refresh(eventId);
    await stale.commit(stale.signUp('ann'));
    stage.changes.forget();
    stage.published.length = 0;
    const second = stage.lead();
    await stage.quiet();
    expect(stage.changesLost).toBe(2);
    expect(stage.published).toEqual([await stage.truth(stale.eventId)]);
    expect(await stage.cached(stale.eventId)).toEqual(await stage.truth(stale.eventId));
    // And what comes after is followed again.
    await fresh.commit(fresh.signUp('bob'));
    await stage.quiet();
    expect(await stage.cached(fresh.eventId)).toEqual(await stage.truth(fresh.eventId));
    await second.stop();
  });

  it('stores no point before all up to it is seen to, and tries again what failed', async () => {
    let fails = true;
    const event = stage.event();
    const leading = stage.lead({
      ports: {
        cache: {
          ...stage.cache,
          setIfNewer: async (counts) => {
            if (fails) throw new Error('planted');
            return stage.cache.setIfNewer(counts);
          },
        },
      },
    });
    await event.open();
    await stage.quiet();
    expect(stage.warnings).toContain('counts not brought up to date');
    const before = await stage.changes.readResumePoint();
    await stage.quiet();
    expect(await stage.changes.readResumePoint()).toBe(before);
    fails = false;
    await stage.quiet();
    expect(await stage.changes.readResumePoint()).not.toBe(before);
    expect(await stage.cached(event.eventId)).toEqual(await stage.truth(event.eventId));
    await leading.stop();
  });

  it('gives up the lead when the changes can not be followed', async () => {
    const fault = new Error('planted');
    const leading = stage.lead({
      ports: { changes: { ...stage.changes, readResumePoint: () => Promise.reject(fault) } },
    });
    await stage.quiet();
    await expect(leading.stop()).rejects.toBe(fault);
  });
});

describe('cached counts that contradict the store', () => {
  let stage: RelayStage;
  beforeEach(() => {
    stage = setRelayStage();
  });

  /** An event at version 4 that is cached, and a way back to version 2. */
  async function aheadOfARestore() {
    const event = stage.event();
    await event.open();
    const restore = stage.changes.store.snapshot();
    await event.commit(event.signUp('ann'));
    await event.commit(event.signUp('bob'));
    await stage.refresh(event.eventId);
    return { event, restore };
  }

  it.each(['compares', 'follows'] as const)(
    'are replaced by older ones after a restore, by a relay that %s',
    async (how) => {
      const { event, restore } = await aheadOfARestore();
      restore();
      const leading = stage.lead({ compares: how === 'compares' });
      await stage.quiet();
      expect(stage.repairs).toMatchObject([{ kind: 'ahead', cached: { version: 4 }, stored: { version: 2 } }]);
      expect(await stage.cached(event.eventId)).toEqual(await stage.truth(event.eventId));
      await leading.stop();
    },
  );

  it('are replaced when a restored event has come to the same version another way', async () => {
    const event = stage.event();
    await event.open();
    const truth = (await stage.truth(event.eventId))!;
    stage.cache.put(event.eventId, { ...truth, commitId: aCommitId('another') });
    const leading = stage.lead({ compares: true });
    await stage.quiet();
    expect(stage.repairs).toMatchObject([{ kind: 'other-commit' }]);
    expect(await stage.cached(event.eventId)).toEqual(truth);
    await leading.stop();
  });

  it('are replaced when somebody has changed a number', async () => {
    const event = stage.event();
    await event.open();
    await event.commit(event.signUp('ann'));
    const truth = (await stage.truth(event.eventId))!;
    const roles = new Map([...truth.roles].map(([roleId, counts]) => [roleId, { ...counts, confirmed: 99 }]));
    stage.cache.put(event.eventId, { ...truth, roles });
    const leading = stage.lead({ compares: true });
    await stage.quiet();
    expect(stage.repairs).toMatchObject([{ kind: 'other-counts' }]);
    expect(await stage.cached(event.eventId)).toEqual(truth);
    await leading.stop();
  });

  it('are removed when the event is gone', async () => {
    const event = stage.event();
    await event.open();
    await stage.refresh(event.eventId);
    const gone = eventIdFor(newCommandId());
    stage.cache.put(gone, { ...(await stage.cached(event.eventId))!, eventId: gone });
    const leading = stage.lead({
      ports: {
        changes: {
          ...stage.changes,
          async *follow(point) {
            yield { change: { eventId: gone, head: undefined, committedAt: 0 }, resumePoint: point };
            await new Promise(() => undefined);
          },
        },
      },
    });
    await stage.quiet();
    expect(stage.repairs).toMatchObject([{ eventId: gone, kind: 'gone' }]);
    expect(await stage.cached(gone)).toBeUndefined();
    void leading.stop();
  });

  it('are left alone when newer ones come while they are looked at', async () => {
    const { event, restore } = await aheadOfARestore();
    restore();
    const newer = { ...(await stage.cached(event.eventId))!, version: 9 };
    let looks = 0;
    const leading = stage.lead({
      ports: {
        pause: async () => {
          // Once: as soon as the contradiction has been seen.
          if (stage.counted.length > 0 && looks++ === 0) stage.cache.put(event.eventId, newer);
          await new Promise((resolve) => setImmediate(resolve));
        },
      },
    });
    await stage.quiet();
    expect(stage.repairs.filter(({ cached }) => cached?.version === 4)).toEqual([]);
    await leading.stop();
  });
});
