import {
  LegacyChangesLost,
  legacyIdOf,
  type LegacyChange,
  type LegacyId,
  type LegacyResumePoint,
  type LegacyStep,
} from '@rollcall/migration';
import { BSON, MongoError, MongoServerError, type ChangeStreamOptions, type Document } from 'mongodb';
import { at, type Legacy } from './legacy.ts';

/** How long the server waits for a change before it answers that there is none, in ms. */
const waitMsMax = 1_000;
/** Changes that are told of at once. */
const changesMax = 500;

/** What is asked of the server for each change: far less than the document. */
interface Change {
  readonly _id: unknown;
  readonly operationType: string;
  readonly ns?: { readonly coll?: string };
  readonly documentKey?: { readonly _id: unknown };
  readonly wallTime?: Date;
  readonly eventId?: unknown;
}

export async function readNow({ client, db }: Legacy): Promise<LegacyResumePoint> {
  return client.withSession(async (session) => {
    await db.command({ ping: 1 }, { session });
    const { operationTime } = session;
    if (operationTime === undefined) throw new Error('the server does not tell its time; it must be a replica set');
    return encode({ startAtOperationTime: operationTime });
  });
}

export async function* followChanges(
  legacy: Legacy,
  from: LegacyResumePoint,
  signal: AbortSignal,
): AsyncGenerator<LegacyStep> {
  const stream = legacy.db.watch<Document, Change & Document>(pipelineOf(legacy), {
    ...decode(from),
    maxAwaitTimeMS: waitMsMax,
  });
  const close = () => void stream.close().catch(() => undefined);
  signal.addEventListener('abort', close, { once: true });
  const read = async () => {
    const change = await stream.tryNext();
    return { change, point: encode({ resumeAfter: change === null ? stream.resumeToken : change._id }) };
  };
  let next: ReturnType<typeof read> | undefined;
  try {
    while (!signal.aborted) {
      next ??= read();
      const { change, point } = await next;
      next = undefined;
      const found: Change[] = [];
      let resumePoint = point;
      if (change !== null) {
        found.push(change);
        // What has come in the same answer is there at once; what has not is waited for after these were told of.
        next = read();
        while (found.length < changesMax && (await isThere(next))) {
          const more = await next;
          if (more.change === null) break;
          found.push(more.change);
          resumePoint = more.point;
          next = read();
        }
      }
      yield { changes: await tell(legacy, found), resumePoint };
    }
  } catch (error) {
    if (signal.aborted) return;
    throw isLost(error)
      ? new LegacyChangesLost('the changes since are not in the oplog any more', { cause: error })
      : error;
  } finally {
    signal.removeEventListener('abort', close);
    await stream.close().catch(() => undefined);
    await next?.catch(() => undefined);
  }
}

/** What does not wait for the server is there before the next round of the event loop. A failure is as good as there. */
function isThere(reading: Promise<unknown>): Promise<boolean> {
  return Promise.race([
    reading.then(
      () => true,
      () => true,
    ),
    new Promise<boolean>((settle) => setImmediate(() => settle(false))),
  ]);
}

function pipelineOf({ names }: Legacy): Document[] {
  const { events, registrations } = names.collections;
  return [
    {
      $match: {
        $or: [
          { 'ns.coll': { $in: [events, registrations] } },
          { operationType: { $in: ['dropDatabase', 'invalidate'] } },
        ],
      },
    },
    {
      $project: {
        operationType: 1,
        ns: 1,
        documentKey: 1,
        wallTime: 1,
        eventId: `$fullDocument.${names.registration.eventId}`,
      },
    },
  ];
}

const ends = new Set(['drop', 'rename', 'dropDatabase', 'invalidate']);
const operations = new Set<string>(['insert', 'update', 'replace', 'delete'] satisfies LegacyChange['operation'][]);

async function tell(legacy: Legacy, found: readonly Change[]): Promise<readonly LegacyChange[]> {
  const { names } = legacy;
  const end = found.find(({ operationType }) => ends.has(operationType));
  if (end !== undefined) {
    throw new LegacyChangesLost(`${end.ns?.coll ?? names.database}: ${end.operationType} of what was followed`);
  }
  const written = found.filter(({ operationType }) => operations.has(operationType));
  const updated = written.filter(({ ns, operationType }) => isOf(ns, legacy) && operationType === 'update');
  const eventIds = await readEventIdsOf(legacy, updated);
  return written.map(({ operationType, ns, documentKey, wallTime, eventId }) => {
    const id = legacyIdOf(documentKey?._id);
    const about = {
      operation: operationType as LegacyChange['operation'],
      at: wallTime?.getTime() ?? Date.now(),
    };
    if (!isOf(ns, legacy)) return { ...about, collection: 'events', eventId: id, registrationId: undefined };
    const known = operationType === 'update' && id !== undefined ? eventIds.get(id) : legacyIdOf(eventId);
    return { ...about, collection: 'registrations', eventId: known, registrationId: id };
  });
}

const isOf = (ns: Change['ns'], { names }: Legacy): boolean => ns?.coll === names.collections.registrations;

/** The change itself does not say it, and the server's own look-up would send whole events as well. */
async function readEventIdsOf(
  { registrations, names }: Legacy,
  updated: readonly Change[],
): Promise<ReadonlyMap<LegacyId, LegacyId | undefined>> {
  const known = new Map<LegacyId, LegacyId | undefined>();
  if (updated.length === 0) return known;
  const field = names.registration.eventId;
  const filter: Document = { _id: { $in: updated.map(({ documentKey }) => documentKey?._id) } };
  for await (const document of registrations.find(filter, { projection: { [field]: 1 } })) {
    const id = legacyIdOf(document._id);
    if (id !== undefined) known.set(id, legacyIdOf(at(document, field)));
  }
  return known;
}

/** ChangeStreamHistoryLost, and what a server says to a point that it can't find or read: of another cluster, or garbage. */
const lostCodes = new Set<unknown>([286, 280, 260, 9, 50_811, 40_647, 40_648, 40_649]);

function isLost(error: unknown): boolean {
  if (error instanceof MongoServerError) return lostCodes.has(error.code);
  return error instanceof MongoError && error.hasErrorLabel('NonResumableChangeStreamError');
}

const encode = (options: ChangeStreamOptions) => BSON.EJSON.stringify(options) as LegacyResumePoint;

function decode(point: LegacyResumePoint): ChangeStreamOptions {
  try {
    return BSON.EJSON.parse(point, { relaxed: false }) as ChangeStreamOptions;
  } catch (error) {
    throw new LegacyChangesLost('the stored resume point can not be read', { cause: error });
  }
}
