import { inGroups, LegacyProblem, type LegacyChanges, type LegacyUpdate } from '@rollcall/migration';
import {
  MongoServerError,
  type AnyBulkWriteOperation,
  type ClientSession,
  type Collection,
  type Document,
} from 'mongodb';
import type { Legacy } from './legacy.ts';

/** Documents that one transaction writes: more take so long that the server would end it. */
const transactionMax = 10_000;
/** Documents per statement. */
const writesAtOnce = 1_000;

/** Past the validators that freeze: those are for others. */
const past = { bypassDocumentValidation: true, ordered: true } as const;

export async function applyChanges(legacy: Legacy, changes: LegacyChanges): Promise<void> {
  const { client, events, registrations } = legacy;
  const writes = writesOf(changes);
  const event = changes.event === undefined ? undefined : updateOf(changes.event);
  const write = async (session?: ClientSession) => {
    const options = session === undefined ? past : { ...past, session };
    for (const some of inGroups(writes, writesAtOnce)) await registrations.bulkWrite(some, options);
    // The event last: where it is not in a transaction, whoever sees it changed finds its registrations changed.
    if (event !== undefined) await events.bulkWrite([event], options);
  };
  try {
    if (writes.length > transactionMax) await write();
    else if (writes.length > 0 || event !== undefined) {
      await client.withSession((session) => session.withTransaction(() => write(session)));
    }
  } catch (error) {
    throw explained(error, registrations);
  }
}

function writesOf({ inserts, updates, deletes }: LegacyChanges): AnyBulkWriteOperation[] {
  return [
    ...inserts.map((document): AnyBulkWriteOperation => {
      const { _id, ...replacement } = document;
      if (_id === undefined) throw new Error('a registration is to be written that has no _id');
      return { replaceOne: { filter: { _id } as Document, replacement, upsert: true } };
    }),
    ...updates.map(updateOf).filter((update) => update !== undefined),
    ...deletes.map((_id): AnyBulkWriteOperation => ({ deleteOne: { filter: { _id } as Document } })),
  ];
}

/** Undefined where it changes nothing, which the server would refuse. */
function updateOf({ id, set = {}, unset = [], push = {} }: LegacyUpdate): AnyBulkWriteOperation | undefined {
  const parts = {
    $set: set,
    $unset: Object.fromEntries(unset.map((path) => [path, ''])),
    $addToSet: Object.fromEntries(Object.entries(push).map(([path, items]) => [path, { $each: items }])),
  };
  const update = Object.fromEntries(Object.entries(parts).filter(([, fields]) => Object.keys(fields).length > 0));
  if (Object.keys(update).length === 0) return undefined;
  return { updateOne: { filter: { _id: id } as Document, update } };
}

function explained(error: unknown, { dbName }: Collection): unknown {
  if (!(error instanceof MongoServerError)) return error;
  if (error.code === 13) {
    return new LegacyProblem(`rights to write to ${dbName} are missing (bypassDocumentValidation among them)`, {
      cause: error,
    });
  }
  if (error.code === 11_000) {
    return new LegacyProblem(`a unique index of ${dbName} refuses what is to be written back: ${error.message}`, {
      cause: error,
    });
  }
  return error;
}
