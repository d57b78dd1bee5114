import { lineChangesOf, type EventId, type RoleId } from '@rollcall/domain';
import type { EventQueries, Head, JournalStep } from '@rollcall/engine';
import { LRUCache } from 'lru-cache';
import { followJournal } from './follow-journal.ts';
import { singleFlight } from '../single-flight.ts';
import { SortedLine } from './sorted-line.ts';

/**
 * The lines of roles, kept so that any number of people can ask for their place: a line is read once, and after that the
 * journal says who has joined and left. Each question costs at most one look at the event's version, which all share who
 * ask while it is under way.
 */
export interface WaitingLines {
  /** From 1, at a version that is not older than the question; undefined: nobody stands there with this sequence. */
  placeOf(eventId: EventId, roleId: RoleId, sequence: number): Promise<number | undefined>;
}

export interface WaitingLinesOptions {
  /** How many entries all lines together may have; events that nobody has asked about for long are forgotten first. */
  readonly entriesMax: number;
  readonly queries: Pick<EventQueries, 'readHead' | 'readLine' | 'readSteps'>;
}

/** What a line costs beside its entries, in entries. */
const entriesPerLine = 16;

/** The lines of an event that somebody has asked for, at one version. They are changed in place, and never go back. */
interface EventLines {
  readonly head: Head;
  readonly roles: ReadonlyMap<RoleId, SortedLine>;
}

export function createWaitingLines({ entriesMax, queries }: WaitingLinesOptions): WaitingLines {
  const known = new LRUCache<EventId, EventLines>({
    maxSize: entriesMax,
    sizeCalculation: ({ roles }) =>
      [...roles.values()].reduce((entries, line) => entries + line.slots + entriesPerLine, entriesPerLine),
  });
  /** The roles that the next turn of an event is to have. */
  const asked = new Map<EventId, Set<RoleId>>();

  const lookAt = singleFlight(async (eventId: EventId): Promise<EventLines | undefined> => {
    const roleIds = asked.get(eventId) ?? new Set();
    asked.delete(eventId);
    const followed = await followedToNow(eventId);
    remember(eventId, followed);
    const missing = [...roleIds].filter((roleId) => followed?.roles.has(roleId) !== true);
    if (missing.length === 0) return followed;
    const lines = await withLines(eventId, followed, missing);
    remember(eventId, lines);
    return lines;
  });

  function remember(eventId: EventId, lines: EventLines | undefined): void {
    if (lines === undefined) known.delete(eventId);
    else known.set(eventId, lines);
  }

  /** What is known, as it is now; undefined when nothing is, or it can't be followed. */
  async function followedToNow(eventId: EventId): Promise<EventLines | undefined> {
    const lines = known.get(eventId);
    if (lines === undefined) return undefined;
    const head = await queries.readHead(eventId);
    return head === undefined ? undefined : follow(eventId, lines, head);
  }

  async function withLines(
    eventId: EventId,
    lines: EventLines | undefined,
    roleIds: readonly RoleId[],
  ): Promise<EventLines | undefined> {
    const read = await Promise.all(
      roleIds.map(async (roleId) => [roleId, await queries.readLine(eventId, roleId)] as const),
    );
    let all = lines;
    for (const [roleId, line] of read) {
      if (line === undefined) continue;
      const { version, commitId, sequences } = line;
      const one = { head: { version, commitId }, roles: new Map([[roleId, new SortedLine(sequences)]]) };
      all = all === undefined ? one : await together(eventId, all, one);
    }
    return all;
  }

  /** The older ones follow to the version of the others; those that can't are left out, and whoever misses them asks again. */
  async function together(eventId: EventId, left: EventLines, right: EventLines): Promise<EventLines> {
    const [older, newer] = left.head.version < right.head.version ? [left, right] : [right, left];
    const followed = await follow(eventId, older, newer.head);
    return followed === undefined ? newer : { head: newer.head, roles: new Map([...followed.roles, ...newer.roles]) };
  }

  async function follow(eventId: EventId, lines: EventLines, to: Head): Promise<EventLines | undefined> {
    const { head, roles } = lines;
    const steps = await followJournal(queries, eventId, head, to);
    if (steps === undefined) return undefined;
    if (steps.length === 0) return lines;
    applySteps(roles, steps);
    return { head: { version: to.version, commitId: to.commitId }, roles };
  }

  return {
    async placeOf(eventId, roleId, sequence) {
      const roleIds = asked.get(eventId);
      if (roleIds === undefined) asked.set(eventId, new Set([roleId]));
      else roleIds.add(roleId);
      const lines = await lookAt(eventId);
      return lines?.roles.get(roleId)?.placeOf(sequence);
    },
  };
}

/** All of them in one pass per line. Doing it again changes nothing: what counts is each sequence's last change. */
function applySteps(roles: ReadonlyMap<RoleId, SortedLine>, steps: readonly JournalStep[]): void {
  const changes = new Map<RoleId, Map<number, boolean>>();
  for (const { domainEvents } of steps) {
    for (const domainEvent of domainEvents) {
      for (const { roleId, sequence, change } of lineChangesOf(domainEvent)) {
        if (!roles.has(roleId)) continue;
        const ofRole = changes.get(roleId) ?? new Map<number, boolean>();
        changes.set(roleId, ofRole.set(sequence, change === 'joined'));
      }
    }
  }
  for (const [roleId, ofRole] of changes) roles.get(roleId)?.apply(ofRole);
}
