import { setTimeout as delay } from 'node:timers/promises';
import { checkAccepted, checkHistory, checkRest, type Remains, type Violation } from '@rollcall/checkers';
import { createCountCache } from '@rollcall/counts-redis';
import type { CommandId, EventCounts, EventId, JournalEntry } from '@rollcall/domain';
import { checkReplies } from '@rollcall/load';
import { Queue } from 'bullmq';
import { request } from '../support/http.ts';
import { recordedHistory } from '../support/recorded.ts';
import { staffClaims, type Rollcall } from '../support/rollcall.ts';
import type { Followers } from './followers.ts';
import type { Heard } from './load.ts';

export interface JudgeOptions {
  /** Redis has lost what was accepted: then those commands may be undecided, and the order in which they came is not known. */
  readonly destroys: boolean;
  /** How long after healing everything has to be decided, in ms. */
  readonly withinMs: number;
}

/** What was promised and is not so, once everything has come to rest. */
export async function judge(
  rollcall: Rollcall,
  heard: Heard,
  followers: Followers,
  { destroys, withinMs }: JudgeOptions,
): Promise<readonly string[]> {
  const entries: JournalEntry[] = [];
  const found: Violation[] = [];
  for (const { eventId } of heard.events) {
    await untilAtRest(rollcall, eventId, withinMs);
    const { arrivals, ...history } = await recordedHistory(rollcall, eventId);
    entries.push(...history.entries);
    const withOrder = destroys || arrivals === undefined ? history : { ...history, arrivals };
    const isFollowed = eventId === heard.event.eventId;
    if (isFollowed) await followers.untilAt(history.entries.at(-1)?.version ?? 0, withinMs);
    const cached = await cachedCounts(rollcall, eventId);
    const shown = [
      ...(isFollowed ? followers.shown : []),
      ...(cached === undefined ? [] : [{ ...cached, by: 'the cache' }]),
    ];
    found.push(...checkHistory({ ...withOrder, shown }), ...checkRest(await remains(rollcall, eventId)));
  }
  const decided = new Set(entries.map(({ commandId }) => commandId));
  const undecided = [...heard.accepted].filter((commandId) => !decided.has(commandId));
  found.push(
    ...checkReplies(entries, heard.told),
    ...checkAccepted(entries, destroys ? [] : undecided),
    ...(await pendingForEver(rollcall, heard, undecided)),
  );
  return [
    ...heard.wrong.map((text) => `answered: ${text}`),
    ...found.map(({ check, version, message }) => `${check}: ${version ?? ''} ${message}`),
  ];
}

const isAtRest = ({ waiting, isMarked }: Remains): boolean => waiting === 0 && !isMarked;

/** Until nothing waits, and the cache is of the version that the event is at; or until time has run out, and the checks say what is wrong. */
async function untilAtRest(rollcall: Rollcall, eventId: EventId, withinMs: number): Promise<void> {
  for (const until = Date.now() + withinMs; Date.now() < until; await delay(200)) {
    const cached = await cachedCounts(rollcall, eventId);
    const head = await rollcall.collections.events.findOne({ _id: eventId });
    const isShown = cached === undefined || cached.version === head?.version;
    if (isShown && isAtRest(await remains(rollcall, eventId))) return;
  }
}

async function remains({ redis, keyspace }: Rollcall, eventId: EventId): Promise<Remains> {
  const queue = new Queue('wake', { connection: redis, prefix: keyspace.queuePrefix });
  try {
    return {
      waiting: await redis.xlen(keyspace.mailbox(eventId)),
      // Not by `check` of the mailbox, which mends what it finds.
      isMarked: (await redis.sismember(keyspace.dirty(eventId), eventId)) === 1,
      failedWakeUps: await queue.getFailedCount(),
    };
  } finally {
    await queue.close();
  }
}

const cachedCounts = async ({ redis, keyPrefix }: Rollcall, eventId: EventId): Promise<EventCounts | undefined> =>
  (await createCountCache({ redis, keyPrefix, ttlMs: 60_000 }).read([eventId])).get(eventId);

/** Whoever asks what became of a command that was lost is told that nobody knows it. */
async function pendingForEver(
  rollcall: Rollcall,
  { events }: Heard,
  undecided: readonly CommandId[],
): Promise<readonly Violation[]> {
  const token = await rollcall.token('staff-1', staffClaims);
  const found: Violation[] = [];
  for (const commandId of undecided.slice(0, 20)) {
    // Who sent it knows for which event; nobody may say anything else at any of them.
    for (const { eventId } of events) {
      const { status } = await request(`${rollcall.urls[0] ?? ''}/v1/events/${eventId}/commands/${commandId}`, {
        token,
      });
      if (status === 404) continue;
      found.push({ check: 'accepted', message: `${commandId} is not decided, and asking says ${status}, not 404` });
    }
  }
  return found;
}
