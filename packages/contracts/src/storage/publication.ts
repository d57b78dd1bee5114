import type { Answer, CommitId, EventCounts, EventId, RoleCounts, RoleId } from '@rollcall/domain';

/**
 * What travels from the worker that committed to the APIs that wait. It comes from our own workers over our own Redis and
 * is lost at worst, so it is not checked field by field: what an API stores or promises comes from the journal.
 */
interface Wire {
  readonly eventId: EventId;
  readonly answers: readonly Answer[];
  readonly counts?: {
    readonly version: number;
    readonly commitId: CommitId;
    readonly roles: readonly [RoleId, RoleCounts][];
  };
}

export function encodePublication(
  eventId: EventId,
  { answers, counts }: { answers: readonly Answer[]; counts: EventCounts | undefined },
): string {
  const wire: Wire = {
    eventId,
    answers,
    ...(counts === undefined
      ? {}
      : { counts: { version: counts.version, commitId: counts.commitId, roles: [...counts.roles] } }),
  };
  return JSON.stringify(wire);
}

export function decodePublication(text: string): {
  eventId: EventId;
  answers: readonly Answer[];
  counts?: EventCounts;
} {
  const { eventId, answers, counts } = JSON.parse(text) as Wire;
  if (counts === undefined) return { eventId, answers };
  return { eventId, answers, counts: { eventId, ...counts, roles: new Map(counts.roles) } };
}
