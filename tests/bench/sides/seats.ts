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
  return {
    facts: { capacity, confirmed, registrations: all },
    faults: seatFaults({ capacity, confirmed, registrations: all, signups }),
  };
}

/** What is wrong with an event of a baseline, whatever it is kept in. */
export function seatFaults(counted: Readonly<Record<'capacity' | 'confirmed' | 'registrations' | 'signups', number>>) {
  const { capacity, confirmed, registrations, signups } = counted;
  const faults: string[] = [];
  if (confirmed > capacity) faults.push(`${confirmed} confirmed for ${capacity} seats`);
  if (registrations !== signups) faults.push(`${registrations} registrations of ${signups} signups`);
  return faults;
}
