import type { EventProgress, LegacyId, MigrationState, MirrorOriginal, Phase, RunState } from '@rollcall/migration';
import type { Collections } from './connect.ts';

type RunDocument = { readonly _id: 'run'; readonly run: RunState };

interface EventDocument extends Omit<EventProgress, 'since'> {
  readonly _id: `event:${string}`;
  readonly since: Date;
}

/** One document per role, and one more for the event: each list may be nearly as large as a document can be. */
interface OriginalDocument {
  readonly _id: `mirror:${string}`;
  readonly legacyId: LegacyId;
  readonly place: number;
  /** A field that was not there is missing here as well. */
  readonly original: { readonly id?: unknown; readonly signups?: unknown; readonly signedUp?: unknown };
}

const eventKey = (legacyId: LegacyId): EventDocument['_id'] => `event:${legacyId}`;
/** The id's length first: ids may hold any character. */
const originalPrefix = (legacyId: LegacyId) => `mirror:${legacyId.length}:${legacyId}:` as const;
const eventsPerPage = 500;

/** How far the migration is, in Rollcall's database. */
export function createMigrationState({ db }: Pick<Collections, 'db'>): MigrationState {
  const runs = db.collection<RunDocument>('migration');
  const events = db.collection<EventDocument>('migration');
  const originals = db.collection<OriginalDocument>('migration');
  const originalsOf = (legacyId: LegacyId) => {
    const from = originalPrefix(legacyId);
    // The character behind the colon.
    return { _id: { $gte: from, $lt: `${from.slice(0, -1)};` as typeof from } };
  };
  const page = async (phases: readonly Phase[], after: EventDocument['_id']): Promise<readonly EventDocument[]> =>
    events
      .find({ _id: { $gt: after, $lt: 'event;' as never }, phase: { $in: [...phases] } })
      .sort({ _id: 1 })
      .limit(eventsPerPage)
      .toArray();

  return {
    async readRun() {
      return (await runs.findOne({ _id: 'run' }))?.run ?? {};
    },
    async patchRun(changes) {
      const set = Object.fromEntries(Object.entries(changes).map(([name, value]) => [`run.${name}`, value as unknown]));
      if (Object.keys(set).length > 0) await runs.updateOne({ _id: 'run' }, { $set: set }, { upsert: true });
    },
    async find(legacyIds) {
      const found = await events.find({ _id: { $in: legacyIds.map(eventKey) } }).toArray();
      return new Map(found.map((document) => [document.legacyId, progressOf(document)]));
    },
    async put({ since, ...progress }) {
      const document = { ...progress, since: new Date(since) };
      await events.replaceOne({ _id: eventKey(progress.legacyId) }, document, { upsert: true });
    },
    async putFrom(phase, { since, ...progress }) {
      const document = { ...progress, since: new Date(since) };
      const _id = eventKey(progress.legacyId);
      if (phase !== undefined) return (await events.replaceOne({ _id, phase }, document)).matchedCount === 1;
      const { upsertedCount } = await events.updateOne({ _id }, { $setOnInsert: document }, { upsert: true });
      return upsertedCount === 1;
    },
    async remove(legacyId) {
      await events.deleteOne({ _id: eventKey(legacyId) });
    },
    async *list(phases) {
      // Page by page: whoever goes through them changes them meanwhile, and takes longer than a cursor lives.
      let found = await page(phases, 'event:');
      while (found.length > 0) {
        for (const document of found) yield progressOf(document);
        found = await page(phases, found.at(-1)?._id ?? 'event:');
      }
    },
    async countByPhase() {
      const counted = events.aggregate<{ readonly _id: Phase; readonly count: number }>([
        { $match: { phase: { $exists: true } } },
        { $group: { _id: '$phase', count: { $sum: 1 } } },
        { $sort: { _id: 1 } },
      ]);
      return new Map((await counted.toArray()).map(({ _id, count }) => [_id, count]));
    },
    async keepOriginal(legacyId, { roles, signedUp }) {
      const parts = [...roles.map((role) => withoutMissing({ ...role })), withoutMissing({ signedUp })];
      // The last one is of the event: what has it is whole.
      for (const [place, original] of parts.entries()) {
        await originals.updateOne(
          { _id: `${originalPrefix(legacyId)}${String(place).padStart(6, '0')}` },
          { $setOnInsert: { legacyId, place, original } },
          { upsert: true },
        );
      }
    },
    async findOriginal(legacyId) {
      const parts = await originals.find(originalsOf(legacyId)).sort({ _id: 1 }).toArray();
      const last = parts.pop();
      if (last === undefined) return undefined;
      const roles = parts.map(({ original: { id, signups } }) => ({ id, signups }));
      return { roles, signedUp: last.original.signedUp } satisfies MirrorOriginal;
    },
    async dropOriginal(legacyId) {
      await originals.deleteMany(originalsOf(legacyId));
    },
  };
}

const withoutMissing = (fields: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

function progressOf({ _id: _key, since, ...progress }: EventDocument): EventProgress {
  return { ...progress, since: since.getTime() };
}
