import type { EventId } from '@rollcall/domain';
import type { Collections } from '@rollcall/store-mongo';
import type { Check } from './side.ts';

interface Versions {
  readonly count: number;
  readonly first: number;
  readonly last: number;
  readonly signups: number;
}

/** Whether an event's seats and decisions add up: no seat twice, no gap in the journal, one decision per signup. */
export async function checkEvent(
  { events, journal, registrations }: Collections,
  eventId: EventId,
  signups: number,
): Promise<Check> {
  const event = await events.findOne({ _id: eventId });
  if (event === null) return { facts: {}, faults: [`event ${eventId} is gone`] };
  const faults: string[] = [];
  let confirmed = 0;
  let capacity = 0;
  for (const role of event.roles) {
    const taken = await registrations.countDocuments({ eventId, roleId: role.roleId, status: 'confirmed' });
    const seats = role.capacity ?? Number.POSITIVE_INFINITY;
    if (taken > seats) faults.push(`oversold: ${taken} confirmed for ${seats} seats of role ${role.roleId}`);
    confirmed += taken;
    capacity += seats;
  }
  const versions = await versionsOf(journal, eventId);
  // Versions are unique by an index, so as many as the last one means that none is missing.
  if (versions.first !== 1 || versions.count !== versions.last || versions.last !== event.version) {
    const { first, last, count } = versions;
    faults.push(`the journal has ${count} decisions from ${first} to ${last}, the event version ${event.version}`);
  }
  if (versions.signups !== signups) faults.push(`${versions.signups} decisions for ${signups} signups`);
  const active = await registrations.countDocuments({ eventId, status: { $in: ['confirmed', 'waitlist'] } });
  // Without a waitlist there is none for whoever finds no seat.
  const mayWait = event.roles.some(({ waitlist }) => waitlist !== 'off');
  const expected = mayWait ? signups : Math.min(signups, capacity);
  if (active !== expected) faults.push(`${active} registrations for ${signups} signups and ${capacity} seats`);
  return {
    facts: { capacity, confirmed, registrations: active, decisions: versions.signups, version: event.version },
    faults,
  };
}

async function versionsOf(journal: Collections['journal'], eventId: EventId): Promise<Versions> {
  const isSignUp = { $cond: [{ $eq: ['$commandType', 'SignUp'] }, 1, 0] };
  const [versions] = await journal
    .aggregate<Versions>([
      { $match: { eventId } },
      {
        $group: {
          _id: null,
          count: { $sum: 1 },
          first: { $min: '$version' },
          last: { $max: '$version' },
          signups: { $sum: isSignUp },
        },
      },
    ])
    .toArray();
  return versions ?? { count: 0, first: 0, last: 0, signups: 0 };
}
