import { obligationStepId, registrationIdFor, type JournalEntry, type SignUp } from '@rollcall/domain';
import {
  aRole,
  aRoleId,
  cancel,
  cancelEvent,
  changeEvent,
  changeRole,
  createRig,
  move,
  signUp,
  theEventId,
  type Rig,
} from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';
import { seeToOverdue } from './offers.ts';

const waitingCount = 1_200;

describe('an obligation', () => {
  let rig: Rig;
  let worker: EventWorker;
  const waiting = Array.from({ length: waitingCount }, (_, n) => signUp(`user-${n}`));
  beforeEach(async () => {
    rig = createRig();
    worker = rig.worker();
    await rig.open(worker, { roles: [aRole('volunteers', { capacity: 0 })] });
    await rig.send(...waiting);
    await worker.work(theEventId);
  });

  const journal = () => rig.database.journal(theEventId).slice(2 + waitingCount);
  const changesOf = ({ decision }: JournalEntry) =>
    decision.outcome === 'accepted' ? decision.domainEvents.filter((fact) => 'registrationId' in fact).length : 0;
  const withStatus = (status: string) =>
    rig.database.registrations(theEventId).filter((registration) => registration.status === status);
  const raise = () => changeRole('volunteers', { capacity: waitingCount + 5 });

  it('is done in steps of its own before the next command, and none of them is too large', async () => {
    const [raised, newcomer] = [raise(), signUp('newcomer')];
    await rig.send(raised, newcomer);
    expect(await worker.work(theEventId)).toBe('empty');
    expect(journal().map(({ commandType, causationId }) => [commandType, causationId])).toEqual([
      ['ChangeRole', undefined],
      ['ObligationStep', raised.commandId],
      ['ObligationStep', raised.commandId],
      ['SignUp', undefined],
    ]);
    expect(journal().map(changesOf)).toEqual([500, 500, 200, 1]);
    const [, step] = journal();
    expect(step?.commandId).toBe(obligationStepId(step?.version ?? 0));
    expect(withStatus('confirmed')).toHaveLength(waitingCount + 1);
    expect((await rig.database.loadEvent(theEventId))?.current.obligation).toBeUndefined();
    expect(rig.answerTo(newcomer)).toMatchObject({ result: { status: 'confirmed' } });
    expect(await rig.depth()).toBe(0);
  });

  it('is not forgotten when its worker dies: its command stays in the mailbox until it is done', async () => {
    const raised = raise();
    await rig.send(raised);
    rig.store.failNextCommits('lands', 'thrown');
    await expect(worker.work(theEventId)).rejects.toThrow(/planted/);
    expect(rig.answerTo(raised)).toMatchObject({ result: { kind: 'changed' } });
    expect(await rig.depth()).toBe(1);
    expect(await rig.redis.dirtyEvents()).toEqual([theEventId]);
    expect(await rig.worker().work(theEventId)).toBe('empty');
    expect(withStatus('confirmed')).toHaveLength(waitingCount);
    expect(journal().map(({ commandType }) => commandType)).toEqual(['ChangeRole', 'ObligationStep', 'ObligationStep']);
  });

  it('is found in the store when Redis has lost everything', async () => {
    const empty = rig.redis.snapshot();
    await rig.send(raise());
    rig.store.failNextCommits('lands', 'thrown');
    await expect(worker.work(theEventId)).rejects.toThrow(/planted/);
    empty();
    expect(await rig.redis.dirtyEvents()).toEqual([]);
    const ports = {
      store: rig.store,
      intake: rig.redis,
      wakeUps: rig.wakeUps,
      commandIdFor: () => {
        throw new Error('nothing is to be sent');
      },
      now: () => rig.clock.now,
    };
    await seeToOverdue(ports, 10);
    expect(rig.wakeUps.pending).toEqual([theEventId]);
    expect(await worker.work(theEventId)).toBe('empty');
    expect(withStatus('confirmed')).toHaveLength(waitingCount);
  });

  it('gives others their turn when it takes long', async () => {
    rig.clock.msPerLook = 100;
    const patient = rig.worker({ limits: { drainMsMax: 150 } });
    await rig.send(raise());
    expect(await patient.work(theEventId)).toBe('yielded');
    expect(rig.wakeUps.pending).toEqual([theEventId]);
    rig.clock.msPerLook = 0;
    expect(await patient.work(theEventId)).toBe('empty');
    expect(withStatus('confirmed')).toHaveLength(waitingCount);
  });

  it('shows its progress in the count cache', async () => {
    rig.clock.msPerLook = 100;
    await rig.send(raise());
    await rig.worker({ limits: { drainMsMax: 150 } }).work(theEventId);
    const counts = (await rig.counts.read([theEventId])).get(theEventId);
    expect(counts?.roles.get(aRoleId('volunteers'))).toMatchObject({ confirmed: 1_000, waitlist: 200 });
  });

  it('tells beforehand whom cancelling the event would cancel', async () => {
    const asked = changeEvent({ status: 'cancelled' }, { dryRun: true });
    await rig.send(asked);
    await worker.work(theEventId);
    const answer = rig.answerTo(asked);
    expect(answer).toMatchObject({ result: { kind: 'previewed', complete: false, effects: { length: 500 } } });
    expect(withStatus('waitlist')).toHaveLength(waitingCount);
  });

  it('cancels everybody when an event is cancelled', async () => {
    await rig.send(changeRole('volunteers', { capacity: 600 }), cancelEvent(), cancel(waiting[0]!));
    expect(await worker.work(theEventId)).toBe('empty');
    expect(withStatus('cancelled')).toHaveLength(waitingCount);
    expect(journal().at(-1)?.decision).toMatchObject({ rejection: { reason: 'already-cancelled' } });
  });
});

describe('a chain of moves', () => {
  it('that goes further than was loaded ends the batch before it, and is loaded for alone', async () => {
    const rig = createRig();
    const worker = rig.worker();
    const names = ['volunteers', 'cooks', 'drivers', 'medics', 'guides'];
    const roles = names.map((name) => aRole(name, { capacity: 1 }));
    await rig.open(worker, { roles, settings: { usersMayMove: true } });
    const holders = names.map((role) => signUp(`holder-of-${role}`, { role }));
    // Each waits for the place of the one before: when the first goes, all move up.
    const moves = holders.slice(1).map((holder: SignUp, n) => move(holder, names[n]!, { ifFull: 'waitlist' }));
    await rig.send(...holders, ...moves);
    await worker.work(theEventId);
    const before = rig.reports.commits.length;
    const gone = cancel(holders[0]!);
    await rig.send(signUp('late', { role: 'guides' }), gone, signUp('later', { role: 'guides' }));
    expect(await worker.work(theEventId)).toBe('empty');
    expect(rig.reports.commits.slice(before).map(({ length }) => length)).toEqual([1, 1, 1]);
    const decision = rig.database.journal(theEventId).find(({ commandId }) => commandId === gone.commandId)?.decision;
    expect(decision).toMatchObject({ outcome: 'accepted', domainEvents: { length: 10 } });
    const seats = rig.database.registrations(theEventId).filter(({ status }) => status === 'confirmed');
    expect(seats.map(({ userId, roleId }) => [userId, roleId])).toEqual(
      expect.arrayContaining([
        ['holder-of-guides', 'medics'],
        ['late', 'guides'],
      ]),
    );
    expect(seats.map(({ registrationId }) => registrationId)).toContain(registrationIdFor(moves[0]!.commandId));
  });
});
