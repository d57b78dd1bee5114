import type { CommitId, EventCounts, EventId, EventState, ExistingEvent, RoleId, RoleState } from '@rollcall/domain';
import { emptyWorkingSet, evolve, initialState, roleCountsOf } from '@rollcall/domain';
import type { EventStore, Head } from './ports.ts';

/** An event with exact counts at one version, as a worker keeps it between batches. Never changed in place. */
export interface EventMemory {
  readonly eventId: EventId;
  /** Undefined until the event is created. */
  readonly head: Head | undefined;
  readonly current: ExistingEvent | undefined;
  /**
   * Whether a commit has shown that the counts are those of the head. Counts that were just loaded may be of a later
   * version than the document that was read before them; the compare-and-set then refuses the first commit.
   */
  readonly proven: boolean;
}

/** How many journal entries are folded at most before counting anew is cheaper. */
const foldedVersionsMax = 2_000;

/**
 * Brings what is remembered of an event up to date: kept if the version has not moved, else the journal in between
 * folded in, else counted anew. The event document is read first and everything else after it: counts older than the
 * version that a commit expects would oversell.
 */
export async function catchUp(
  store: EventStore,
  eventId: EventId,
  known: EventMemory | undefined,
): Promise<EventMemory> {
  const stored = await store.loadEvent(eventId);
  if (stored === undefined) return { eventId, head: undefined, current: undefined, proven: false };
  const head: Head = { version: stored.version, commitId: stored.commitId };
  if (known !== undefined && sameHead(known.head, head)) return known;

  const folded = known?.proven === true ? await foldJournal(store, known, head) : undefined;
  if (folded !== undefined) return folded;

  const counts = await store.countRegistrations(eventId, [...stored.current.roles.keys()]);
  const roles = new Map<RoleId, RoleState>();
  for (const [roleId, { role }] of stored.current.roles) {
    const { confirmed, waitlist, offered } = counts.get(roleId) ?? { confirmed: 0, waitlist: 0, offered: 0 };
    roles.set(roleId, { role, confirmed, waitlist, offered });
  }
  return { eventId, head, current: { ...stored.current, roles }, proven: false };
}

export function sameHead(a: Head | undefined, b: Head | undefined): boolean {
  return a?.version === b?.version && a?.commitId === b?.commitId;
}

async function foldJournal(store: EventStore, known: EventMemory, to: Head): Promise<EventMemory | undefined> {
  const from = known.head;
  if (from === undefined || to.version <= from.version || to.version - from.version > foldedVersionsMax)
    return undefined;
  const steps = await store.readJournal(known.eventId, from.version, to.version);
  const [first] = steps;
  // Another commit behind the same number means that the database was restored: what is remembered never happened.
  if (first === undefined || !sameHead(first, from) || !sameHead(steps.at(-1), to)) return undefined;
  if (steps.length !== to.version - from.version + 1) return undefined;

  const state = stateOf(known);
  for (const step of steps.slice(1)) for (const domainEvent of step.domainEvents) evolve(state, domainEvent);
  return { eventId: known.eventId, head: to, current: state.current, proven: true };
}

/** A state of its own to decide on, so that what is remembered stays as it is if the commit fails. */
export function stateOf({ eventId, head, current }: EventMemory): EventState {
  if (head === undefined || current === undefined) return initialState(eventId);
  const roles = new Map<RoleId, RoleState>();
  for (const [roleId, roleState] of current.roles) roles.set(roleId, { ...roleState });
  return { eventId, version: head.version, current: { ...current, roles }, working: emptyWorkingSet() };
}

export function memoryAfter(state: EventState, commitId: CommitId): EventMemory {
  return { eventId: state.eventId, head: { version: state.version, commitId }, current: state.current, proven: true };
}

/** Undefined while the event does not exist. */
export function countsOf({ eventId, head, current }: EventMemory): EventCounts | undefined {
  if (head === undefined || current === undefined) return undefined;
  return { eventId, version: head.version, commitId: head.commitId, roles: roleCountsOf(current) };
}
