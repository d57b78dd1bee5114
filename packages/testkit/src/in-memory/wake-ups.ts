import type { EventId } from '@rollcall/domain';
import type { WakeUps } from '@rollcall/engine';

export interface InMemoryWakeUps extends WakeUps {
  /** The events that wait to be woken, oldest first. */
  readonly pending: readonly EventId[];
  /** Every `add` in order, also those that became one with an earlier one. */
  readonly added: readonly EventId[];
  /** From now on the handler is called for every wake-up: one call per event at a time, events side by side. */
  consume(handler: (eventId: EventId) => Promise<void>): void;
}

/** One waiting wake-up per event; one that is added while its event is being handled follows that call. */
export function createInMemoryWakeUps(): InMemoryWakeUps {
  const pending: EventId[] = [];
  const added: EventId[] = [];
  const active = new Set<EventId>();
  let handle: ((eventId: EventId) => Promise<void>) | undefined;

  function pump(): void {
    if (handle === undefined) return;
    for (const eventId of pending.filter((waiting) => !active.has(waiting))) {
      pending.splice(pending.indexOf(eventId), 1);
      active.add(eventId);
      void run(handle, eventId);
    }
  }

  async function run(handler: (eventId: EventId) => Promise<void>, eventId: EventId): Promise<void> {
    // A handler that fails is a job that fails: what it left undone is the sweeper's business.
    await handler(eventId).catch(() => undefined);
    active.delete(eventId);
    pump();
  }

  return {
    pending,
    added,
    async add(eventId) {
      added.push(eventId);
      if (!pending.includes(eventId)) pending.push(eventId);
      pump();
    },
    consume(handler) {
      handle = handler;
      pump();
    },
  };
}
