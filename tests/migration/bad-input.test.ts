import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@rollcall/infra';
import {
  BSON,
  Binary,
  Decimal128,
  Int32,
  Long,
  MongoClient,
  ObjectId,
  Timestamp,
  type Db,
  type Document,
} from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { insertRaw } from '../../packages/legacy-mongo/src/backup/raw.ts';
import { runCli } from '../support/cli.ts';
import { legacyWorld } from '../support/legacy/generate.ts';

let folder: string;
let client: MongoClient;
let legacy: Db;
let rollcall: Db;
let env: Record<string, string>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-bad-'));
  client = new MongoClient(inject('mongodbUrl'));
  const name = randomBytes(6).toString('hex');
  [legacy, rollcall] = [client.db(`l${name}`), client.db(`t${name}`)];
  await writeFile(join(folder, 'mapping.json'), JSON.stringify({ database: legacy.databaseName }));
  env = {
    MONGODB_URL: inject('mongodbUrl'),
    MONGODB_DATABASE: rollcall.databaseName,
    NODE_OPTIONS: '--max-old-space-size=1024',
  };
});
afterEach(async () => {
  await legacy.dropDatabase();
  await rollcall.dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

interface Line {
  readonly type: string;
  readonly complete?: boolean;
  readonly error?: string;
  readonly legacyId?: string;
  readonly outcome?: string;
  readonly count?: number;
  readonly findings?: readonly { readonly kind: string; readonly rule: string }[];
}

async function prepare(): Promise<void> {
  for (const collection of ['events', 'registrations', 'users']) await legacy.createCollection(collection);
  await legacy.collection('registrations').createIndex({ eventId: 1 });
}

/** The step, and what its report says. */
async function migrate(step: string, ...args: readonly string[]) {
  const report = join(folder, `${randomBytes(4).toString('hex')}.jsonl`);
  const ran = await runCli(
    { env },
    'migrate',
    step,
    '--mapping',
    join(folder, 'mapping.json'),
    '--report',
    report,
    ...args,
  );
  const lines = (await readFile(report, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  return { ...ran, lines, last: lines.at(-1) };
}

async function verifies(): Promise<void> {
  const { exitCode, stdout } = await runCli(
    { env: { ...env, REDIS_URL: inject('redisUrl'), REDIS_KEY_PREFIX: 'none:' } },
    'verify',
  );
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(' 0 differences') });
}

async function dumpOf(db: Db): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { name } of (await db.listCollections({}, { nameOnly: true }).toArray()) as { readonly name: string }[]) {
    const documents = await db
      .collection(name)
      .find({}, { enableUtf8Validation: false, promoteValues: false })
      .sort({ _id: 1 })
      .toArray();
    found.set(
      name,
      documents.map((document) => BSON.EJSON.stringify(document, { relaxed: false })),
    );
  }
  return found;
}

/** Of every type that a field may have. */
const wrongValues: readonly unknown[] = [
  undefined,
  null,
  true,
  -1,
  0.5,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  new Int32(7),
  Long.fromString('9223372036854775807'),
  Decimal128.fromString('1E+6000'),
  '',
  'nonsense',
  'x'.repeat(20_000),
  'a\u0000b\u0007',
  [],
  [null, 5, {}],
  {},
  { $set: 1 },
  new Date(-62_135_596_800_001),
  new Date(8.64e15),
  new ObjectId('f'.repeat(24)),
  new Binary(Buffer.from([255, 0])),
  new Timestamp({ t: 1, i: 1 }),
  /a/u,
  new BSON.MinKey(),
  new BSON.Code('1'),
];

/** All paths of a document; of an array only into its first item. */
function* pathsOf(value: unknown, at: readonly string[] = []): Generator<readonly string[]> {
  if (at.length > 0) yield at;
  if (Array.isArray(value)) yield* pathsOf((value as readonly unknown[])[0], [...at, '0']);
  else if (typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype) {
    for (const [name, inner] of Object.entries(value)) yield* pathsOf(inner, [...at, name]);
  }
}

function changedAt(value: unknown, [name, ...rest]: readonly string[], wrong: unknown): unknown {
  if (name === undefined) return wrong;
  if (Array.isArray(value)) {
    return (value as readonly unknown[]).map((item, index) =>
      String(index) === name ? changedAt(item, rest, wrong) : item,
    );
  }
  const document = value as Readonly<Record<string, unknown>>;
  return { ...document, [name]: changedAt(document[name], rest, wrong) };
}

describe('documents', () => {
  it('of the wrong type at each field are imported with a finding, or stopped and listed', async () => {
    await prepare();
    const [events, registrations, users] = [
      legacy.collection('events'),
      legacy.collection('registrations'),
      legacy.collection('users'),
    ];
    const world = legacyWorld({ events: 1, people: { kind: 'fixed', perEvent: 5 } });
    const {
      event,
      registrations: [registration],
    } = world.eventAt(0);
    await users.insertMany([...world.users()] as Document[]);
    const ofEvent = [...pathsOf(event)].filter(([name]) => name !== '_id');
    const ofRegistration = [...pathsOf(registration)].filter(([name]) => name !== '_id' && name !== 'eventId');
    const made: Document[] = [];
    const signups: Document[] = [];
    for (const wrong of wrongValues) {
      for (const path of ofEvent) {
        const _id = new ObjectId();
        made.push({ ...(changedAt(event, path, wrong) as Document), _id });
        signups.push({ ...registration, _id: new ObjectId(), eventId: _id });
      }
      for (const path of ofRegistration) {
        const _id = new ObjectId();
        made.push({ ...event, _id });
        signups.push({ ...(changedAt(registration, path, wrong) as Document), _id: new ObjectId(), eventId: _id });
      }
    }
    expect(made.length).toBeGreaterThan(1_000);
    await events.insertMany(made);
    await registrations.insertMany(signups);
    const before = await dumpOf(legacy);

    const { exitCode, last, lines } = await migrate('backfill', '--events-at-once', '8');
    expect({ exitCode, complete: last?.complete }).toEqual({ exitCode: 1, complete: true });
    const outcomes = new Map(lines.map(({ legacyId, outcome }) => [legacyId, outcome]));
    expect(new Set(made.map(({ _id }) => outcomes.get(String(_id))))).toEqual(new Set(['imported', 'stopped']));
    const stopped = lines.filter(({ outcome }) => outcome === 'stopped');
    expect(stopped.every(({ findings }) => findings?.some(({ rule }) => rule === 'stop') === true)).toBe(true);
    expect(await rollcall.collection('events').countDocuments()).toBe(made.length - stopped.length);
    await verifies();
    expect(await dumpOf(legacy)).toEqual(before);
    // What is imported is the same as what the old system says, however odd that is.
    const again = await migrate('backfill', '--events-at-once', '8');
    expect(again.last).toMatchObject({ outcomes: { equal: made.length - stopped.length, stopped: stopped.length } });
  }, 120_000);

  it('that name what is not there, or come twice, or hold no text, are told of', async () => {
    await prepare();
    const world = legacyWorld({ events: 1, people: { kind: 'fixed', perEvent: 5 } });
    const { event, registrations } = world.eventAt(0);
    const [one, two, three] = registrations;
    if (one === undefined || two === undefined || three === undefined) throw new Error('too few');
    await legacy.collection('users').insertMany([...world.users()] as Document[]);
    await legacy.collection('events').insertOne(event);
    await legacy
      .collection('registrations')
      .insertMany([
        ...registrations,
        { ...one, _id: new ObjectId() },
        { ...two, _id: new ObjectId(), eventId: new ObjectId() },
        { ...two, _id: new ObjectId(), userId: new ObjectId() },
        { ...three, _id: new ObjectId(), notes: 'half \uD83D', registrationDate: new Date(8.64e15) },
      ]);
    const bytes = Buffer.from(
      BSON.serialize({ ...three, _id: new ObjectId(), notes: 'xx yy', userId: new ObjectId() }),
    );
    bytes.fill(0xff, bytes.indexOf('xx yy'), bytes.indexOf('xx yy') + 2);
    await insertRaw(legacy, 'registrations', [bytes]);

    const assessed = await migrate('assess');
    expect(assessed.lines).toContainEqual(expect.objectContaining({ type: 'orphans', count: 1 }));
    const kinds = assessed.lines.find(({ type }) => type === 'event')?.findings?.map(({ kind }) => kind);
    expect(kinds).toEqual(expect.arrayContaining(['document-repeat', 'unknown-user', 'date-unusable', 'text-changed']));
    expect(await migrate('backfill')).toMatchObject({ exitCode: 0, last: { complete: true } });
    await verifies();
    expect(await migrate('backfill')).toMatchObject({ last: { outcomes: { equal: 1 } } });
  }, 60_000);

  it('of an event of nearly 16 MB go all the way and back, in bounded memory', async () => {
    await prepare();
    const _id = new ObjectId();
    const entries = Array.from({ length: 80_000 }, (_, number) => ({
      userId: new ObjectId(number.toString(16).padStart(24, '0')),
      username: `user${number}`,
      firstName: 'A'.repeat(20),
      lastName: `Long${'x'.repeat(50)}${number}`,
    }));
    const roles = [{ id: 'all', name: 'All', maxParticipants: 100_000, currentSignups: entries }];
    const event = {
      _id,
      title: 'Fair',
      date: '2030-06-01',
      time: '09:00',
      endTime: '17:00',
      createdBy: new ObjectId(),
      status: 'upcoming',
      roles,
      createdAt: new Date(),
    };
    const padding = 15_900_000 - BSON.calculateObjectSize(event);
    await legacy.collection('events').insertOne({ ...event, padding: 'x'.repeat(Math.max(0, padding)) });
    const before = await dumpOf(legacy);
    const all = ['--event', _id.toHexString()];
    expect(await migrate('backfill')).toMatchObject({
      exitCode: 0,
      last: { complete: true, outcomes: { imported: 1 } },
    });
    expect(await rollcall.collection('registrations').countDocuments()).toBe(80_000);
    expect(await migrate('cutover', ...all)).toMatchObject({ exitCode: 0, last: { outcomes: { opened: 1 } } });
    expect(await migrate('rollback', ...all)).toMatchObject({ exitCode: 0, last: { outcomes: { 'given-back': 1 } } });
    expect(await dumpOf(legacy)).toEqual(before);
  }, 180_000);
});

describe('a database', () => {
  it('without collections is refused, and one without documents is soon done', async () => {
    for (const step of ['assess', 'backfill', 'shadow']) {
      const { exitCode, stderr, last } = await migrate(step);
      expect({ exitCode, stderr, last }).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining('is empty'),
        last: { complete: false },
      });
    }
    expect(await dumpOf(rollcall)).toEqual(new Map());
    await prepare();
    for (const [step, ...args] of [
      ['assess'],
      ['backfill'],
      ['shadow', '--until-equal'],
      ['cutover', '--all'],
      ['rollback', '--all'],
    ] as const) {
      expect(await migrate(step, ...args)).toMatchObject({ exitCode: 0, last: { complete: true } });
    }
  }, 60_000);
});

describe('a server', () => {
  const children: ChildProcess[] = [];
  let binary = '';
  beforeAll(async () => {
    const shared = new MongoClient(inject('mongodbUrl'));
    const { argv } = await shared.db('admin').command({ getCmdLineOpts: 1 });
    binary = (argv as readonly string[])[0] ?? '';
    await shared.close();
  });
  afterAll(async () => {
    for (const child of children) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    }
  });

  async function start(...args: readonly string[]): Promise<string> {
    const port = await freePort();
    const dbpath = await mkdtemp(join(folder, 'mongod'));
    const listens = ['--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
    children.push(
      spawn(binary, [...listens, '--dbpath', dbpath, '--wiredTigerCacheSizeGB', '0.25', ...args], { stdio: 'ignore' }),
    );
    return `127.0.0.1:${port}`;
  }
  const nothing = 'the server of the tests runs elsewhere: no other one can be started from its program';

  it('that is no replica set is refused', async ({ skip }) => {
    skip(!existsSync(binary), nothing);
    env = { ...env, LEGACY_MONGODB_URL: `mongodb://${await start()}/?directConnection=true` };
    const { exitCode, stderr, last } = await migrate('backfill');
    expect({ exitCode, stderr, last }).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('is no replica set'),
      last: { complete: false },
    });
    expect(await dumpOf(rollcall)).toEqual(new Map());
  }, 60_000);

  it('that lets nobody write refuses what has to write, before it begins', async ({ skip }) => {
    skip(!existsSync(binary), nothing);
    const keyFile = join(folder, 'key');
    await writeFile(keyFile, 'a'.repeat(32), { mode: 0o400 });
    const host = await start('--replSet', 'rs0', '--auth', '--keyFile', keyFile);
    await using local = new MongoClient(`mongodb://${host}/?directConnection=true`);
    const admin = local.db('admin');
    await admin.command({ replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host }] } });
    await expect.poll(async () => (await admin.command({ hello: 1 }))['isWritablePrimary'] as unknown).toBe(true);
    await admin.command({ createUser: 'root', pwd: 'pw', roles: ['root'] });
    await using root = new MongoClient(`mongodb://root:pw@${host}/?directConnection=true`);
    const old = root.db(legacy.databaseName);
    await root
      .db('admin')
      .command({ createUser: 'reader', pwd: 'pw', roles: [{ role: 'read', db: old.databaseName }] });
    for (const collection of ['events', 'registrations', 'users']) await old.createCollection(collection);
    await old.collection('registrations').createIndex({ eventId: 1 });
    env = { ...env, LEGACY_MONGODB_URL: `mongodb://reader:pw@${host}/?directConnection=true` };
    expect(await migrate('backfill')).toMatchObject({ exitCode: 0 });
    const before = await dumpOf(rollcall);
    for (const [step, right, ...args] of [
      ['cutover', 'freeze', '--all'],
      ['mirror', 'write', '--once'],
      ['rollback', 'write', '--all'],
    ] as const) {
      const { exitCode, stderr, last } = await migrate(step, ...args);
      expect({ exitCode, stderr, last }).toMatchObject({
        exitCode: 2,
        stderr: expect.stringContaining(`rights to ${right} are missing`),
        last: { complete: false },
      });
    }
    expect(await dumpOf(rollcall)).toEqual(before);
  }, 60_000);
});
