import { inGroups, LegacyProblem, type LegacyDocument, type LegacyId } from '@rollcall/migration';
import type { AnyBulkWriteOperation, Document } from 'mongodb';
import { allVariantsOf } from './ids.ts';
import { at, itemsOf, type Legacy } from './legacy.ts';

/** Events per statement. */
const eventsAtOnce = 500;
const inItems = '[].';

/** A field of the event, or of the items of one of its arrays. */
interface FieldPath {
  readonly array: string | undefined;
  readonly field: string;
}

function pathOf(path: string): FieldPath {
  const [array = '', field, ...more] = path.split(inItems);
  if (field === undefined) return { array: undefined, field: array };
  if (more.length > 0) throw new LegacyProblem(`${path}: only one array can be gone into`);
  return { array, field };
}

const found = ({ array, field }: FieldPath) => (array === undefined ? field : `${array}.${field}`);

/** What has one of the fields. An array that is none, and items that are no documents, are left as they are. */
const having = (path: FieldPath): Document => ({
  [found(path)]: { $exists: true },
  ...(path.array === undefined ? {} : { [path.array]: { $type: 'array' } }),
});

export async function removeFields(
  { events }: Legacy,
  legacyIds: readonly LegacyId[],
  paths: readonly string[],
): Promise<number> {
  const parsed = paths.map(pathOf);
  if (parsed.length === 0) return 0;
  const named = { _id: { $in: allVariantsOf(legacyIds) } };
  // Most events have more than one of them.
  const changed = await events.countDocuments({ ...named, $or: parsed.map(having) } as Document);
  for (const path of parsed) {
    const filter = { ...named, ...having(path) } as Document;
    if (path.array === undefined) {
      await events.updateMany(filter, { $unset: { [path.field]: '' } }, { bypassDocumentValidation: true });
    } else {
      await events.updateMany(
        filter,
        { $unset: { [`${path.array}.$[item].${path.field}`]: '' } },
        { bypassDocumentValidation: true, arrayFilters: [{ [`item.${path.field}`]: { $exists: true } }] },
      );
    }
  }
  return changed;
}

/** Only what is missing: a value that has come since is somebody's. */
export async function restoreFields(
  { events }: Legacy,
  documents: AsyncIterable<LegacyDocument>,
  { paths, itemId }: { readonly paths: readonly string[]; readonly itemId: string },
): Promise<number> {
  const parsed = paths.map(pathOf);
  let done = 0;
  for await (const document of documents) {
    const writes = parsed.flatMap((path) => writesOf(document, path, itemId));
    for (const some of inGroups(writes, eventsAtOnce)) {
      const { modifiedCount } = await events.bulkWrite(some, { bypassDocumentValidation: true });
      done += modifiedCount;
    }
  }
  return done;
}

function writesOf(document: LegacyDocument, { array, field }: FieldPath, itemId: string): AnyBulkWriteOperation[] {
  const { _id } = document;
  if (array === undefined) {
    const value = at(document, field);
    if (value === undefined) return [];
    const filter: Document = { _id, [field]: { $exists: false } };
    return [{ updateOne: { filter, update: { $set: { [field]: value } } } }];
  }
  return itemsOf(at(document, array)).flatMap((item): AnyBulkWriteOperation[] => {
    const id = at(item, itemId);
    const value = at(item, field);
    if (id === undefined || value === undefined) return [];
    const isIt = { [itemId]: id, [field]: { $exists: false } };
    const filter: Document = { _id, [array]: { $elemMatch: isIt } };
    const arrayFilters = [Object.fromEntries(Object.entries(isIt).map(([name, rule]) => [`item.${name}`, rule]))];
    return [{ updateOne: { filter, update: { $set: { [`${array}.$[item].${field}`]: value } }, arrayFilters } }];
  });
}
