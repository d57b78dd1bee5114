import { cancel, createEvent, createScribe, erase, move, newCommandId, openEvent, signUp } from '@rollcall/testkit';
import { eventIdFor, parseUserId, type Command, type EventId } from '@rollcall/domain';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createEventStore } from './event-store.ts';
import { createStoreTraces } from './traces.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await testDatabase(inject('mongodbUrl'));
});
afterAll(() => database.drop());

const profile = { displayName: 'Ann Archer', email: 'ann@example.org' };
const parseUser = (text: string) => parseUserId(text) ?? expect.unreachable();

async function dump(eventId: EventId): Promise<string> {
  const { events, registrations, journal } = database.collections;
  const all = [events.find({ _id: eventId }), registrations.find({ eventId }), journal.find({ eventId })];
  return JSON.stringify(await Promise.all(all.map((cursor) => cursor.toArray())));
}

it('leaves no id and no text of somebody in any document, and nothing else is changed', async () => {
  const store = createEventStore(database.collections);
  const commandId = newCommandId();
  const eventId = eventIdFor(commandId);
  const scribe = createScribe(eventId);
  const commit = async (...commands: readonly Command[]) =>
    expect(await store.commit(scribe.batch(...commands))).toBe('committed');
  const [ann, bobs] = [
    signUp('ann', { eventId, notes: 'allergic to nuts', specialRequirements: 'a ramp', profile }),
    signUp('bob', { eventId, notes: 'a friend of somebody', by: 'ann' }),
  ];
  await commit(createEvent({ settings: { usersMayMove: true } }, { eventId, commandId }), openEvent({ eventId }));
  await commit(ann, { ...bobs, actor: { kind: 'staff', userId: parseUser('ann') }, userId: parseUser('bob') });
  await commit(move(ann, 'nowhere', { eventId }));
  await commit(cancel(ann, { eventId, by: 'staff', reason: 'ill, says her mother' }));
  await commit({ ...cancel(bobs, { eventId, reason: 'no room' }), actor: { kind: 'staff', userId: parseUser('ann') } });
  const before = await dump(eventId);
  for (const trace of ['"ann"', 'nuts', 'ramp', 'Archer', 'ann@', 'her mother']) expect(before).toContain(trace);

  const user = parseUser('ann');
  scribe.traces.set(user, await store.findTraces(eventId, user));
  // She asks for it herself, as somebody who may.
  const command = erase('ann', { eventId, by: 'ann' });
  await commit(command);
  const after = await dump(eventId);
  for (const trace of ['"ann"', 'nuts', 'ramp', 'Archer', 'ann@', 'her mother']) expect(after).not.toContain(trace);

  const { registrations, journal } = database.collections;
  expect(await registrations.find({ eventId }).sort({ userId: 1 }).toArray()).toMatchObject([
    { userId: 'bob', registeredBy: command.erasedAs, cancelledBy: command.erasedAs, notes: 'a friend of somebody' },
    { userId: command.erasedAs, registeredBy: command.erasedAs, status: 'cancelled', cancelledBy: 'olga-of-the-org' },
  ]);
  const decisions = await journal.find({ eventId }).sort({ version: 1 }).toArray();
  expect(decisions.map(({ actor }) => actor && 'userId' in actor && actor.userId)).toEqual([
    'olga-of-the-org',
    'olga-of-the-org',
    ...Array.from({ length: 3 }, () => command.erasedAs),
    'olga-of-the-org',
    ...Array.from({ length: 2 }, () => command.erasedAs),
  ]);
});

it('finds events that name somebody in decisions alone, past any number of others', async () => {
  const { registrations, journal } = database.collections;
  const commandId = newCommandId();
  const eventId = eventIdFor(commandId);
  const scribe = createScribe(eventId);
  const store = createEventStore(database.collections);
  const zoes = signUp('zoe', { eventId, by: 'staff' });
  const batch = scribe.batch(createEvent({}, { eventId, commandId }), openEvent({ eventId }), zoes);
  expect(await store.commit(batch)).toBe('committed');
  const [one] = await journal.find({ eventId, version: 2 }).toArray();
  if (one === undefined) throw new Error('there is no decision');
  const { _id, ...decision } = one;
  const many = Array.from({ length: 20_100 }, (_, n) => ({
    ...decision,
    version: n + 10,
    commandId: newCommandId(),
  }));
  await journal.insertMany(many, { ordered: false });
  const last = {
    ...decision,
    version: 30_000,
    commandId: newCommandId(),
    actor: { kind: 'user', userId: parseUser('yan') },
  } as const;
  await journal.insertOne(last);
  // They drifted apart.
  await registrations.deleteMany({ eventId });
  const traces = createStoreTraces(database.collections);
  expect(await traces.findEventsOf(parseUser('zoe'))).toEqual([eventId]);
  expect(await traces.findEventsOf(parseUser('yan'))).toEqual([eventId]);
  expect((await store.findTraces(eventId, parseUser('yan'))).decisions.map(({ version }) => version)).toEqual([30_000]);
});
