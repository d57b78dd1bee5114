import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@rollcall/infra';
import { LegacyProblem } from '@rollcall/migration';
import { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createLegacyStore } from './legacy-store.ts';
import { namesOf, testLegacy, type TestLegacy } from './testing.ts';

describe('the collections', () => {
  let legacy: TestLegacy;
  beforeEach(async () => {
    legacy = await testLegacy(inject('mongodbUrl'));
  });
  afterEach(() => legacy.drop());
  const check = () => legacy.store.check(['read', 'freeze', 'write', 'restore']);

  it('are all right', async () => {
    await expect(check()).resolves.toBeUndefined();
  });

  it('are missing', async () => {
    await legacy.events.drop();
    await expect(check()).rejects.toThrow(`there is no collection ${legacy.names.database}.events`);
    await legacy.db.dropDatabase();
    await expect(check()).rejects.toThrow('is empty');
  });

  it('are views', async () => {
    await legacy.events.drop();
    await legacy.db.createCollection('events', { viewOn: 'users', pipeline: [] });
    await expect(check()).rejects.toThrow('is a view');
  });

  it('are found by no index', async () => {
    await legacy.registrations.dropIndexes();
    await legacy.registrations.createIndex({ userId: 1, eventId: 1 });
    await legacy.registrations.createIndex({ eventId: 1 }, { sparse: true });
    await expect(check()).rejects.toThrow('createIndex({ "eventId": 1 })');
    await expect(check()).rejects.toBeInstanceOf(LegacyProblem);
  });

  it("are Rollcall's own", async () => {
    const taken = [`${legacy.names.database}.registrations`];
    const store = createLegacyStore(legacy.client, legacy.names, { taken });
    await expect(store.check(['read'])).rejects.toThrow("one of Rollcall's own");
  });
});

const noBinary = 'the server of the tests runs elsewhere: no other one can be started from its program';

describe('a server', () => {
  let folder: string;
  let binary: string;
  const clients: MongoClient[] = [];
  const children: ChildProcess[] = [];
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rollcall-mongod-'));
    const shared = await new MongoClient(inject('mongodbUrl')).connect();
    clients.push(shared);
    const { argv } = await shared.db('admin').command({ getCmdLineOpts: 1 });
    binary = (argv as readonly string[])[0] ?? '';
  });
  afterAll(async () => {
    for (const client of clients) await client.close();
    for (const child of children) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    }
    await rm(folder, { recursive: true, force: true });
  });

  async function start(name: string, args: readonly string[]) {
    const port = await freePort();
    const dbpath = await mkdtemp(join(folder, name));
    const listens = ['--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket'];
    children.push(
      spawn(binary, [...listens, '--dbpath', dbpath, '--wiredTigerCacheSizeGB', '0.25', ...args], { stdio: 'ignore' }),
    );
    return (credentials = '') => {
      const url = `mongodb://${credentials}127.0.0.1:${port}/?directConnection=true`;
      const client = new MongoClient(url, { serverSelectionTimeoutMS: 15_000 });
      clients.push(client);
      return client;
    };
  }

  it('that is no replica set is refused with what to do', async ({ skip }) => {
    skip(!existsSync(binary), noBinary);
    const connect = await start('standalone', []);
    const checking = createLegacyStore(connect(), namesOf('old')).check(['read']);
    await expect(checking).rejects.toThrow('is no replica set');
  });

  it('that wants to know who connects tells which rights are missing for what', async ({ skip }) => {
    skip(!existsSync(binary), noBinary);
    const keyFile = join(folder, 'key');
    await writeFile(keyFile, 'a'.repeat(32), { mode: 0o400 });
    const connect = await start('auth', ['--replSet', 'rs0', '--auth', '--keyFile', keyFile]);
    const admin = connect().db('admin');
    await admin.command({
      replSetInitiate: { _id: 'rs0', members: [{ _id: 0, host: admin.client.options.hosts[0]?.toString() ?? '' }] },
    });
    await expect.poll(async () => (await admin.command({ hello: 1 }))['isWritablePrimary'] as unknown).toBe(true);
    await admin.command({ createUser: 'root', pwd: 'pw', roles: ['root'] });
    const root = connect('root:pw@').db('admin');
    const roles = (...names: readonly string[]) => names.map((role) => ({ role, db: 'old' }));
    await root.command({ createUser: 'none', pwd: 'pw', roles: [] });
    await root.command({ createUser: 'reader', pwd: 'pw', roles: roles('read') });
    await root.command({ createUser: 'writer', pwd: 'pw', roles: roles('readWrite') });
    await root.command({ createUser: 'owner', pwd: 'pw', roles: roles('readWrite', 'dbAdmin') });
    const old = root.client.db('old');
    for (const name of ['events', 'registrations', 'users']) await old.createCollection(name);
    await old.collection('registrations').createIndex({ eventId: 1 });
    const all = ['read', 'freeze', 'write', 'restore'] as const;
    const checkAs = (credentials: string) => createLegacyStore(connect(credentials), namesOf('old')).check(all);

    await expect(checkAs('')).rejects.toThrow('a user and a password');
    await expect(checkAs('none:pw@')).rejects.toThrow('rights to read are missing: find on old');
    await expect(checkAs('reader:pw@')).rejects.toThrow('rights to freeze are missing: collMod on old.events');
    await expect(checkAs('writer:pw@')).rejects.toThrow('bypassDocumentValidation on old.events');
    await expect(checkAs('owner:pw@')).resolves.toBeUndefined();
    // What is promised is enough to do it.
    const reader = createLegacyStore(connect('reader:pw@'), namesOf('old'));
    await reader.check(['read']);
    for await (const { changes } of reader.changes(await reader.now(), new AbortController().signal)) {
      expect(changes).toEqual([]);
      break;
    }
    const owner = createLegacyStore(connect('owner:pw@'), namesOf('old'));
    await owner.freezeAll();
    await owner.apply({ event: undefined, inserts: [{ _id: 1, eventId: 1 }], updates: [], deletes: [] });
    await owner.unfreezeAll();
    await owner.backup(join(folder, 'backup'));
    await owner.restore(join(folder, 'backup'), { database: 'old', drop: true });
    await expect(reader.freezeAll()).rejects.toThrow('the right collMod');
  });
});
