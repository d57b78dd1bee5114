import { aRole, cancel, createEvent, createRig, noLock, openEvent, signUp, theEventId } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';

/** Two workers at one event, as when a lock runs out under its holder. Nothing may be lost, whoever was paused where. */
describe('a worker that was paused', () => {
  it('before it read the mailbox of an event that did not exist yet puts no signup aside', async () => {
    const rig = createRig();
    const [paused, quick] = [rig.worker({ lock: noLock }), rig.worker({ lock: noLock })];
    await rig.send(createEvent(), openEvent());
    const ann = signUp('ann');
    rig.mailbox.beforeReadHead(async () => {
      await quick.work(theEventId);
      await rig.send(ann);
    });
    await paused.work(theEventId);
    await quick.work(theEventId);
    expect(rig.redis.dead.get(theEventId) ?? []).toEqual([]);
    expect(rig.answerTo(ann)).toMatchObject({ version: 3, result: { kind: 'registered', status: 'confirmed' } });
  });

  it('before it read the mailbox decides on what others decided meanwhile', async () => {
    const rig = createRig();
    const [paused, quick] = [rig.worker({ lock: noLock }), rig.worker({ lock: noLock })];
    await rig.open(paused, { roles: [aRole('volunteers', { capacity: 1 })] });
    const [ann, bob] = [signUp('ann'), signUp('bob')];
    rig.mailbox.beforeReadHead(async () => {
      await rig.send(ann);
      await quick.work(theEventId);
      await rig.send(cancel(ann), bob);
    });
    // What it loads now is newer than what it remembers: the cancel of a seat that it does not know to be taken.
    expect(await paused.work(theEventId)).toBe('empty');
    expect(rig.answerTo(bob)).toMatchObject({ version: 5, result: { status: 'confirmed' } });
    expect(rig.database.registrations(theEventId).map(({ status }) => status)).toEqual(['cancelled', 'confirmed']);
  });

  // Counts that are older than the version which a commit expects would oversell; newer ones make it stale.
  it.each(['loadEvent', 'countRegistrations'] as const)('before it called %s does not oversell', async (method) => {
    const rig = createRig();
    await rig.open(rig.worker(), { roles: [aRole('volunteers', { capacity: 1 })] });
    const [paused, quick] = [rig.worker({ lock: noLock }), rig.worker({ lock: noLock })];
    await rig.send(signUp('ann'));
    rig.store.before(method, async () => {
      await quick.work(theEventId);
      await rig.send(signUp('bob'));
    });
    await paused.work(theEventId);
    expect(rig.database.registrations(theEventId).map(({ status }) => status)).toEqual(['confirmed', 'waitlist']);
  });

  it('anywhere: many workers without a lock decide each command once and in order', async () => {
    const rig = createRig();
    const workers = Array.from({ length: 3 }, () =>
      rig.worker({ lock: noLock, limits: { batchSizeMax: 4, attemptsMax: 50 } }),
    );
    await rig.open(workers[0]!, { roles: [aRole('volunteers', { capacity: 10 })] });
    const commands = Array.from({ length: 60 }, (_, n) => signUp(`user-${n}`));
    await rig.send(...commands);
    await Promise.all(workers.map((worker) => worker.work(theEventId)));
    const journal = rig.database.journal(theEventId).slice(2);
    expect(journal.map(({ commandId }) => commandId)).toEqual(commands.map(({ commandId }) => commandId));
    const registrations = rig.database.registrations(theEventId);
    expect(registrations.map(({ status }) => status === 'confirmed').lastIndexOf(true)).toBe(9);
    expect(await rig.depth()).toBe(0);
  });
});
