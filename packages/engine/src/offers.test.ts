import { commandIdFromToken, registrationIdFor, type CommandId } from '@rollcall/domain';
import { aRole, cancel, createRig, expire, signUp, theEventId, type Rig } from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';
import { expireOffer, seeToOverdue, type OverduePorts } from './offers.ts';

const offerMs = 600_000;

describe('an offer', () => {
  let rig: Rig;
  let worker: EventWorker;
  let ports: OverduePorts;
  const [ann, bob, cem] = [signUp('ann'), signUp('bob'), signUp('cem')];
  const bobs = registrationIdFor(bob.commandId);

  beforeEach(async () => {
    rig = createRig();
    worker = rig.worker();
    ports = { store: rig.store, intake: rig.redis, wakeUps: rig.wakeUps, now: () => rig.clock.now, commandIdFor };
    await rig.open(worker, { roles: [aRole('volunteers', { capacity: 1, waitlist: 'offer', offerMs })] });
    await rig.send(ann, bob, cem, cancel(ann));
    rig.clock.now += 1_000;
    await worker.work(theEventId);
  });
  const statusOf = (id = bobs) =>
    rig.database.registrations(theEventId).find(({ registrationId }) => registrationId === id);

  it('runs from its decision, and gets a timer', () => {
    const expiresAt = rig.clock.now + offerMs;
    expect(statusOf()).toMatchObject({ status: 'waitlist', offer: { expiresAt } });
    expect(rig.timers).toEqual([{ eventId: theEventId, registrationId: bobs, expiresAt }]);
  });

  it('that has run out goes to the next in line, also when its timer was lost', async () => {
    await seeToOverdue(ports, 10);
    expect(await rig.depth()).toBe(0);
    rig.clock.now += offerMs;
    await seeToOverdue(ports, 10);
    // Another worker looks too, and the timer was not lost after all.
    await seeToOverdue(ports, 10);
    await expireOffer(ports, rig.timers[0]!);
    expect(await rig.depth()).toBe(1);
    expect(rig.wakeUps.pending).toEqual([theEventId]);
    await worker.work(theEventId);
    expect(statusOf()).toMatchObject({ status: 'cancelled' });
    expect(statusOf(registrationIdFor(cem.commandId))).toMatchObject({ offer: { expiresAt: rig.clock.now + offerMs } });
    expect(rig.timers).toHaveLength(2);
    await seeToOverdue(ports, 10);
    expect(await rig.depth()).toBe(0);
  });

  it('is tried again a minute later when the first attempt came too early', async () => {
    const { expiresAt } = rig.timers[0]!;
    // The timer's clock is ahead of the mailbox's.
    await expireOffer({ ...ports, now: () => expiresAt }, rig.timers[0]!);
    await worker.work(theEventId);
    expect(rig.database.journal(theEventId).at(-1)?.decision).toMatchObject({
      rejection: { reason: 'offer-still-open' },
    });
    rig.clock.now = expiresAt + 60_000;
    await seeToOverdue(ports, 10);
    await worker.work(theEventId);
    expect(statusOf()).toMatchObject({ status: 'cancelled' });
  });

  it('without a timer stops no signup', async () => {
    const own = createRig();
    const by = own.worker({ ports: { offerTimers: { schedule: async () => Promise.reject(new Error('planted')) } } });
    await own.open(by, { roles: [aRole('volunteers', { capacity: 1, waitlist: 'offer', offerMs })] });
    await own.send(ann, bob, cancel(ann));
    expect(await by.work(theEventId)).toBe('empty');
    expect(own.reports.warnings).toEqual(['offers have no timers']);
  });

  it('that was answered meanwhile is left alone', async () => {
    await rig.send(cancel(bob));
    await worker.work(theEventId);
    await rig.send(expire(bob, rig.timers[0]!.expiresAt));
    await worker.work(theEventId);
    expect(rig.database.journal(theEventId).at(-1)?.decision).toMatchObject({
      rejection: { reason: 'already-cancelled' },
    });
  });
});

/** The same text, the same id. */
function commandIdFor(text: string): CommandId {
  return commandIdFromToken(Buffer.from(text).toString('base64url').slice(-22).padStart(22, '0'));
}
