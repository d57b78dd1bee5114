import { eventIdFor, registrationIdFor } from '@rollcall/domain';
import {
  aRole,
  aRoleId,
  cancel,
  createEvent,
  createRig,
  newCommandId,
  signUp,
  signupTime,
  theEventId,
  type Rig,
} from '@rollcall/testkit';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EventWorker } from './event-worker.ts';

describe('what can not be read or decided', () => {
  let rig: Rig;
  let worker: EventWorker;
  const [ann, bob] = [signUp('ann'), signUp('bob')];
  beforeEach(async () => {
    rig = createRig();
    worker = rig.worker();
    await rig.open(worker, { roles: [aRole('volunteers', { capacity: 1 })] });
  });
  const unprocessable = { kind: 'rejected', rejection: { reason: 'unprocessable' } };

  it('is decided unprocessable when it has an id, and the rest goes on', async () => {
    const commandId = newCommandId();
    await rig.send(ann);
    rig.redis.plantRaw(theEventId, { c: commandId, at: String(signupTime + 7), p: 'half a th' });
    await rig.send(bob);
    expect(await worker.work(theEventId)).toBe('empty');
    expect(rig.answerTo({ commandId })).toMatchObject({ version: 4, actorId: undefined, result: unprocessable });
    expect(rig.database.journal(theEventId)[3]).toMatchObject({ commandType: 'unknown', acceptedAt: signupTime + 7 });
    expect(rig.answerTo(bob)).toMatchObject({ version: 5, result: { status: 'waitlist' } });
  });

  it('is buried when it has none, and the rest goes on', async () => {
    const fields = { at: '1', p: 'nothing' };
    await rig.send(ann);
    rig.redis.plantRaw(theEventId, fields);
    await rig.send(bob);
    expect(await worker.work(theEventId)).toBe('empty');
    expect(rig.redis.dead.get(theEventId)).toEqual([fields]);
    expect(rig.database.journal(theEventId)).toHaveLength(4);
  });

  it('empties a mailbox of dead entries alone', async () => {
    rig.redis.plantRaw(theEventId, { p: 'nothing' });
    expect(await worker.work(theEventId)).toBe('empty');
    expect(await rig.depth()).toBe(0);
    expect(rig.redis.published).toHaveLength(2);
  });

  it('is refused when the rules throw, somebody is warned, and the rest goes on', async () => {
    await rig.send(ann, bob);
    await worker.work(theEventId);
    const cancelled = cancel(ann);
    await rig.send(cancelled, signUp('cem'));
    // The loader fails the rules: it finds a registration of a role that is not there.
    const { findRegistrations } = rig.store;
    const broken: typeof findRegistrations = async (...asked) =>
      (await findRegistrations(...asked)).map((found) => ({ ...found, roleId: aRoleId('nowhere') }));
    const misled = rig.worker({ ports: { store: { ...rig.store, findRegistrations: broken } } });
    expect(await misled.work(theEventId)).toBe('empty');
    expect(rig.answerTo(cancelled)).toMatchObject({ version: 5, result: unprocessable });
    expect(rig.reports.warnings).toEqual([`command ${cancelled.commandId} could not be decided`]);
    expect(rig.database.journal(theEventId)).toHaveLength(6);
    const statuses = rig.database
      .registrations(theEventId)
      .map(({ registrationId, status }) => [registrationId, status]);
    expect(statuses.slice(0, 2)).toEqual([
      [registrationIdFor(ann.commandId), 'confirmed'],
      [registrationIdFor(bob.commandId), 'waitlist'],
    ]);
  });

  it('is put aside when the event was never created', async () => {
    const eventId = eventIdFor(newCommandId());
    await rig.send(signUp('ann', { eventId }));
    expect(await worker.work(eventId)).toBe('empty');
    expect(rig.redis.dead.get(eventId)).toHaveLength(1);
    expect(await rig.database.loadEvent(eventId)).toBeUndefined();
  });

  it('is put aside with a creation that is refused, whatever the batches', async () => {
    const eventId = eventIdFor(newCommandId());
    const impossible = createEvent({ settings: { endsAt: 0 } }, { eventId });
    await rig.send(impossible, signUp('early', { eventId }), createEvent({}, { eventId }), signUp('ann', { eventId }));
    const single = rig.worker({ limits: { batchSizeMax: 1 } });
    expect(await single.work(eventId)).toBe('empty');
    expect(rig.redis.dead.get(eventId)).toHaveLength(2);
    expect(rig.database.journal(eventId).map(({ commandType }) => commandType)).toEqual(['CreateEvent', 'SignUp']);
  });

  it('is put aside when it stands before the creation, which is decided first then', async () => {
    const eventId = eventIdFor(newCommandId());
    await rig.send(signUp('early', { eventId }), createEvent({}, { eventId }), signUp('ann', { eventId }));
    expect(await worker.work(eventId)).toBe('empty');
    expect(rig.redis.dead.get(eventId)).toHaveLength(1);
    expect(rig.database.journal(eventId).map(({ commandType }) => commandType)).toEqual(['CreateEvent', 'SignUp']);
  });
});
