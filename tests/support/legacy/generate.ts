import type { LegacyRegistrationDocument, LegacyUserDocument } from './shape.ts';
import { eventOf, type GeneratedEvent, type Manner } from './event-of.ts';
import { idOf } from './ids.ts';
import { personOf, userDocument } from './people.ts';
import { planned, type Counts, type Sizes } from './planting.ts';

export interface LegacyOptions extends Partial<Manner> {
  readonly events: number;
  /** How many people have signed up for each event, rightly or wrongly. */
  readonly people: Sizes;
  /** How many of each kind there are to be; nothing of what is left out. */
  readonly wanted?: Counts;
}

/** A database of the system before, made as it is read: one event at a time is in memory. */
export interface LegacyWorld {
  readonly manner: Manner;
  /** In order of their ids. Async, so that others have their turn between two events; it can be read more than once. */
  events(): AsyncGenerator<GeneratedEvent>;
  /** The same one, without those before it. */
  eventAt(index: number): GeneratedEvent;
  readonly eventCount: number;
  /** Everybody who can sign up; those who are unknown are not among them. */
  users(): Generator<LegacyUserDocument>;
  /** Registrations of events that are not there. */
  orphans(): Generator<LegacyRegistrationDocument>;
  /** What is planted in all events together, and the orphans. */
  readonly planted: Counts;
}

const defaults: Omit<Manner, 'userCount'> = {
  seed: 1,
  rolesPerEvent: 3,
  capacityField: 'maxParticipants',
  states: { seat: 'active', line: 'waitlisted', gone: 'cancelled' },
  signedUpCounts: 'seats',
  now: Date.UTC(2026, 5, 1, 12),
};
const usersMin = 100;

/** @throws Error when so much can't be planted in so many people and events. */
export function legacyWorld({ events: eventCount, people, wanted = {}, ...given }: LegacyOptions): LegacyWorld {
  const plans = planned(eventCount, people, wanted);
  const largest = plans.reduce((most, { size }) => Math.max(most, size), 0);
  const manner: Manner = { ...defaults, userCount: Math.max(usersMin, largest), ...given };
  if (manner.userCount < largest) throw new Error(`${manner.userCount} users are too few for ${largest} people`);
  if (manner.rolesPerEvent < 2) throw new Error('people who are in two roles need two');

  const eventAt = (index: number): GeneratedEvent => {
    const plan = plans[index];
    if (plan === undefined) throw new Error(`there is no event ${index}`);
    return eventOf(index, plan, manner);
  };
  return {
    manner,
    eventCount,
    eventAt,
    planted: wanted,
    async *events() {
      for (let index = 0; index < eventCount; index += 1) yield eventAt(index);
    },
    *users() {
      const createdAt = new Date(manner.now - 400 * 86_400_000);
      for (let number = 0; number < manner.userCount; number += 1) {
        yield userDocument(personOf(manner.seed, number), createdAt);
      }
    },
    *orphans() {
      const count = wanted.orphan ?? 0;
      for (let number = 0; number < count; number += 1) {
        const size = 1;
        // As of events behind the last, whose documents are kept back.
        const [document] = eventOf(
          eventCount + number,
          { size, own: undefined, people: new Map() },
          manner,
        ).registrations;
        if (document !== undefined) yield { ...document, eventId: idOf('noEvent', manner.seed, number) };
      }
    },
  };
}
