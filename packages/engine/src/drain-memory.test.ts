import { aRole, aRoleId, cancel, createRig, signUp, theEventId, type Rig } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';

const oneSeat = { roles: [aRole('volunteers', { capacity: 1 })] };
const volunteers = aRoleId('volunteers');

async function cached(rig: Rig) {
  const counts = (await rig.counts.read([theEventId])).get(theEventId);
  const role = counts?.roles.get(volunteers);
  const { confirmed = 0, waitlist = 0, offered = 0 } = role ?? {};
  return { version: counts?.version, confirmed, waitlist, offered };
}

async function recounted(rig: Rig) {
  const version = (await rig.database.loadEvent(theEventId))?.version;
  return { version, ...(await rig.database.countRegistrations(theEventId, [volunteers])).get(volunteers) };
}

describe('what a worker remembers', () => {
  it('is counted once, when it takes the event over, and never per batch', async () => {
    const rig = createRig();
    await rig.open(rig.worker(), oneSeat);
    const worker = rig.worker();
    for (let n = 0; n < 5; n += 1) {
      await rig.send(signUp(`user-${n}`));
      await worker.work(theEventId);
    }
    expect(rig.store.calls('countRegistrations')).toBe(1);
    expect(rig.store.calls('readJournal')).toBe(0);
    expect(await cached(rig)).toEqual(await recounted(rig));
  });

  it('is folded forward when others decided in between: two workers in turns count once each', async () => {
    const rig = createRig();
    await rig.open(rig.worker(), oneSeat);
    const workers = [rig.worker(), rig.worker()];
    const signUps = Array.from({ length: 8 }, (_, n) => signUp(`user-${n}`));
    for (const [index, signedUp] of signUps.entries()) {
      await rig.send(signedUp);
      // Every third command frees a seat, so that promotions are folded too.
      if (index % 3 === 2) await rig.send(cancel(signUps[index - 2]!), signUp(`late-${index}`));
      await workers[index % 2]!.work(theEventId);
      expect(await cached(rig)).toEqual(await recounted(rig));
    }
    expect(rig.store.calls('countRegistrations')).toBe(2);
    expect(rig.store.calls('readJournal')).toBeGreaterThan(4);
    expect(rig.reports.refused).toEqual([]);
  });

  it('follows what others changed about the event', async () => {
    const rig = createRig();
    const [one, other] = [rig.worker(), rig.worker()];
    await rig.open(one, oneSeat);
    await rig.send(signUp('ann'));
    await other.work(theEventId);
    await rig.send(signUp('bob'));
    await one.work(theEventId);
    expect(rig.database.registrations(theEventId).map(({ status }) => status)).toEqual(['confirmed', 'waitlist']);
  });

  it('is right after a commit of unknown outcome that landed', async () => {
    const rig = createRig();
    const worker = rig.worker();
    await rig.open(worker, oneSeat);
    await rig.send(signUp('ann'));
    rig.store.failNextCommits('unknown-landed');
    await worker.work(theEventId);
    await rig.send(signUp('bob'));
    await worker.work(theEventId);
    expect(rig.store.calls('countRegistrations')).toBeLessThanOrEqual(1);
    expect(await cached(rig)).toEqual(await recounted(rig));
  });

  it('is thrown away when the database was restored, whatever number it is at', async () => {
    for (const decidedSince of [1, 2, 3]) {
      const rig = createRig();
      const [old, other] = [rig.worker(), rig.worker()];
      await rig.open(old, oneSeat);
      const restore = rig.database.snapshot();
      await rig.send(signUp('lost-1'), signUp('lost-2'));
      await old.work(theEventId);
      restore();
      // History goes another way: fewer, as many, and more decisions than were lost.
      const users = Array.from({ length: decidedSince }, (_, n) =>
        signUp(`user-${n}`, { role: n === 0 ? 'volunteers' : 'no-such' }),
      );
      await rig.send(...users);
      await other.work(theEventId);
      const before = rig.store.calls('countRegistrations');
      await rig.send(signUp('bob'));
      await old.work(theEventId);
      expect(rig.store.calls('countRegistrations')).toBe(before + 1);
      expect(rig.redis.published.at(-1)?.counts?.roles.get(volunteers)).toEqual({
        capacity: 1,
        confirmed: 1,
        waitlist: 1,
        offered: 0,
        available: 0,
      });
      expect(await recounted(rig)).toEqual({ version: 3 + decidedSince, confirmed: 1, waitlist: 1, offered: 0 });
    }
  });
});

describe('the count cache', () => {
  it('that fails stops no signup', async () => {
    const rig = createRig();
    const counts = { ...rig.counts, setIfNewer: async () => Promise.reject(new Error('planted')) };
    const worker = rig.worker({ ports: { counts } });
    await rig.open(worker, oneSeat);
    const ann = signUp('ann');
    await rig.send(ann);
    expect(await worker.work(theEventId)).toBe('empty');
    expect(rig.answerTo(ann)).toMatchObject({ result: { status: 'confirmed' } });
    expect(rig.reports.warnings).toContain('count cache not refreshed');
  });
});
