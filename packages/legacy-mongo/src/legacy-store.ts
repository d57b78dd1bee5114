import type { LegacyNames, LegacyStore } from '@rollcall/migration';
import type { MongoClient } from 'mongodb';
import { restoreBackup } from './backup/restore-backup.ts';
import { writeBackup } from './backup/write-backup.ts';
import { followChanges, readNow } from './changes.ts';
import { checkLegacy } from './check.ts';
import { removeFields, restoreFields } from './fields.ts';
import { createFreezing, type FreezeLimits } from './freezing.ts';
import { legacyOf } from './legacy.ts';
import { findOrphans } from './orphans.ts';
import { findUsers, readEventIds, readEvents, readExisting } from './reading.ts';
import { applyChanges } from './writing.ts';

export interface LegacyStoreOptions {
  /** Rollcall's own collections on the same servers, as `database.collection`. */
  readonly taken?: readonly string[];
  readonly freezeLimits?: FreezeLimits;
}

/** The collections of the old system in MongoDB. One process at a time may freeze; all else can be done by many. */
export function createLegacyStore(
  client: MongoClient,
  names: LegacyNames,
  { taken = [], freezeLimits }: LegacyStoreOptions = {},
): LegacyStore {
  const legacy = legacyOf(client, names);
  return {
    check: (needs) => checkLegacy(legacy, needs, new Set(taken)),
    eventIds: (after) => readEventIds(legacy, after),
    existing: (ids) => readExisting(legacy, ids),
    countEvents: () => legacy.events.estimatedDocumentCount(),
    countRegistrations: () => legacy.registrations.estimatedDocumentCount(),
    readEvents: (ids) => readEvents(legacy, ids),
    usersBy: (field, texts) => findUsers(legacy, field, texts),
    orphans: (examplesMax) => findOrphans(legacy, examplesMax),
    now: () => readNow(legacy),
    changes: (from, signal) => followChanges(legacy, from, signal),
    ...createFreezing(legacy, freezeLimits),
    apply: (changes) => applyChanges(legacy, changes),
    removeFields: (ids, paths) => removeFields(legacy, ids, paths),
    restoreFields: (documents, fields) => restoreFields(legacy, documents, fields),
    backup: (folder, progress) => writeBackup(legacy, folder, progress),
    restore: (folder, options) => restoreBackup(client, folder, options),
  };
}
