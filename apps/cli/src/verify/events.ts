import { parseEventId, type EventId } from '@rollcall/domain';
import type { Records } from '@rollcall/store-mongo';
import { UsageError } from '../usage-error.ts';

/** @throws UsageError for what can't be one. */
export function parsedEventId(text: string): EventId {
  const eventId = parseEventId(text);
  if (eventId === undefined) throw new UsageError(`--event is "${text}", which is no id of an event`);
  return eventId;
}

/** All events, or the one. @throws UsageError when nothing is stored of that. */
export async function* eventIdsOf(
  records: Records,
  only: EventId | undefined,
): AsyncGenerator<EventId, void, undefined> {
  if (only === undefined) {
    yield* records.eventIds();
    return;
  }
  if (!(await records.isKnown(only))) throw new UsageError(`there is no event ${only}`);
  yield only;
}
