import { eventIdOf, type LegacyId } from '@rollcall/migration';
import { createEventQueries, type Collections } from '@rollcall/store-mongo';
import type { Db } from 'mongodb';
import type { LegacyWorld } from '../../support/legacy/generate.ts';
import { legacyCollections } from '../../support/legacy/insert.ts';
import { medianOf } from '../stats.ts';
import { milliseconds, sideBySide } from './side-by-side.ts';

const readMsMax = 60_000;
const readsPerRound = 15;

/** Reading an event with its signups, all of them, at events of several sizes; and with numbers only, as the public does. */
export async function reading(legacy: Db, rollcall: Collections, world: LegacyWorld, rounds: number): Promise<void> {
  const { events, registrations } = legacyCollections(legacy);
  const queries = createEventQueries(rollcall, readMsMax);
  const places = [0, Math.floor(world.eventCount / 20), world.eventCount - 1];
  for (const index of new Set(places)) {
    const { event, registrations: signups } = world.eventAt(index);
    const eventId = eventIdOf(event._id.toHexString() as LegacyId);
    const expectAll = (found: number): void => {
      if (found !== signups.length) throw new Error(`${found} signups were read of ${signups.length}`);
    };
    const way = (name: string, read: () => Promise<number>) => ({ name, measure: () => medianMs(read, expectAll) });
    await sideBySide(`Reading an event with its ${signups.length.toLocaleString('en')} signups`, rounds, milliseconds, [
      way('legacy, event with documents', async () => {
        await events.findOne({ _id: event._id });
        return (await registrations.find({ eventId: event._id }).toArray()).length;
      }),
      way('legacy, event with its arrays', async () => {
        const found = await events.findOne({ _id: event._id });
        return found?.roles.reduce((count, { currentSignups }) => count + currentSignups.length, 0) ?? 0;
      }),
      way('Rollcall, event, counts and participants', async () => {
        await Promise.all([queries.findEvent(eventId), queries.countEvent(eventId)]);
        let count = 0;
        for await (const { status } of queries.streamParticipants({ eventId })) if (status === 'confirmed') count += 1;
        return count;
      }),
      way('Rollcall, event and counts, as the public reads it', async () => {
        const [, counts] = await Promise.all([queries.findEvent(eventId), queries.countEvent(eventId)]);
        return [...(counts?.roles.values() ?? [])].reduce((count, { confirmed }) => count + confirmed, 0);
      }),
    ]);
  }
}

async function medianMs(read: () => Promise<number>, check: (found: number) => void): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < readsPerRound; n += 1) {
    const startedAt = performance.now();
    const found = await read();
    times.push(performance.now() - startedAt);
    check(found);
  }
  return medianOf(times);
}
