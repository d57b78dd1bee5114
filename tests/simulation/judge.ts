import { idOf } from '@rollcall/api/src/live/frames.ts';
import { checkHistory, type RecordedEvent } from '@rollcall/checkers';
import { answerOf, type CommandId, type EventId, type JournalEntry } from '@rollcall/domain';
import type { CommitBatch } from '@rollcall/engine';
import { textOf } from '../support/text-of.ts';
import type { Listeners } from './listeners.ts';
import type { MongoServer } from './mongo.ts';
import type { Loss, RunRecord } from './record.ts';
import type { RedisServer } from './redis.ts';
import type { Scheduler } from './scheduler.ts';

export interface JudgeOptions {
  readonly scheduler: Scheduler;
  readonly redis: RedisServer;
  readonly mongo: MongoServer;
  readonly eventIds: readonly EventId[];
  readonly record: RunRecord;
}

/** What was under way when something was lost may still be told, or come to its end, for so long, in ms. */
const afterLossMs = 8_000;

/** Asked at each commit: all that stands before it in the mailbox must be decided. Mailboxes are worked on from their heads. */
export function createOrderJudge({ scheduler, redis, mongo, record }: JudgeOptions): (batch: CommitBatch) => void {
  return ({ eventId, expected, entries }) => {
    // What came before its creation is put aside; and after a loss the mailbox is not what was read.
    if (expected === undefined || record.losses.some(({ until }) => scheduler.now() - until < afterLossMs)) return;
    const waiting = redis.mailbox.waiting(eventId);
    const places = entries.filter(cameByMailbox).map(({ commandId }) => waiting.indexOf(commandId));
    const decided: ReadonlyMap<string, unknown> | undefined = mongo.database.documents().get(eventId)?.decided;
    const last = Math.max(...places);
    const passed = waiting.slice(0, Math.max(0, last)).filter((id) => isCommandId(id) && decided?.has(id) !== true);
    if (passed.length > 0) record.violations.push(`order: ${passed.join(', ')} passed over at ${entries[0]?.version}`);
    if (places.some((place, index) => place >= 0 && place < Math.max(-1, ...places.slice(0, index)))) {
      record.violations.push(`order: version ${entries[0]?.version} and those after it are not as they came`);
    }
  };
}

const cameByMailbox = ({ commandType }: JournalEntry): boolean => commandType !== 'ObligationStep';
const isCommandId = (text: string): boolean => text.length === 23;

/** Everything that must be true of a run when it has come to rest. */
export async function judge(options: JudgeOptions, { shown }: Listeners): Promise<readonly string[]> {
  const { redis, mongo, eventIds } = options;
  const found = [...options.record.violations];
  for (const eventId of eventIds) {
    found.push(...historyOf(mongo, eventId));
    found.push(...(await cacheOf(options, eventId)));
    const depth = redis.mailbox.waiting(eventId).length;
    if (depth > 0) found.push(`left alone: ${depth} commands wait for ${eventId}`);
  }
  const dirty = await redis.mailbox.dirtyEvents();
  if (dirty.length > 0) found.push(`left alone: ${dirty.join(', ')}`);
  for (const { eventId, id } of shown) {
    const head = mongo.database.documents().get(eventId)?.head;
    if (head !== undefined && id !== idOf(head))
      found.push(`live: ${eventId} shows ${id ?? 'nothing'} instead of ${idOf(head)}`);
  }
  return [...found, ...untrueAnswers(options), ...undecided(options)];
}

function historyOf({ database }: MongoServer, eventId: EventId): readonly string[] {
  const documents = database.documents().get(eventId);
  if (documents === undefined) return [];
  const { current } = documents;
  const roles = [...current.roles.values()].map(({ role }) => role);
  const event: RecordedEvent = { ...current, roles };
  const [entries, registrations] = [database.journal(eventId), database.registrations(eventId)];
  return checkHistory({ entries, event, registrations }).map(
    ({ check, version, message }) => `${check}: ${version ?? ''} ${message}`,
  );
}

async function cacheOf({ redis, mongo }: JudgeOptions, eventId: EventId): Promise<readonly string[]> {
  const cached = (await redis.cache.read([eventId])).get(eventId);
  const counted = await mongo.queries.countEvent(eventId);
  // Where nothing is cached whoever asks counts.
  if (cached === undefined) return [];
  return textOf(cached) === textOf(counted) ? [] : [`cache: ${textOf(cached)} instead of ${textOf(counted)}`];
}

/** An answer that somebody was given is what the journal says, unless the journal itself was set back since. */
function untrueAnswers({ mongo, record }: JudgeOptions): readonly string[] {
  const found: string[] = [];
  for (const { at, answer } of record.told) {
    const { eventId, commandId, version } = answer;
    const entry = decisionOf(mongo, eventId, commandId);
    const wasSetBack = record.losses.some((loss) => isVoid(loss, eventId, version, at));
    if (entry !== undefined && isSame(answer, answerOf(entry))) continue;
    if (!wasSetBack) found.push(`told: ${textOf(answer)} and the journal says ${textOf(entry && answerOf(entry))}`);
  }
  return found;
}

const decisionOf = ({ database }: MongoServer, eventId: EventId, commandId: CommandId): JournalEntry | undefined =>
  database.documents().get(eventId)?.decided.get(commandId);

const isVoid = ({ kind, until, versions }: Loss, eventId: EventId, version: number, at: number): boolean =>
  kind === 'mongo' && version > (versions.get(eventId) ?? 0) && at < until + afterLossMs;

/** Who acted may have been erased since. */
const isSame = (one: ReturnType<typeof answerOf>, other: ReturnType<typeof answerOf>): boolean =>
  one.version === other.version && one.result.kind === other.result.kind;

/** Commands that were accepted, and that no journal has. */
export const undecidedOf = (mongo: MongoServer, { sent }: RunRecord) =>
  [...sent].flatMap(([commandId, { eventId, takenAt }]) =>
    takenAt === undefined || decisionOf(mongo, eventId, commandId) !== undefined ? [] : { commandId, eventId, takenAt },
  );

/** Whatever was accepted is decided, unless a server has lost its memory since. */
function undecided({ mongo, redis, record }: JudgeOptions): readonly string[] {
  const found: string[] = [];
  for (const { commandId, eventId, takenAt } of undecidedOf(mongo, record)) {
    // Nobody had created the event that it is about: it was put aside.
    if (redis.mailbox.dead.get(eventId)?.some(({ c }) => c === commandId) === true) continue;
    if (record.losses.some(({ until }) => takenAt < until + afterLossMs)) continue;
    found.push(`lost: ${commandId} of ${eventId} was accepted at ${takenAt} and is not decided`);
  }
  return found;
}
