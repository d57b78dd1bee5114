import { setTimeout as delay } from 'node:timers/promises';
import { collectionsOf, type Collections } from '@rollcall/store-mongo';
import type { EventId } from '@rollcall/domain';
import type { Db } from 'mongodb';
import { legacyWorld } from '../../support/legacy/generate.ts';
import { insertLegacy } from '../../support/legacy/insert.ts';
import { legacyApp, type Place } from '../../support/legacy/legacy-app.ts';
import { personOf } from '../../support/legacy/people.ts';
import { newEvents, type RollcallContender } from '../sides/rollcall.ts';
import type { Stage } from '../stage.ts';
import { perSecond, sideBySide } from './side-by-side.ts';

/** So many people who wait for their answer before they ask for the next thing. */
export const writers = 16;
const lookEveryMs = 10;
const standstillMs = 60_000;

export interface SigningUp {
  readonly stage: Stage;
  readonly rollcall: RollcallContender;
  readonly newLegacyDb: () => Db;
  readonly signups: number;
  readonly rounds: number;
  readonly manyEvents: number;
}

/** Signups per second: the double write of the system before, called in this process, against Rollcall over HTTP with tokens. */
export async function signingUp(options: SigningUp): Promise<void> {
  const { signups, rounds } = options;
  for (const events of [1, options.manyEvents]) {
    const perEvent = Math.ceil(signups / events);
    const count = perEvent * events;
    await sideBySide(
      `Signing up: ${count.toLocaleString('en')} people for ${events === 1 ? 'one hot event' : `${events} events`}`,
      rounds,
      perSecond,
      [
        {
          name: `legacy, ${writers} writers`,
          measure: () => legacySignups(options.newLegacyDb(), events, count),
        },
        {
          name: `Rollcall, ${writers} who wait for the decision`,
          measure: () =>
            rollcallSignups(options, events, count, { connections: writers, pipelining: 1, prefer: 'wait=30' }),
        },
        {
          name: 'Rollcall, from first request to last decision under 512 requests at once',
          measure: () => rollcallSignups(options, events, count, { connections: 64, pipelining: 8 }),
        },
      ],
    );
  }
}

async function legacySignups(db: Db, eventCount: number, count: number): Promise<number> {
  const world = legacyWorld({ events: eventCount, people: { kind: 'fixed', perEvent: 4 }, userCount: 100 });
  await insertLegacy(db, world);
  const app = legacyApp(db);
  const places: { readonly eventId: Place['eventId']; readonly roleId: string }[] = [];
  for await (const { event } of world.events()) {
    const roleId = event.roles[0]?.id ?? '';
    await app.changeCapacity(event._id, roleId, count + 100);
    places.push({ eventId: event._id, roleId });
  }
  let next = 0;
  const startedAt = performance.now();
  await Promise.all(
    Array.from({ length: writers }, async () => {
      while (next < count) {
        const number = next;
        next += 1;
        const place = places[number % places.length];
        if (place === undefined) throw new Error('there is no event');
        // Behind the users that have signed up.
        const answer = await app.signUp({ ...place, person: personOf(1, 1_000 + number) });
        if (answer.kind !== 'done') throw new Error(`not signed up: ${JSON.stringify(answer)}`);
      }
    }),
  );
  const seconds = (performance.now() - startedAt) / 1_000;
  await db.dropDatabase();
  return count / seconds;
}

async function rollcallSignups(
  { stage, rollcall }: SigningUp,
  eventCount: number,
  count: number,
  how: { readonly connections: number; readonly pipelining: number; readonly prefer?: string },
): Promise<number> {
  const targets = await newEvents(rollcall, eventCount, count);
  const [first] = targets;
  if (first === undefined) throw new Error('there is no event');
  const { connections, pipelining, prefer } = how;
  const { origin, path, body } = first;
  const places = targets.map((target) => ({ path: target.path, body: target.body }));
  const target = { origin, path, body, places, firstUser: 0, count, ...(prefer === undefined ? {} : { prefer }) };
  const collections = collectionsOf(stage.mongo, stage.database);
  const eventIds = targets.map(({ eventId }) => eventId);
  const before = await versions(collections, eventIds);
  const { statuses, sentAt } = await stage.generator.perform({ kind: 'saturate', target, connections, pipelining });
  const accepted = statuses.get(prefer === undefined ? 202 : 201) ?? 0;
  if (accepted !== count) throw new Error(`Rollcall answered ${JSON.stringify([...statuses])}`);
  await untilDecided(collections, eventIds, before + count);
  return (count * 1_000) / (Date.now() - sentAt.reduce((a, b) => Math.min(a, b), Infinity));
}

/** Each decision is one version of its event. */
async function versions({ events }: Collections, eventIds: readonly EventId[]): Promise<number> {
  const [sum] = await events
    .aggregate<{ versions: number }>([
      { $match: { _id: { $in: eventIds } } },
      { $group: { _id: null, versions: { $sum: '$version' } } },
    ])
    .toArray();
  return sum?.versions ?? 0;
}

async function untilDecided(collections: Collections, eventIds: readonly EventId[], expected: number): Promise<void> {
  for (const end = Date.now() + standstillMs; Date.now() < end; await delay(lookEveryMs)) {
    if ((await versions(collections, eventIds)) >= expected) return;
  }
  throw new Error(`not everything was decided within ${standstillMs / 1_000} s`);
}
