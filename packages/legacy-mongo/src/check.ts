import { LegacyProblem, type LegacyRight } from '@rollcall/migration';
import { MongoServerError, type Document } from 'mongodb';
import { collectionNames, type Legacy } from './legacy.ts';

/** What each step asks of MongoDB. */
const actionsFor: Readonly<Record<LegacyRight, readonly string[]>> = {
  read: ['find', 'changeStream', 'listIndexes'],
  freeze: ['collMod'],
  write: ['insert', 'update', 'remove', 'bypassDocumentValidation'],
  restore: [
    'createCollection',
    'dropCollection',
    'createIndex',
    'insert',
    'bypassDocumentValidation',
    'renameCollectionSameDB',
  ],
};

interface Privilege {
  readonly resource: { readonly db?: string; readonly collection?: string; readonly anyResource?: boolean };
  readonly actions: readonly string[];
}

/**
 * Looks for everything that would stop a later step.
 *
 * @param taken collections that are Rollcall's on the same servers, as `database.collection`
 */
export async function checkLegacy(
  legacy: Legacy,
  needs: readonly LegacyRight[],
  taken: ReadonlySet<string>,
): Promise<void> {
  const { names } = legacy;
  const own = collectionNames(legacy).filter((name) => taken.has(`${names.database}.${name}`));
  const problems = own.map(
    (name) => `${names.database}.${name} is one of Rollcall's own: give Rollcall another database`,
  );
  if (problems.length === 0) problems.push(...(await serverProblems(legacy)));
  if (problems.length === 0) problems.push(...(await missingRights(legacy, needs)));
  if (problems.length === 0) problems.push(...(await missingCollections(legacy)));
  if (problems.length === 0) problems.push(...(await missingIndexes(legacy)));
  if (problems.length > 0) throw new LegacyProblem(problems.join('\n'));
}

async function serverProblems({ db }: Legacy): Promise<readonly string[]> {
  const hello = await db.command({ hello: 1 });
  if (hello['setName'] !== undefined || hello['msg'] === 'isdbgrid') return [];
  return [
    'this MongoDB is no replica set, and only those tell of changes and show all collections at one moment: start it with --replSet and run rs.initiate() once; a set of one member is enough',
  ];
}

async function missingRights(legacy: Legacy, needs: readonly LegacyRight[]): Promise<readonly string[]> {
  const { db, names } = legacy;
  const { authInfo } = await db.command({ connectionStatus: 1, showPrivileges: true });
  const { authenticatedUsers, authenticatedUserPrivileges } = authInfo as {
    readonly authenticatedUsers: readonly unknown[];
    readonly authenticatedUserPrivileges: readonly Privilege[];
  };
  if (authenticatedUsers.length === 0) {
    // Either nobody has to say who they are, or nobody is let in.
    try {
      await db.listCollections({}, { nameOnly: true }).toArray();
      return [];
    } catch (error) {
      if (!isUnauthorized(error)) throw error;
      return ['this MongoDB wants to know who connects: the URL has to hold a user and a password'];
    }
  }
  const may = (action: string, collection: string) =>
    authenticatedUserPrivileges.some(
      ({ resource, actions }) => actions.includes(action) && covers(resource, { db: names.database, collection }),
    );
  const problems: string[] = [];
  for (const need of needs) {
    // Changes are followed for the database as a whole, and so are its collections listed.
    const ofDatabase = need === 'read' ? ['find', 'changeStream', 'listCollections'] : [];
    const missing = [
      ...ofDatabase.filter((action) => !may(action, '')).map((action) => `${action} on ${names.database}`),
      ...collectionNames(legacy)
        .filter((name) => need !== 'freeze' || name !== names.collections.users)
        .filter((name) => need !== 'write' || name !== names.collections.users)
        .flatMap((name) =>
          actionsFor[need]
            .filter((action) => !may(action, name))
            .map((action) => `${action} on ${names.database}.${name}`),
        ),
    ];
    if (missing.length > 0) problems.push(`rights to ${need} are missing: ${missing.join(', ')}; ${roleFor[need]}`);
  }
  return problems;
}

const roleFor: Readonly<Record<LegacyRight, string>> = {
  read: 'the role read has them',
  freeze: 'the role dbAdmin has it',
  write: 'the roles readWrite and dbAdmin have them',
  restore: 'the roles readWrite and dbAdmin have them',
};

/** A name that is left empty stands for all. */
function covers(
  resource: Privilege['resource'],
  { db, collection }: { readonly db: string; readonly collection: string },
) {
  if (resource.anyResource === true) return true;
  if (resource.db === undefined || resource.collection === undefined) return false;
  return (
    (resource.db === '' || resource.db === db) && (resource.collection === '' || resource.collection === collection)
  );
}

const isUnauthorized = (error: unknown) => error instanceof MongoServerError && error.code === 13;

async function missingCollections(legacy: Legacy): Promise<readonly string[]> {
  const { db } = legacy;
  const there = new Map(
    (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name, type }) => [name, type]),
  );
  if (there.size === 0) return [`the database ${db.databaseName} is not there, or is empty`];
  return collectionNames(legacy).flatMap((name) => {
    const type = there.get(name);
    if (type === undefined) return [`there is no collection ${db.databaseName}.${name}`];
    return type === 'collection' ? [] : [`${db.databaseName}.${name} is a ${type}, not a collection`];
  });
}

/** Without it each event costs a look at all registrations. */
async function missingIndexes({ registrations, names }: Legacy): Promise<readonly string[]> {
  const field = names.registration.eventId;
  const serves = ({ key, sparse, partialFilterExpression, hidden }: Document) =>
    Object.keys(key as Document)[0] === field &&
    [sparse, partialFilterExpression, hidden].every((limit) => limit === undefined || limit === false);
  if ((await registrations.indexes()).some(serves)) return [];
  return [
    `${registrations.namespace} has no index of all documents that begins with ${field}: run db.getSiblingDB(${JSON.stringify(names.database)}).getCollection(${JSON.stringify(registrations.collectionName)}).createIndex({ ${JSON.stringify(field)}: 1 })`,
  ];
}
