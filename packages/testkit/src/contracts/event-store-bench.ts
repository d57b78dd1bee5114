import { eventIdFor, type Command, type DomainEvent, type EventId } from '@rollcall/domain';
import type { CommitBatch, EventStore } from '@rollcall/engine';
import { expect } from 'vitest';
import { aRole, createEvent, openEvent, signUp, type EventParts } from '../spec/commands.ts';
import { aRoleId, newCommandId } from '../spec/ids.ts';
import { createScribe, type Scribe } from '../spec/scribe.ts';

export interface EventStoreUnderTest {
  readonly store: EventStore;
  close(): Promise<void>;
}

/** How many domain events of an event's history are read at once, as the docstrings of the ports promise. */
const stepFactsMax = 20_000;

/** What decisions say that change as much as one can, one domain event more than is read at once all together. */
export function tooManyFacts(): readonly (readonly DomainEvent[])[] {
  const full = Array.from({ length: 500 }, (): DomainEvent => ({ type: 'EventClosed' }));
  return [...Array.from({ length: stepFactsMax / full.length }, () => full), full.slice(0, 1)];
}

/** The role that tests sign up for unless they say otherwise. */
export const volunteers = aRoleId('volunteers');

/** What the parts of the suite work with, new for every test. */
export interface StoreBench {
  readonly store: EventStore;
  readonly eventId: EventId;
  readonly scribe: Scribe;
  /** Decides and commits; fails the test unless it is committed. */
  commit(...commands: readonly Command[]): Promise<CommitBatch>;
  /** Creates and opens the event: versions 1 and 2. */
  open(parts?: EventParts): Promise<CommitBatch>;
  signUp: typeof signUp;
  /** Everything that can be read of the event, to see that nothing moved. */
  everything(): Promise<unknown>;
}

export function benchOf(store: EventStore): StoreBench {
  const created = newCommandId();
  const eventId = eventIdFor(created);
  const scribe = createScribe(eventId);

  async function commit(...commands: readonly Command[]): Promise<CommitBatch> {
    const batch = scribe.batch(...commands);
    expect(await store.commit(batch)).toBe('committed');
    return batch;
  }

  return {
    store,
    eventId,
    scribe,
    commit,
    open: (parts) =>
      commit(createEvent(parts ?? { roles: [aRole()] }, { eventId, commandId: created }), openEvent({ eventId })),
    signUp: (user, parts) => signUp(user, { eventId, ...parts }),
    everything: async () => ({
      event: await store.loadEvent(eventId),
      counts: await store.countRegistrations(eventId, [volunteers]),
      journal: await store.readJournal(eventId, 1, 1_000),
      registrations: await store.findRegistrations(
        eventId,
        [...scribe.registrations.values()].map(({ userId }) => userId),
        [...scribe.registrations.keys()],
      ),
    }),
  };
}
