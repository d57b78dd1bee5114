import { randomBytes } from 'node:crypto';
import { createCountCache } from '@rollcall/counts-redis';
import { roleCountsOf, type CommitId, type EventCounts, type JournalEntry, type Registration } from '@rollcall/domain';
import { connectRedis, untilReady } from '@rollcall/mailbox-redis';
import {
  collectionsOf,
  createMongoClient,
  ensureSchema,
  type Collections,
  type EventDocument,
  type JournalDocument,
  type RegistrationDocument,
} from '@rollcall/store-mongo';
import { inject } from 'vitest';
import { eventId, tell, type Told } from './testing-story.ts';

const commitId = 'commit' as CommitId;

/** A database and a part of Redis of a test's own, with the story of an event in them. */
export interface Stage extends AsyncDisposable {
  readonly collections: Collections;
  readonly counts: EventCounts;
  readonly env: Readonly<Record<string, string>>;
  cache(counts: EventCounts): Promise<void>;
  /** Another story is told of the event from now on. */
  retell(told: Told): Promise<void>;
}

export async function stage(told: Told = tell()): Promise<Stage> {
  const name = `t${randomBytes(6).toString('hex')}`;
  const [mongodbUrl, redisUrl, keyPrefix] = [inject('mongodbUrl'), inject('redisUrl'), `${name}:`];
  const client = createMongoClient({ url: mongodbUrl, appName: 'test', serverSelectionMs: 5_000, socketMs: 30_000 });
  const collections = collectionsOf(client, name);
  const redis = connectRedis({ url: redisUrl, use: 'commands', commandTimeoutMs: 5_000, onError: () => undefined });
  await untilReady(redis);
  await ensureSchema(collections.db);
  await store(collections, told);
  const cache = createCountCache({ redis, keyPrefix, ttlMs: 60_000 });
  const { current, version } = told.rules;
  if (current === undefined) throw new Error('the story creates no event');
  const counts = { eventId, version, commitId, roles: roleCountsOf(current) };
  await cache.setIfNewer(counts);
  return {
    collections,
    counts,
    env: { MONGODB_URL: mongodbUrl, MONGODB_DATABASE: name, REDIS_URL: redisUrl, REDIS_KEY_PREFIX: keyPrefix },
    async cache(wrong) {
      await redis.del(`${keyPrefix}counts:${eventId}`);
      await cache.setIfNewer(wrong);
    },
    async retell(other) {
      for (const each of ['events', 'journal', 'registrations'] as const) await collections[each].deleteMany({});
      await store(collections, other);
    },
    async [Symbol.asyncDispose]() {
      await redis.del(`${keyPrefix}counts:${eventId}`);
      redis.disconnect();
      await collections.db.dropDatabase();
      await client.close();
    },
  };
}

async function store(collections: Collections, { rules, entries }: Told): Promise<void> {
  const { events, journal, registrations } = collections;
  await events.insertOne(eventDocument(rules));
  await journal.insertMany(entries.map(journalDocument));
  await registrations.insertMany([...rules.registrations.values()].map(registrationDocument));
}

function eventDocument({ current, version }: Told['rules']): EventDocument {
  if (current === undefined) throw new Error('the story creates no event');
  const { status, settings, pools, roles } = current;
  const { startsAt, endsAt, organizerId, title, timeZone, registrationsPerUserMax, usersMayMove } = settings;
  return {
    _id: eventId,
    version,
    commitId,
    status,
    organizerId,
    title,
    timeZone,
    registrationsPerUserMax,
    usersMayMove,
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    pools,
    roles: [...roles.values()].map(({ role }) => role),
  };
}

export function journalDocument({ decision, actor, ...entry }: JournalEntry): JournalDocument {
  return {
    ...entry,
    commitId,
    ...(actor === undefined ? {} : { actor }),
    acceptedAt: new Date(entry.acceptedAt),
    decidedAt: new Date(entry.decidedAt),
    ...decision,
  };
}

export function registrationDocument(registration: Registration): RegistrationDocument {
  const { registrationId, userId, roleId, status, sequence } = registration;
  const { attendedAt } = registration.status === 'confirmed' ? registration : {};
  const { offer, replaces } = registration.status === 'waitlist' ? registration : {};
  return {
    _id: registrationId,
    eventId,
    userId,
    roleId,
    status,
    sequence,
    registrationDate: new Date(0),
    registeredBy: userId,
    ...(attendedAt === undefined ? {} : { attendedAt: new Date(attendedAt) }),
    ...(offer === undefined ? {} : { offer: { expiresAt: new Date(offer.expiresAt) } }),
    ...(replaces === undefined ? {} : { replaces }),
  };
}
