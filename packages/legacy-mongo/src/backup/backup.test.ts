import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LegacyProblem } from '@rollcall/migration';
import { BSON, Code, Decimal128, Long, MaxKey, MinKey, ObjectId, Timestamp, UUID, type Document } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { allOf, testLegacy, type TestLegacy } from '../testing.ts';
import { writeFileFrom } from './bson-file.ts';
import { insertRaw, rawBatches, sumOf } from './raw.ts';
import { asideOf } from './restore-backup.ts';
import { readBackup, verifyBackup } from './verify-backup.ts';

let legacy: TestLegacy;
let folder: string;
beforeEach(async () => {
  legacy = await testLegacy(inject('mongodbUrl'));
  folder = await mkdtemp(join(tmpdir(), 'rollcall-backup-'));
});
afterEach(async () => {
  await legacy.drop();
  await rm(folder, { recursive: true, force: true });
});

const everyType = {
  _id: new ObjectId(),
  double: 1.5,
  nan: Number.NaN,
  minusZero: -0,
  text: 'é\u0000',
  nested: { list: [1, [2, { three: 3 }]] },
  binary: randomBytes(9),
  uuid: new UUID(),
  yes: true,
  at: new Date(-5),
  nothing: null,
  regex: /a+/i,
  code: new Code('return 1', { scope: 1 }),
  int: 7,
  timestamp: new Timestamp({ t: 1, i: 2 }),
  long: Long.fromString('9007199254740993'),
  decimal: Decimal128.fromString('1.10'),
  min: new MinKey(),
  max: new MaxKey(),
};

/** One with text that is none, with `undefined`, with a symbol, and with one name twice. */
function strange(): Buffer {
  const bytes = Buffer.from(
    BSON.serialize({ _id: new ObjectId(), title: 'xxxx', aa: 1, ab: 2, old: new BSON.BSONSymbol('s'), u: null }),
  );
  bytes.fill(0xff, bytes.indexOf('xxxx'), bytes.indexOf('xxxx') + 2);
  bytes[bytes.indexOf('ab\u0000') + 1] = 'a'.charCodeAt(0);
  bytes[bytes.indexOf('u\u0000') - 1] = 6;
  return bytes;
}

async function fill() {
  const { db, events, registrations, users } = legacy;
  await events.insertOne(everyType);
  await insertRaw(db, 'events', [strange()]);
  await events.insertOne({ _id: 'large' as never, text: 'x'.repeat(15 * 1_024 * 1_024) });
  await registrations.insertMany(Array.from({ length: 30_000 }, (_, n) => ({ eventId: everyType._id, n })));
  await registrations.createIndex(
    { n: 1 },
    { unique: true, name: 'theirs', partialFilterExpression: { n: { $gt: 3 } } },
  );
  await users.insertOne({ firstName: 'Ann' });
  await db.command({ collMod: 'events', validator: { no: { $exists: false } }, validationLevel: 'moderate' });
}

const all = ['events', 'registrations', 'users'];
const bytesOf = async (name: string): Promise<Buffer> => {
  const found: Buffer[] = [];
  for await (const batch of rawBatches(legacy.db.collection(name).find({}, { raw: true }))) found.push(...batch);
  return Buffer.concat(found);
};
const describeAll = () =>
  Promise.all(
    all.map(async (name) => {
      const [{ options }] = (await legacy.db.listCollections({ name }).toArray()) as unknown as [{ options: Document }];
      return [await sumOf(legacy.db.collection(name)), options, await legacy.db.collection(name).indexes()];
    }),
  );
const inside = (file: string) => join(folder, legacy.names.database, file);

describe('a backup', () => {
  it('has the documents byte for byte, and brings all back with options and indexes', async () => {
    await fill();
    const before = await describeAll();
    await legacy.store.freezeAll();
    await legacy.store.backup(folder);
    expect((await readFile(inside('events.bson'))).equals(await bytesOf('events'))).toBe(true);
    expect((await verifyBackup(folder)).documents).toBe(30_004);
    await legacy.registrations.deleteMany({});
    await legacy.events.drop();
    await legacy.store.restore(folder, { database: legacy.names.database, drop: true });
    expect(await describeAll()).toEqual(before);
    expect((await legacy.db.listCollections().toArray()).map(({ name }) => name).toSorted()).toEqual(all);
  });

  it('restores some, elsewhere, and replaces nothing unasked', async () => {
    await fill();
    await legacy.store.backup(folder);
    const { database } = legacy.names;
    await expect(legacy.store.restore(folder, { database, drop: false })).rejects.toThrow('would be replaced');
    const elsewhere = legacy.client.db(`${database}x`);
    try {
      await legacy.store.restore(folder, { database: elsewhere.databaseName, drop: false, only: ['users'] });
      expect((await elsewhere.listCollections().toArray()).map(({ name }) => name)).toEqual(['users']);
      expect(await sumOf(elsewhere.collection('users'))).toBe(await sumOf(legacy.users));
      const other = { database: elsewhere.databaseName, drop: false, only: ['other'] };
      await expect(legacy.store.restore(folder, other)).rejects.toThrow('has no other');
    } finally {
      await elsewhere.dropDatabase();
    }
  });

  it('is of one moment, and left alone once it is there', async () => {
    await legacy.users.insertOne({ firstName: 'Ann' });
    const first = await legacy.store.backup(folder);
    const { mtimeMs } = await stat(inside('users.bson'));
    await legacy.users.insertOne({ firstName: 'Ben' });
    expect(await legacy.store.backup(folder)).toEqual(first);
    expect((await stat(inside('users.bson'))).mtimeMs).toBe(mtimeMs);
    expect(Date.parse(first.moment)).toBeGreaterThan(Date.UTC(2020, 0, 1));
  });

  it('that did not come to its end is none, and is begun anew', async () => {
    await fill();
    await legacy.store.backup(folder);
    await unlink(join(folder, 'manifest.json'));
    await truncate(inside('registrations.bson'), 1_000);
    await expect(verifyBackup(folder)).rejects.toThrow('did not come to its end');
    await legacy.store.backup(folder);
    expect((await verifyBackup(folder)).documents).toBe(30_004);
  });

  it('that is killed in the middle is begun anew', async () => {
    await fill();
    const file = join(import.meta.dirname, 'testing-backup-child.ts');
    const child = spawn(process.execPath, [file, inject('mongodbUrl'), legacy.names.database, folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(child, 'close');
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString()).toBe('written');
    child.kill('SIGKILL');
    await ended;
    expect((await stat(inside('registrations.bson'))).size).toBeGreaterThan(0);
    await expect(verifyBackup(folder)).rejects.toThrow('did not come to its end');
    await legacy.store.backup(folder);
    expect((await verifyBackup(folder)).documents).toBe(30_004);
  });

  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    async function* parts() {
      yield Buffer.alloc(10);
    }
    await expect(writeFileFrom('/dev/full', parts())).rejects.toThrow('the disk is full');
  });

  it('is not written into a folder that holds something else', async () => {
    await writeFile(join(folder, 'letter.txt'), 'Dear');
    await expect(legacy.store.backup(folder)).rejects.toThrow('letter.txt');
    expect(await readdir(folder)).toEqual(['letter.txt']);
  });

  it('removes no dump of another program, which is laid out alike', async () => {
    const dump = join(folder, legacy.names.database);
    await mkdir(dump);
    await writeFile(join(dump, 'events.bson'), 'theirs');
    await expect(legacy.store.backup(folder)).rejects.toThrow(`it has ${legacy.names.database}`);
    expect(await readFile(join(dump, 'events.bson'), 'utf8')).toBe('theirs');
  });

  it('tells its documents one by one', async () => {
    await fill();
    await legacy.store.backup(folder);
    const events = await allOf(readBackup(folder, 'events'));
    expect(events).toHaveLength(3);
    expect(events[1]).toMatchObject({ title: '\uFFFD\uFFFDxx' });
  });
});

describe('a damaged backup', () => {
  it.each<readonly [string, (file: string) => Promise<void>]>([
    ['is cut off', (file) => truncate(file, 5_000)],
    ['is gone', (file) => unlink(file)],
    [
      'has one other byte',
      async (file) => {
        const bytes = await readFile(file);
        bytes[bytes.length - 2] = (bytes[bytes.length - 2] ?? 0) ^ 1;
        await writeFile(file, bytes);
      },
    ],
    ['has more', async (file) => writeFile(file, Buffer.concat([await readFile(file), Buffer.from([5, 0, 0, 0, 0])]))],
    ['has no length in front', async (file) => writeFile(file, Buffer.alloc((await stat(file)).size))],
  ])('is found when a file %s, and restores nothing', async (_name, damage) => {
    await fill();
    await legacy.store.backup(folder);
    for (const name of ['registrations.bson', 'events.metadata.json']) {
      const whole = await readFile(inside(name));
      await damage(inside(name));
      await expect(verifyBackup(folder)).rejects.toBeInstanceOf(LegacyProblem);
      const restoring = legacy.store.restore(folder, { database: legacy.names.database, drop: true });
      await expect(restoring).rejects.toThrow(name);
      expect(await legacy.registrations.estimatedDocumentCount()).toBe(30_000);
      await writeFile(inside(name), whole);
    }
    await verifyBackup(folder);
  });
});

it('a restore that was killed left only what stands aside, and the next one begins anew', async () => {
  await fill();
  await legacy.store.backup(folder);
  await legacy.db.collection(asideOf('events')).insertOne({ half: true });
  await legacy.store.restore(folder, { database: legacy.names.database, drop: true });
  expect((await legacy.db.listCollections().toArray()).map(({ name }) => name).toSorted()).toEqual(all);
});
