import { valueOf, type RollcallClient } from '@rollcall/client';
import { parseEventId, type EventId, type RoleId } from '@rollcall/domain';
import type { NewRole } from './scenarios/scenario.ts';

const waitSeconds = 30;
const madeTogether = 20;

/** An event that the load goes to. */
export interface LoadEvent {
  readonly eventId: EventId;
  readonly roleIds: readonly RoleId[];
}

export interface NewEvents {
  /** Of this run: whoever makes events under the same name gets the same ones. */
  readonly run: string;
  readonly organizerId: string;
  readonly count: number;
  readonly roles: readonly NewRole[];
}

/**
 * Makes the events of a run and opens them. Their keys follow from its name, so that several processes which all do this have the
 * same events, whichever came first.
 *
 * @throws Error with what the API said instead
 */
export async function createEvents(staff: RollcallClient, events: NewEvents): Promise<readonly LoadEvent[]> {
  const created: LoadEvent[] = [];
  for (let from = 0; from < events.count; from += madeTogether) {
    const count = Math.min(madeTogether, events.count - from);
    const some = Array.from({ length: count }, (_, index) => createEvent(staff, events, from + index));
    created.push(...(await Promise.all(some)));
  }
  return created;
}

async function createEvent(
  staff: RollcallClient,
  { run, organizerId, count, roles }: NewEvents,
  n: number,
): Promise<LoadEvent> {
  const newEvent = {
    organizerId,
    title: `Load test ${run}${count === 1 ? '' : `, ${n + 1} of ${count}`}`,
    startsAt: '2099-01-01T10:00:00Z',
    endsAt: '2099-01-01T12:00:00Z',
    timeZone: 'UTC',
    roles: roles.map((role) => ({ ...role })),
  };
  const options = { idempotencyKey: `load-${run}-event-${n}`, waitSeconds };
  const { eventId, roles: made } = valueOf(await staff.createEvent(newEvent, options));
  valueOf(await staff.openEvent(eventId, { idempotencyKey: `load-${run}-open-${n}`, waitSeconds }));
  return { eventId, roleIds: made.map(({ roleId }) => roleId) };
}

/** Events that are there, as they are. @throws Error with what the API said instead */
export async function findEvents(staff: RollcallClient, ids: readonly string[]): Promise<readonly LoadEvent[]> {
  const events: LoadEvent[] = [];
  for (const id of ids) {
    const eventId = parseEventId(id);
    if (eventId === undefined) throw new Error(`"${id}" is no event id`);
    const { roles, status } = valueOf(await staff.getEvent(eventId));
    if (status !== 'open') throw new Error(`the event ${eventId} is not open, it is ${status}`);
    events.push({ eventId, roleIds: roles.map(({ roleId }) => roleId) });
  }
  return events;
}
