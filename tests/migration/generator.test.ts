import { BSON, ObjectId } from 'mongodb';
import { describe, expect, it } from 'vitest';
import type { GeneratedEvent } from '../support/legacy/event-of.ts';
import { legacyWorld, type LegacyOptions } from '../support/legacy/generate.ts';
import { oracle } from '../support/legacy/oracle.ts';
import type { Counts, Kind } from '../support/legacy/planting.ts';
import { found } from './found.ts';

/** Each kind another number of times, so that no two are mixed up. */
const wanted: Counts = {
  'array-only': 3,
  'document-only': 4,
  'array-repeat': 5,
  'document-repeat': 16,
  'two-roles': 7,
  'notes-differ': 8,
  'role-differs': 9,
  'unknown-user': 10,
  'date-text': 11,
  'date-unusable': 12,
  waitlisted: 23,
  attended: 13,
  'no-show': 14,
  cancelled: 15,
  'unknown-role': 1,
  'unknown-status': 2,
  'field-unusable': 6,
  'over-capacity': 17,
  'signed-up-wrong': 18,
  'total-slots-wrong': 19,
  'role-name-repeat': 20,
  'event-ongoing': 2,
  'event-completed': 3,
  'event-cancelled': 4,
  orphan: 21,
};
const options: LegacyOptions = { events: 140, people: { kind: 'fixed', perEvent: 12 }, wanted };

async function all(given: LegacyOptions): Promise<GeneratedEvent[]> {
  const events: GeneratedEvent[] = [];
  for await (const one of legacyWorld(given).events()) events.push(one);
  return events;
}

function added(counts: readonly Counts[]): Counts {
  const sums: Partial<Record<Kind, number>> = {};
  for (const one of counts) {
    for (const [kind, count] of Object.entries(one) as [Kind, number][]) sums[kind] = (sums[kind] ?? 0) + count;
  }
  return sums;
}

describe('the generated system', () => {
  it.each([
    ['of events alike', options],
    ['of events by popularity', { ...options, people: { kind: 'zipf', total: 3_000 } } as const],
    ['with other words', { ...options, states: { seat: 'confirmed', line: 'waitlist', gone: 'cancelled' } }],
    ['with other seeds and fields', { ...options, seed: 77, capacityField: 'capacity', rolesPerEvent: 2 } as const],
  ])('%s has in each event what it says, and in all what was wanted', async (_, given: LegacyOptions) => {
    const world = legacyWorld(given);
    const known = new Set(Array.from(world.users(), ({ _id }) => _id.toHexString()));
    const events = await all(given);
    for (const { event, registrations, planted } of events) expect(found(event, registrations, known)).toEqual(planted);
    const orphans = [...world.orphans()];
    const eventIds = new Set(events.map(({ event }) => event._id.toHexString()));
    expect(orphans.filter(({ eventId }) => !eventIds.has(eventId.toHexString()))).toHaveLength(21);
    expect(added([...events.map(({ planted }) => planted), { orphan: orphans.length }])).toEqual(wanted);
    expect(world.planted).toEqual(wanted);
  });

  it('has ids that are nobody else’s', async () => {
    const events = await all(options);
    const ids = events.flatMap(({ event, registrations }) => [event._id, ...registrations.map(({ _id }) => _id)]);
    const orphans = Array.from(legacyWorld(options).orphans(), ({ _id }) => _id);
    const texts = [...ids, ...orphans].map((id) => id.toHexString());
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('is the same for the same seed, event by event', async () => {
    const [once, twice] = [await all(options), await all(options)];
    expect(twice).toEqual(once);
    expect(legacyWorld(options).eventAt(37)).toEqual(once[37]);
    expect(await all({ ...options, seed: 2 })).not.toEqual(once);
  });

  it('has without wishes nothing that is wrong', async () => {
    for (const { event, registrations, planted } of await all({ ...options, wanted: {} })) {
      expect(planted).toEqual({});
      const said = oracle(
        { ...event },
        registrations.map((one) => ({ ...one })),
      );
      expect(said).toMatchObject({ title: event.title, signedUp: event.signedUp });
      expect(event.signedUp).toBe(registrations.length);
    }
  });

  it('can count lines instead of seats', async () => {
    for (const { event } of await all({ ...options, wanted: { 'array-repeat': 30 }, signedUpCounts: 'lines' })) {
      expect(event.signedUp).toBe(event.roles.flatMap(({ currentSignups }) => currentSignups).length);
    }
  });

  it('counts by popularity to the last person, and no event is too large for a document', async () => {
    const world = legacyWorld({ events: 30, people: { kind: 'zipf', total: 300_000 } });
    let people = 0;
    for await (const { event, registrations } of world.events()) {
      people += registrations.length;
      expect(BSON.calculateObjectSize(event)).toBeLessThan(16 * 2 ** 20);
    }
    expect(people).toBe(300_000);
  });

  it.each([
    [
      'more faults than people',
      { events: 2, people: { kind: 'fixed', perEvent: 5 }, wanted: { 'array-only': 11 } },
      /11 times/,
    ],
    [
      'more faults than events',
      { events: 2, people: { kind: 'fixed', perEvent: 5 }, wanted: { 'unknown-role': 3 } },
      /3 events/,
    ],
    ['events too small', { events: 2, people: { kind: 'fixed', perEvent: 1 } }, /4 to 40000 people/],
    ['events too large', { events: 1, people: { kind: 'zipf', total: 50_000 } }, /too many for 1 events/],
    ['too few users', { events: 1, people: { kind: 'fixed', perEvent: 500 }, userCount: 400 }, /too few/],
  ] as const)('refuses %s', (_, given: LegacyOptions, message) => {
    expect(() => legacyWorld(given)).toThrow(message);
  });

  it('can be empty', async () => {
    const world = legacyWorld({ events: 0, people: { kind: 'fixed', perEvent: 12 } });
    expect((await world.events().next()).done).toBe(true);
    expect([...world.users()].every(({ _id }) => _id instanceof ObjectId)).toBe(true);
  });
});
