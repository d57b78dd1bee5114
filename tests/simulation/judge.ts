import { idOf } from '@rollcall/api/src/live/frames.ts';
import {
  checkAccepted,
  checkAnswers,
  checkHistory,
  checkRest,
  type RecordedEvent,
  type ToldAnswer,
  type Violation,
} from '@rollcall/checkers';
import type { Answer, CommandId, EventId, JournalEntry } from '@rollcall/domain';
import type { CommitBatch } from '@rollcall/engine';
import type { Listeners } from './listeners.ts';
import type { MongoServer } from './mongo.ts';
import type { Loss, RunRecord } from './record.ts';
import { isCommandId, type RedisServer } from './redis.ts';
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
export function createOrderJudge({
  scheduler,
  redis,
  mongo,
  record,
}: Omit<JudgeOptions, 'eventIds'>): (batch: CommitBatch) => void {
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

const pastMailbox: ReadonlySet<JournalEntry['commandType']> = new Set([
  'ObligationStep',
  'ImportEvent',
  'ImportRegistration',
  'FinishImport',
  'ResumeImport',
] as const);
const cameByMailbox = ({ commandType }: JournalEntry): boolean => !pastMailbox.has(commandType);

/** Everything that must be true of a run when it has come to rest. */
export async function judge(options: JudgeOptions, { shown }: Pick<Listeners, 'shown'>): Promise<readonly string[]> {
  const { redis, mongo, eventIds, record } = options;
  const found: Violation[] = [];
  const dirty = await redis.mailbox.dirtyEvents();
  for (const eventId of eventIds) {
    found.push(...(await checkStored(options, eventId)));
    const entries = mongo.database.journal(eventId);
    const { told, accepted } = heardOf(options, eventId);
    found.push(...checkAnswers(entries, told), ...checkAccepted(entries, accepted));
    const waiting = redis.mailbox.waiting(eventId).length;
    // Wake-ups don't fail: whoever can't do one gives it back.
    found.push(...checkRest({ waiting, isMarked: dirty.includes(eventId), failedWakeUps: 0 }));
  }
  for (const { eventId, id } of shown) {
    const head = mongo.database.documents().get(eventId)?.head;
    if (head === undefined || id === idOf(head)) continue;
    found.push({ check: 'live', message: `${eventId} shows ${id ?? 'nothing'} instead of ${idOf(head)}` });
  }
  return [...record.violations, ...found.map(({ check, version, message }) => `${check}: ${version ?? ''} ${message}`)];
}

/** The journal by itself, and against what is stored and cached. */
async function checkStored({ redis, mongo }: JudgeOptions, eventId: EventId): Promise<readonly Violation[]> {
  const { database } = mongo;
  const documents = database.documents().get(eventId);
  if (documents === undefined) return [];
  const { current, head } = documents;
  const roles = [...current.roles.values()].map(({ role }) => role);
  const event: RecordedEvent = { ...current, roles };
  const [entries, registrations] = [database.journal(eventId), database.registrations(eventId)];
  const cached = (await redis.cache.read([eventId])).get(eventId);
  // Where nothing is cached whoever asks counts.
  const shown = cached === undefined ? [] : [{ ...cached, by: 'the cache' }];
  const found = checkHistory({ entries, event, registrations, shown });
  if (cached === undefined || idOf(cached) === idOf(head)) return found;
  return [...found, { check: 'counts', message: `the cache has ${idOf(cached)}, and the event is at ${idOf(head)}` }];
}

/** What people heard of an event's commands that has to be so: a server that loses its memory makes some of it void. */
function heardOf({ mongo, redis, record }: JudgeOptions, eventId: EventId) {
  const told = record.told.flatMap(({ at, answer }) => {
    const isOurs = answer.eventId === eventId;
    const isVoid = record.losses.some((loss) => wasSetBack(loss, eventId, answer.version, at));
    return isOurs && !isVoid ? toldIn(answer) : [];
  });
  // What came before its event was created is put aside.
  const aside = new Set(redis.mailbox.dead.get(eventId)?.map(({ c }) => c));
  const accepted = undecidedOf(mongo, record).flatMap(({ commandId, takenAt, eventId: of }) => {
    const isLost = record.losses.some(({ until }) => takenAt < until + afterLossMs);
    return of === eventId && !isLost && !aside.has(commandId) ? commandId : [];
  });
  return { told, accepted };
}

/** Of what the journal itself was set back behind since nothing has to be so. */
const wasSetBack = ({ kind, until, versions }: Loss, eventId: EventId, version: number, at: number): boolean =>
  kind === 'mongo' && version > (versions.get(eventId) ?? 0) && at < until + afterLossMs;

function toldIn({ commandId, version, result }: Answer): ToldAnswer {
  const told = { commandId, version, refusal: undefined };
  if (result.kind === 'rejected') return { ...told, refusal: result.rejection.reason };
  if (result.kind === 'cancelled') return { ...told, registrationId: result.registrationId };
  if (result.kind !== 'registered' && result.kind !== 'seated') return told;
  const place = { registrationId: result.registrationId, status: result.status };
  return result.kind === 'registered' && result.waitlistPosition !== undefined
    ? { ...told, ...place, waitlistPosition: result.waitlistPosition }
    : { ...told, ...place };
}

const decisionOf = ({ database }: MongoServer, eventId: EventId, commandId: CommandId): JournalEntry | undefined =>
  database.documents().get(eventId)?.decided.get(commandId);

/** Commands that were accepted, and that no journal has. */
export const undecidedOf = (mongo: MongoServer, { sent }: RunRecord) =>
  [...sent].flatMap(([commandId, { eventId, takenAt }]) =>
    takenAt === undefined || decisionOf(mongo, eventId, commandId) !== undefined ? [] : { commandId, eventId, takenAt },
  );
