import type { Collection, Db, Document, OptionalUnlessRequiredId } from 'mongodb';
import type { LegacyWorld } from './generate.ts';
import type { LegacyEventDocument, LegacyRegistrationDocument, LegacyUserDocument } from './shape.ts';

const batchSize = 2_000;
/** Events are large: the driver would have to split a batch of many. */
const eventBatchSize = 100;

export const legacyCollections = (db: Db) => ({
  events: db.collection<LegacyEventDocument>('events'),
  registrations: db.collection<LegacyRegistrationDocument>('registrations'),
  users: db.collection<LegacyUserDocument>('users'),
});

/** As such systems have them: none of them is unique, which is how signups came to be there twice. */
async function createLegacyIndexes(db: Db): Promise<void> {
  const { events, registrations, users } = legacyCollections(db);
  await events.createIndexes([{ key: { date: 1, status: 1 } }, { key: { createdBy: 1 } }]);
  await registrations.createIndexes([
    { key: { eventId: 1 } },
    { key: { userId: 1 } },
    { key: { eventId: 1, roleId: 1, status: 1 } },
    { key: { registrationDate: 1 } },
  ]);
  await users.createIndexes([{ key: { username: 1 } }, { key: { email: 1 } }]);
}

export interface Inserted {
  readonly events: number;
  readonly registrations: number;
  readonly users: number;
}

/** Puts all of it into a database, with the indexes. */
export async function insertLegacy(db: Db, world: LegacyWorld): Promise<Inserted> {
  await createLegacyIndexes(db);
  const { events, registrations, users } = legacyCollections(db);
  const [ofEvents, ofRegistrations, ofUsers] = [
    new Batches(events, eventBatchSize),
    new Batches(registrations, batchSize),
    new Batches(users, batchSize),
  ];
  for (const user of world.users()) await ofUsers.add(user);
  for await (const generated of world.events()) {
    await ofEvents.add(generated.event);
    for (const registration of generated.registrations) await ofRegistrations.add(registration);
  }
  for (const orphan of world.orphans()) await ofRegistrations.add(orphan);
  return {
    events: await ofEvents.end(),
    registrations: await ofRegistrations.end(),
    users: await ofUsers.end(),
  };
}

/** While one batch is on its way, the next is filled. */
class Batches<Item extends Document> {
  readonly #collection: Collection<Item>;
  readonly #size: number;
  #batch: OptionalUnlessRequiredId<Item>[] = [];
  #underWay: Promise<unknown> = Promise.resolve();
  #count = 0;

  constructor(collection: Collection<Item>, size: number) {
    this.#collection = collection;
    this.#size = size;
  }

  async add(document: OptionalUnlessRequiredId<Item>): Promise<void> {
    this.#batch.push(document);
    if (this.#batch.length >= this.#size) await this.#send();
  }

  async end(): Promise<number> {
    if (this.#batch.length > 0) await this.#send();
    await this.#underWay;
    return this.#count;
  }

  async #send(): Promise<void> {
    await this.#underWay;
    this.#count += this.#batch.length;
    this.#underWay = this.#collection.insertMany(this.#batch, { ordered: false });
    // It is awaited later; until then nobody would hear of its failure.
    this.#underWay.catch(() => undefined);
    this.#batch = [];
  }
}
