import { randomBytes } from 'node:crypto';
import type { CommandId, CommitId, EventId, OrganizerId, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import { collectionsOf, createMongoClient, ensureSchema, type Collections } from '@rollcall/store-mongo';
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest';
import { checkEvent } from './rollcall-check.ts';

const client = createMongoClient({
  url: inject('mongodbUrl'),
  appName: 'bench-check',
  serverSelectionMs: 5_000,
  socketMs: 10_000,
});
const database = `bench_check_${randomBytes(6).toString('hex')}`;
const collections: Collections = collectionsOf(client, database);
const roleId = 'role' as RoleId;
let eventId: EventId;

beforeAll(() => ensureSchema(client.db(database)));
afterAll(async () => {
  await client.db(database).dropDatabase();
  await client.close();
});
beforeEach(async () => {
  eventId = `e${randomBytes(16).toString('base64url')}` as EventId;
  await collections.events.insertOne({
    _id: eventId,
    version: 4,
    commitId: 'commit' as CommitId,
    status: 'open',
    organizerId: 'org' as OrganizerId,
    title: 'Bench',
    startsAt: new Date(0),
    endsAt: new Date(1),
    timeZone: 'Etc/UTC',
    registrationsPerUserMax: 1,
    usersMayMove: false,
    roles: [{ roleId, name: 'Seats', capacity: 1, waitlist: 'auto', offerMs: 1 }],
    pools: [],
  });
});

async function decided(version: number, commandType: 'CreateEvent' | 'ChangeEventSettings' | 'SignUp'): Promise<void> {
  await collections.journal.insertOne({
    eventId,
    version,
    commandId: `c${version}` as CommandId,
    commitId: 'commit' as CommitId,
    bodyHash: '',
    commandType,
    acceptedAt: new Date(0),
    decidedAt: new Date(0),
    outcome: 'accepted',
  });
}

async function registered(sequence: number, status: 'confirmed' | 'waitlist'): Promise<void> {
  const userId = `user-${sequence}` as UserId;
  await collections.registrations.insertOne({
    _id: `${eventId}-${sequence}` as RegistrationId,
    eventId,
    userId,
    roleId,
    status,
    sequence,
    registrationDate: new Date(0),
    registeredBy: userId,
  });
}

async function asItShouldBe(): Promise<void> {
  await decided(1, 'CreateEvent');
  await decided(2, 'ChangeEventSettings');
  await decided(3, 'SignUp');
  await decided(4, 'SignUp');
  await registered(3, 'confirmed');
  await registered(4, 'waitlist');
}

test('an event whose seats and decisions add up has no fault', async () => {
  await asItShouldBe();
  const { facts, faults } = await checkEvent(collections, eventId, 2);
  expect(faults).toEqual([]);
  expect(facts).toEqual({ capacity: 1, confirmed: 1, registrations: 2, decisions: 2, version: 4 });
});

test('a seat that was given twice is a fault', async () => {
  await asItShouldBe();
  await collections.registrations.updateOne({ eventId, sequence: 4 }, { $set: { status: 'confirmed' } });
  const { faults } = await checkEvent(collections, eventId, 2);
  expect(faults).toEqual(['oversold: 2 confirmed for 1 seats of role role']);
});

test('a decision that is missing is a fault', async () => {
  await asItShouldBe();
  await collections.journal.deleteOne({ eventId, version: 3 });
  const { faults } = await checkEvent(collections, eventId, 2);
  expect(faults).toEqual(['the journal has 3 decisions from 1 to 4, the event version 4', '1 decisions for 2 signups']);
});

test('a signup that is missing is a fault', async () => {
  await asItShouldBe();
  const { faults } = await checkEvent(collections, eventId, 3);
  expect(faults).toEqual(['2 decisions for 3 signups', '2 registrations for 3 signups and 1 seats']);
});

test('where nobody can wait, as many registrations as seats are right, and one more is a fault', async () => {
  await asItShouldBe();
  await collections.events.updateOne({ _id: eventId }, { $set: { 'roles.0.waitlist': 'off' } });
  const { faults } = await checkEvent(collections, eventId, 2);
  expect(faults).toEqual(['2 registrations for 2 signups and 1 seats']);
  await collections.registrations.deleteOne({ eventId, sequence: 4 });
  expect((await checkEvent(collections, eventId, 2)).faults).toEqual([]);
});
