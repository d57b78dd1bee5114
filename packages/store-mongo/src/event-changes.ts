import type { CommitId, EventId } from '@rollcall/domain';
import {
  ChangesLostError,
  type ChangeStep,
  type EventChange,
  type EventChanges,
  type ResumePoint,
} from '@rollcall/engine';
import { BSON, MongoError, MongoServerError, type ChangeStreamOptions, type Collection } from 'mongodb';
import type { Collections } from './connect.ts';
import type { EventDocument } from './event-document.ts';

/** What `relay` keeps: one document, of where following the events can go on. */
interface RelayDocument {
  readonly _id: 'events';
  readonly resumePoint: string;
  readonly storedAt: Date;
}

/** What is asked of the server for each change of an event: far less than the document. */
interface Change {
  readonly _id: unknown;
  readonly operationType: string;
  readonly documentKey?: { readonly _id: EventId };
  readonly wallTime?: Date;
  readonly version?: number;
  readonly commitId?: CommitId;
}

const changed = (field: string) => ({
  $ifNull: [`$updateDescription.updatedFields.${field}`, `$fullDocument.${field}`],
});

const pipeline = [
  {
    $project: {
      operationType: 1,
      documentKey: 1,
      wallTime: 1,
      version: changed('version'),
      commitId: changed('commitId'),
    },
  },
];

/** How long the server waits for a change before it answers that there is none, in ms. */
const waitMsMax = 1_000;

/** Changes of the `events` collection, by a change stream. */
export function createEventChanges({ client, db, events }: Collections): EventChanges {
  const relay = db.collection<RelayDocument>('relay');

  return {
    now: () =>
      client.withSession(async (session) => {
        await db.command({ ping: 1 }, { session });
        const { operationTime } = session;
        if (operationTime === undefined) throw new Error('the server does not tell its time; it must be a replica set');
        return encode({ startAtOperationTime: operationTime });
      }),
    follow: (from, signal) => follow(events, from, signal),
    async readResumePoint() {
      const document = await relay.findOne({ _id: 'events' });
      return document === null ? undefined : (document.resumePoint as ResumePoint);
    },
    async storeResumePoint(resumePoint) {
      await relay.updateOne({ _id: 'events' }, { $set: { resumePoint, storedAt: new Date() } }, { upsert: true });
    },
    async readHeads(after, countMax) {
      const documents = await events
        .find(after === undefined ? {} : { _id: { $gt: after } }, { projection: { version: 1, commitId: 1 } })
        .sort({ _id: 1 })
        .limit(countMax)
        .toArray();
      return documents.map(({ _id, version, commitId }) => ({ eventId: _id, version, commitId }));
    },
  };
}

async function* follow(
  events: Collection<EventDocument>,
  from: ResumePoint,
  signal: AbortSignal,
): AsyncGenerator<ChangeStep> {
  const stream = events.watch<EventDocument, Change>(pipeline, { ...decode(from), maxAwaitTimeMS: waitMsMax });
  const close = () => void stream.close().catch(() => undefined);
  signal.addEventListener('abort', close, { once: true });
  try {
    while (!signal.aborted) {
      const found = await stream.tryNext();
      // The stream of a collection ends with it: when it was dropped, as before it is restored.
      if (found?.operationType === 'invalidate') throw new ChangesLostError('the events were dropped');
      yield {
        change: found === null ? undefined : changeOf(found),
        resumePoint: encode({ resumeAfter: stream.resumeToken }),
      };
    }
  } catch (error) {
    if (signal.aborted) return;
    throw isLost(error)
      ? new ChangesLostError('the changes since are not in the oplog any more', { cause: error })
      : error;
  } finally {
    signal.removeEventListener('abort', close);
    await stream.close().catch(() => undefined);
  }
}

/** Undefined for what is no change of an event's version. */
function changeOf({ operationType, documentKey, version, commitId, wallTime }: Change): EventChange | undefined {
  if (documentKey === undefined) return undefined;
  const committedAt = wallTime?.getTime() ?? Date.now();
  if (operationType === 'delete') return { eventId: documentKey._id, head: undefined, committedAt };
  if (version === undefined || commitId === undefined) return undefined;
  return { eventId: documentKey._id, head: { version, commitId }, committedAt };
}

/** ChangeStreamHistoryLost, and what a server says to a point that it can't find or read: of another cluster, or garbage. */
const lostCodes = new Set<unknown>([286, 280, 260, 9, 50_811, 40_647, 40_648, 40_649]);

function isLost(error: unknown): boolean {
  if (error instanceof MongoServerError) return lostCodes.has(error.code);
  return error instanceof MongoError && error.hasErrorLabel('NonResumableChangeStreamError');
}

const encode = (options: ChangeStreamOptions): ResumePoint => BSON.EJSON.stringify(options) as ResumePoint;

function decode(point: ResumePoint): ChangeStreamOptions {
  try {
    return BSON.EJSON.parse(point, { relaxed: false }) as ChangeStreamOptions;
  } catch (error) {
    throw new ChangesLostError('the stored resume point can not be read', { cause: error });
  }
}
