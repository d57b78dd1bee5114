import { aRole, aRoleId, cancel, createRig, move, signUp, signupTime, theEventId, type Rig } from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';

describe('a drain', () => {
  let rig: Rig;
  let worker: EventWorker;
  beforeEach(async () => {
    rig = createRig();
    worker = rig.worker();
    await rig.open(worker, { roles: [aRole('volunteers', { capacity: 2 })] });
  });

  it('decides in the order of arrival, one version each, and empties the mailbox', async () => {
    const commands = ['ann', 'bob', 'cem', 'dan'].map((user) => signUp(user));
    await rig.send(...commands);
    expect(await worker.work(theEventId)).toBe('empty');
    const journal = rig.database.journal(theEventId).slice(2);
    expect(journal.map(({ version, commandId }) => [version, commandId])).toEqual(
      commands.map(({ commandId }, index) => [index + 3, commandId]),
    );
    expect(rig.database.registrations(theEventId).map(({ status, sequence }) => [status, sequence])).toEqual([
      ['confirmed', 3],
      ['confirmed', 4],
      ['waitlist', 5],
      ['waitlist', 6],
    ]);
    expect(await rig.depth()).toBe(0);
    expect(await rig.redis.dirtyEvents()).toEqual([]);
  });

  it('needs one transaction for a batch, and more only for more than a batch', async () => {
    const small = rig.worker({ limits: { batchSizeMax: 3 } });
    await rig.send(...Array.from({ length: 7 }, (_, n) => signUp(`user-${n}`)));
    await small.work(theEventId);
    expect(rig.reports.commits.slice(2).map(({ length }) => length)).toEqual([3, 3, 1]);
  });

  it('gives the same decisions whatever the size of its batches', async () => {
    const oneByOne = await statuses(1);
    expect(oneByOne).toContainEqual([8, 'RegistrationCancelled ann', 'RegistrationPromoted cem']);
    for (const size of [2, 3, 4, 500]) expect(await statuses(size)).toEqual(oneByOne);
  });

  it('tells who asks again the place in which they wait now', async () => {
    const [ann, bob, cem, dan, eve] = ['ann', 'bob', 'cem', 'dan', 'eve'].map((user) => signUp(user));
    await rig.send(ann!, bob!, cem!, dan!, eve!);
    await worker.work(theEventId);
    const [before, after] = [signUp('eve'), signUp('eve')];
    await rig.send(before, cancel(cem!), cancel(ann!), after);
    await worker.work(theEventId);
    expect(rig.answerTo(before)).toMatchObject(waitsAt(3));
    expect(rig.answerTo(after)).toMatchObject(waitsAt(1));
  });

  it('tells the place also to who moves what was made in the same batch', async () => {
    const own = createRig();
    const by = own.worker();
    const roles = [aRole('volunteers', { capacity: 0 }), aRole('cooks')];
    await own.open(by, { roles, settings: { usersMayMove: true, registrationsPerUserMax: 2 } });
    await own.send(signUp('ann'), signUp('bob'));
    await by.work(theEventId);
    const cook = signUp('bob', { role: 'cooks' });
    const moved = move(cook, 'volunteers');
    await own.send(cook, moved);
    await by.work(theEventId);
    expect(own.answerTo(moved)).toMatchObject(waitsAt(2));
  });

  it('answers each command, with the counts of the version that it published', async () => {
    const [ann, bob] = [signUp('ann'), signUp('ann')];
    await rig.send(ann, bob);
    await worker.work(theEventId);
    expect(rig.answerTo(ann)).toMatchObject({ version: 3, result: { kind: 'registered', status: 'confirmed' } });
    expect(rig.answerTo(bob)).toMatchObject({
      version: 4,
      result: { kind: 'rejected', rejection: { reason: 'already-registered' } },
    });
    const counts = rig.redis.published.at(-1)?.counts;
    expect(counts).toMatchObject({
      version: 4,
      roles: new Map([[aRoleId('volunteers'), { capacity: 2, confirmed: 1, waitlist: 0, offered: 0, available: 1 }]]),
    });
    expect((await rig.counts.read([theEventId])).get(theEventId)).toEqual(counts);
  });

  it('judges windows by when the mailbox took the command, however late it is', async () => {
    const own = createRig();
    const by = own.worker();
    await own.open(by, { settings: { signupClosesAt: signupTime + 10 } });
    const [inTime, late] = [signUp('ann'), signUp('bob')];
    own.clock.now = signupTime + 9;
    await own.send(inTime);
    own.clock.now = signupTime + 10;
    await own.send(late);
    own.clock.now = signupTime + 60_000;
    await by.work(theEventId);
    expect(own.answerTo(inTime)).toMatchObject({ result: { kind: 'registered' } });
    expect(own.answerTo(late)).toMatchObject({ result: { kind: 'rejected', rejection: { reason: 'signups-closed' } } });
    expect(own.database.journal(theEventId).at(-1)).toMatchObject({
      acceptedAt: signupTime + 10,
      decidedAt: signupTime + 60_000,
    });
  });

  it('yields when its time is up, and adds a wake-up for what is left', async () => {
    rig.clock.msPerLook = 100;
    const patient = rig.worker({ limits: { batchSizeMax: 1, drainMsMax: 250 } });
    await rig.send(...Array.from({ length: 5 }, (_, n) => signUp(`user-${n}`)));
    expect(await patient.work(theEventId)).toBe('yielded');
    expect(rig.wakeUps.pending).toEqual([theEventId]);
    const left = await rig.depth();
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(5);
    // The lock is free again: the wake-up is not in vain.
    rig.clock.msPerLook = 0;
    expect(await patient.work(theEventId)).toBe('empty');
    expect(rig.database.journal(theEventId)).toHaveLength(7);
  });

  it('is busy while somebody else holds the event, and touches nothing', async () => {
    await rig.send(signUp('ann'));
    const outcome = await rig.lock.withEventLock(theEventId, () => worker.work(theEventId));
    expect(outcome).toEqual({ kind: 'done', value: 'busy' });
    expect(rig.reports.busy).toBe(1);
    expect(await rig.depth()).toBe(1);
  });
});

/** One story, decided by a worker with batches of this size. */
async function statuses(batchSizeMax: number) {
  const own = createRig();
  const by = own.worker({ limits: { batchSizeMax } });
  await own.open(by, { roles: [aRole('volunteers', { capacity: 2 })] });
  const [ann, bob, cem, dan] = [signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan')];
  await own.send(
    ann,
    bob,
    cem,
    dan,
    signUp('cem'),
    cancel(ann),
    cancel(cem),
    signUp('ann'),
    cancel(bob),
    signUp('ann'),
  );
  await by.work(theEventId);
  return own.database.journal(theEventId).map(({ version, decision }) => {
    if (decision.outcome === 'rejected') return [version, decision.rejection.reason];
    return [
      version,
      ...decision.domainEvents.map((fact) => ('userId' in fact ? `${fact.type} ${fact.userId}` : fact.type)),
    ];
  });
}

const waitsAt = (waitlistPosition: number) => ({
  result: { rejection: { reason: 'already-registered', status: 'waitlist', waitlistPosition } },
});
