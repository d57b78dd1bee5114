import { eventIdFor, registrationIdFor, senderOf, type Command, type UserId } from '@rollcall/domain';
import {
  aRole,
  aUserId,
  cancel,
  createInMemoryEventQueries,
  createInMemoryStoreTraces,
  createRig,
  erase,
  newCommandId,
  signUp,
  theEventId,
  type Rig,
  importEvent,
  importRegistration,
} from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import { eraseUser, type ErasePorts, type EraseRequest } from './erase-user.ts';
import type { EventWorker } from './event-worker.ts';
import { createImporter } from './import-event.ts';

const ann = aUserId('ann');

describe('erasing a user', () => {
  let rig: Rig;
  let worker: EventWorker;
  beforeEach(async () => {
    rig = createRig();
    worker = rig.worker();
    await rig.open(worker, { roles: [aRole('volunteers', { capacity: 2 })] });
  });

  /** While it waits, a worker works. */
  function ports(overrides: Partial<ErasePorts> = {}): ErasePorts {
    let elapsed = 0;
    return {
      store: createInMemoryStoreTraces(rig.database),
      queries: createInMemoryEventQueries(rig.database),
      intake: rig.redis,
      mailboxes: rig.redis,
      wakeUps: rig.wakeUps,
      newToken: () => newCommandId().slice(1),
      pause: async (ms) => {
        elapsed += ms;
        await worker.work(theEventId);
      },
      elapsed: () => elapsed,
      ...overrides,
    };
  }
  const run = (overrides?: Partial<ErasePorts>, request: Partial<EraseRequest> = {}) =>
    eraseUser(ports(overrides), {
      userId: ann,
      actor: { kind: 'system' },
      decisionMsMax: 10_000,
      signal: new AbortController().signal,
      ...request,
    });
  const everything = () =>
    JSON.stringify([rig.database.journal(theEventId), ...(rig.database.documents().get(theEventId)?.details ?? [])]) +
    JSON.stringify(rig.database.registrations(theEventId));
  const work = async (...commands: readonly Command[]) => {
    await rig.send(...commands);
    await worker.work(theEventId);
  };

  it('takes what they sent before as well, decided or not', async () => {
    const first = signUp('ann', { notes: 'a secret of mine' });
    await work(first, cancel(first, { reason: 'another secret' }), signUp('bob'));
    const waiting = signUp('ann', { notes: 'a third secret' });
    await rig.send(waiting);
    expect(await run()).toEqual({
      events: [{ eventId: theEventId, registrations: 2, left: false }],
      deadLetters: 0,
      complete: true,
    });
    expect(everything()).not.toMatch(/"ann"|secret/);
    expect(rig.database.registrations(theEventId).map(({ status }) => status)).toEqual([
      'cancelled',
      'confirmed',
      'confirmed',
    ]);
    expect(await rig.redis.findWaitingOf(ann)).toEqual([]);
  });

  it('finds events where they have nothing but something that waits', async () => {
    await rig.send(signUp('ann'));
    expect(await run({ store: { findEventsOf: async () => [] } })).toMatchObject({
      events: [{ registrations: 1, left: false }],
    });
  });

  it('says that something is left where the system before leads the event', async () => {
    const eventId = eventIdFor(newCommandId());
    const orders = [importEvent(), importRegistration('ann')].map(({ eventId: _e, acceptedAt: _a, ...order }) => order);
    await createImporter(rig.ports()).apply(eventId, 0, orders);
    const report = await run({ pause: async () => void (await worker.work(eventId)) });
    expect(report).toMatchObject({ events: [{ eventId, registrations: 0, left: true }], complete: false });
    expect(rig.database.registrations(eventId)).toMatchObject([{ userId: 'ann' }]);
  });

  it('changes nothing the second time, and asks no event', async () => {
    await work(signUp('ann'));
    await run();
    const before = everything();
    expect(await run()).toEqual({ events: [], deadLetters: 0, complete: true });
    expect(everything()).toBe(before);
  });

  it('leaves those alone who were erased', async () => {
    await work(signUp('ann'));
    await run();
    const before = everything();
    const [nobody] = rig.database.registrations(theEventId);
    if (nobody === undefined) throw new Error('there is no registration');
    expect(await run({}, { userId: nobody.userId })).toEqual({ events: [], deadLetters: 0, complete: true });
    expect(everything()).toBe(before);
  });

  it('goes step by step where there is much, each under an id of its own', async () => {
    const signUps = Array.from({ length: 400 }, () => signUp('ann'));
    await work(...signUps.flatMap((one) => [one, cancel(one)]));
    expect(await run()).toMatchObject({ events: [{ registrations: 400, left: false }], complete: true });
    const steps = rig.database.journal(theEventId).filter(({ commandType }) => commandType === 'EraseUser');
    const facts = steps.flatMap(({ decision }) => (decision.outcome === 'accepted' ? decision.domainEvents : []));
    expect(facts.map((fact) => fact.type === 'UserErased' && [fact.registrationIds.length, fact.left])).toEqual([
      [166, true],
      [166, true],
      [68, false],
    ]);
    expect(new Set(rig.database.registrations(theEventId).map(({ userId }) => userId)).size).toBe(3);
    expect(everything()).not.toContain('"ann"');
  });

  it('goes on while they sign up again between two steps', async () => {
    const signUps = Array.from({ length: 200 }, () => signUp('ann'));
    await work(...signUps.flatMap((one) => [one, cancel(one)]).slice(0, -1));
    let again = 0;
    const intake: ErasePorts['intake'] = {
      async append(command) {
        const appended = await rig.redis.append(command);
        if (again < 2) await rig.send(signUp('ann'));
        again += 1;
        return appended;
      },
      findPending: (eventId, commandId) => rig.redis.findPending(eventId, commandId),
    };
    // The second of these comes when nothing is left, and stays.
    const report = await run({ intake });
    expect(report).toMatchObject({ complete: true });
    const [last, ...others] = rig.database.registrations(theEventId).filter(({ userId }) => userId === ann);
    expect(others).toEqual([]);
    expect(last?.status).not.toBe('cancelled');
    expect(rig.reports.refused).toEqual([]);
  });

  it('drops dead letters that name them or what was theirs', async () => {
    const [one, bobs] = [signUp('ann'), signUp('bob')];
    await work(one, bobs);
    const of = (command: typeof one) => `{"registrationId":"${registrationIdFor(command.commandId)}","reason":"rude"}`;
    for (const p of [of(one), of(bobs), '{"userId":"ann"']) rig.redis.plantRaw(theEventId, { p });
    await worker.work(theEventId);
    expect(rig.redis.dead.get(theEventId)).toHaveLength(3);
    expect(await run()).toMatchObject({ deadLetters: 2, complete: true });
    expect(rig.redis.dead.get(theEventId)).toEqual([{ p: of(bobs) }]);
  });

  it('names nobody who erases themselves', async () => {
    await work(signUp('ann'));
    await run({}, { actor: { kind: 'staff', userId: ann } });
    expect(everything()).not.toContain('"ann"');
    const last = rig.database.journal(theEventId).at(-1);
    expect(last?.actor && senderOf(last.actor)).toMatch(/^erased-/);
    await work(signUp('bob'));
    await run({}, { userId: 'bob' as UserId, actor: { kind: 'staff', userId: aUserId('olga') } });
    expect(rig.database.journal(theEventId).at(-1)?.actor).toEqual({ kind: 'staff', userId: 'olga' });
  });

  it('waits until what it sent has left the mailbox, for that names them too', async () => {
    await work(signUp('ann'));
    // It is committed, and the worker dies before it trims.
    rig.mailbox.failNextDone('lost');
    let pauses = 0;
    const pause = async () => {
      pauses += 1;
      if (pauses !== 2) await worker.work(theEventId).catch(() => undefined);
    };
    expect(await run({ pause })).toMatchObject({ complete: true });
    expect(pauses).toBe(3);
    expect(await rig.redis.findWaitingOf(ann)).toEqual([]);
  });

  it('says that something is left when the mailbox is full, or nobody decides in time', async () => {
    await work(signUp('ann'));
    const full = { append: async () => ({ kind: 'full' }) as const, findPending: async () => undefined };
    const left = { events: [{ eventId: theEventId, registrations: 0, left: true }], deadLetters: 0, complete: false };
    expect(await run({ intake: full })).toEqual(left);
    let elapsed = 0;
    const idle = { pause: async (ms: number) => void (elapsed += ms), elapsed: () => elapsed };
    expect(await run(idle)).toEqual(left);
    // What it sent waits still, and is done with the next.
    expect(await run()).toMatchObject({ complete: true });
    expect(everything()).not.toContain('"ann"');
  });

  it('ends where it is told to, and is taken up again', async () => {
    await work(signUp('ann'));
    expect(await run({}, { signal: AbortSignal.abort() })).toEqual({ events: [], deadLetters: 0, complete: false });
    expect(await run()).toMatchObject({ complete: true });
  });

  it('of an event that is not there asks once, and leaves no letter', async () => {
    const nowhere = signUp('ann', { eventId: `e${'n'.repeat(22)}` as typeof theEventId });
    await rig.send(nowhere);
    const pause = async () => void (await worker.work(nowhere.eventId));
    expect(await run({ pause })).toMatchObject({ deadLetters: 2 });
    expect(await run()).toEqual({ events: [], deadLetters: 0, complete: true });
  });

  describe('in its worker', () => {
    it.each(['unknown-landed', 'unknown-lost'] as const)('is decided once when a commit is %s', async (fault) => {
      await work(signUp('ann'));
      rig.store.failNextCommits(fault);
      const command = erase('ann');
      await work(command);
      expect(rig.database.journal(theEventId).filter(({ commandType }) => commandType === 'EraseUser')).toHaveLength(1);
      expect(rig.answerTo(command)).toMatchObject({ result: { kind: 'erased', left: false } });
      expect(everything()).not.toContain('"ann"');
    });

    it('is looked at anew when another worker was first', async () => {
      await work(signUp('ann'));
      const again = signUp('ann', { role: 'nowhere' });
      rig.store.before('commit', async () => {
        await rig.send(again);
        await rig.worker({ ports: { store: rig.database, mailbox: rig.redis } }).workWithoutLock(theEventId);
      });
      await work(erase('ann'));
      expect(rig.reports.refused).toContain('stale');
      expect(rig.database.journal(theEventId).at(-1)?.decision).toEqual({
        outcome: 'rejected',
        rejection: { reason: 'role-not-found', roleId: 'nowhere' },
      });
    });

    it('is alone in its batch', async () => {
      const [before, command, after] = [signUp('ann'), erase('ann'), signUp('ann')];
      await work(before, command, after);
      expect(rig.reports.commits.slice(-3).map((entries) => entries.map(({ commandType }) => commandType))).toEqual([
        ['SignUp'],
        ['EraseUser'],
        ['SignUp'],
      ]);
      expect(rig.database.registrations(theEventId).map(({ userId }) => userId)).toEqual([command.erasedAs, 'ann']);
    });
  });
});
