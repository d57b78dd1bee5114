import type { CommitId, EventId, JournalEntry, Registration } from '@rollcall/domain';
import { MongoServerError, type FindOptions } from 'mongodb';
import { batchesOf, batchSize } from './batches.ts';
import type { Collections } from './connect.ts';
import { indexes } from './indexes.ts';
import { journalEntry, type JournalDocument } from './journal-document.ts';
import { decidingFields, type DecidingDocument } from './registration-document.ts';
import { inSnapshot } from './snapshot.ts';
import { storedEvent, storedRegistration, type StoredEvent } from './stored.ts';

export interface Head {
  readonly version: number;
  readonly commitId: CommitId;
}

export interface JournalRecord {
  readonly entry: JournalEntry;
  readonly commitId: CommitId;
}

/** Versions after `after`, up to `upTo`, or all that there are. */
export interface JournalRange {
  readonly after: number;
  readonly upTo?: number;
}

type Batches<T> = AsyncIterable<readonly T[]>;

/** What is stored of one event, all of one moment. The server keeps that moment for 5 minutes (`minSnapshotHistoryWindowInSeconds`). */
export interface RecordsOfMoment {
  /** Undefined when there is no document. */
  readonly head: Head | undefined;
  readonly event: StoredEvent | undefined;
  journal(range: JournalRange): Batches<JournalRecord>;
  registrations(): Batches<Registration>;
}

/** Everything that is stored of events, batch by batch, for those who check it. */
export interface Records {
  /** In order of their ids; then those that have registrations or a journal, and no document. */
  eventIds(): AsyncIterable<EventId>;
  /** Whether anything at all is stored of it. */
  isKnown(eventId: EventId): Promise<boolean>;
  head(eventId: EventId): Promise<Head | undefined>;
  /** Decisions change only when somebody is erased, so reading them needs no snapshot and may take its time. */
  journal(eventId: EventId, range: JournalRange): Batches<JournalRecord>;
  /** @throws Error that says what to do when reading takes longer than the server keeps a moment. */
  atOneMoment<T>(eventId: EventId, read: (records: RecordsOfMoment) => Promise<T>): Promise<T>;
}

const eventsPerPage = 1_000;
export function createRecords({ client, events, journal, registrations }: Collections): Records {
  const readJournal = (eventId: EventId, { after, upTo = Infinity }: JournalRange, options: FindOptions = {}) =>
    batchesOf(
      journal
        .find({ eventId, version: { $gt: after, $lte: upTo } }, { ...options, batchSize, raw: true })
        .sort({ version: 1 })
        .project<JournalDocument>({ _id: 0, bodyHash: 0 }),
      (document) => ({ entry: journalEntry({ ...document, bodyHash: '' }), commitId: document.commitId }),
    );

  const idsAfter = async (last: EventId | undefined): Promise<readonly EventId[]> => {
    const after = last === undefined ? {} : { _id: { $gt: last } };
    const found = events
      .find(after, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .limit(eventsPerPage);
    return (await found.toArray()).map(({ _id }) => _id);
  };

  return {
    async *eventIds() {
      // Page by page: the server forgets a cursor while somebody works on a large event for 10 minutes.
      let page: readonly EventId[] = [];
      do {
        page = await idsAfter(page.at(-1));
        yield* page;
      } while (page.length > 0);
      const orphans = new Set<EventId>();
      for (const collection of [journal, registrations]) {
        const cursor = collection.aggregate<{ readonly _id: EventId }>(withoutEvent(events.collectionName));
        for await (const { _id } of cursor) orphans.add(_id);
      }
      yield* orphans;
    },
    async isKnown(eventId) {
      const found = [
        await events.findOne({ _id: eventId }, { projection: { _id: 1 } }),
        await journal.findOne({ eventId }, { projection: { _id: 1 } }),
        await registrations.findOne({ eventId }, { projection: { _id: 1 } }),
      ];
      return found.some((document) => document !== null);
    },
    async head(eventId) {
      const document = await events.findOne({ _id: eventId }, { projection: { version: 1, commitId: 1 } });
      return document === null ? undefined : { version: document.version, commitId: document.commitId };
    },
    journal: readJournal,
    atOneMoment: (eventId, read) =>
      inSnapshot(client, async (options) => {
        const document = await events.findOne({ _id: eventId }, options);
        return read({
          head: document === null ? undefined : { version: document.version, commitId: document.commitId },
          event: document === null ? undefined : storedEvent(document),
          journal: (range) => readJournal(eventId, range, options),
          registrations: () =>
            batchesOf(
              registrations
                .find({ eventId }, { ...options, batchSize, raw: true, hint: indexes.line })
                .project<DecidingDocument>(decidingFields),
              storedRegistration,
            ),
        });
      }).catch(explain),
  };
}

const tooOld = new Set<unknown>([239, 246]);

function explain(error: unknown): never {
  if (!(error instanceof MongoServerError) || !tooOld.has(error.code)) throw error;
  throw new Error(
    'the registrations could not be read while the server kept their snapshot: raise its parameter minSnapshotHistoryWindowInSeconds',
    { cause: error },
  );
}

const withoutEvent = (from: string) => [
  { $sort: { eventId: 1 } },
  { $group: { _id: '$eventId' } },
  { $lookup: { from, localField: '_id', foreignField: '_id', pipeline: [{ $project: { _id: 1 } }], as: 'found' } },
  { $match: { found: { $size: 0 } } },
  { $project: { _id: 1 } },
];
