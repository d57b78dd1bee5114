import type { Collection } from 'mongodb';
import type { Stage } from '../stage.ts';
import type { SeatsDocument } from '../servers/seats.ts';
import { baselineRole, newEventId } from './baseline.ts';
import type { Check } from './side.ts';

/** What the two baselines that decide keep of an event: how many seats, and, for the counter, how many of them were asked for. */
export async function newSeats(stage: Stage, capacity: number): Promise<string> {
  const eventId = newEventId();
  await seatsOf(stage).insertOne({ _id: eventId, capacity, taken: 0 });
  return eventId;
}

function seatsOf(stage: Stage): Collection<SeatsDocument> {
  return stage.mongo.db(stage.baselineDatabase).collection<SeatsDocument>('seats');
}

export async function checkSeats(stage: Stage, eventId: string, capacity: number, signups: number): Promise<Check> {
  const registrations = stage.mongo.db(stage.baselineDatabase).collection('registrations');
  const ofRole = { eventId, roleId: baselineRole };
  const confirmed = await registrations.countDocuments({ ...ofRole, status: 'confirmed' });
  const all = await registrations.countDocuments({ ...ofRole });
  const faults: string[] = [];
  if (confirmed > capacity) faults.push(`${confirmed} confirmed for ${capacity} seats`);
  if (all !== signups) faults.push(`${all} registrations of ${signups} signups`);
  return { facts: { capacity, confirmed, registrations: all }, faults };
}
