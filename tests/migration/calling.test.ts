import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '@rollcall/infra';
import { MongoClient, ObjectId, type Db, type Document } from 'mongodb';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { runCli } from '../support/cli.ts';

let folder: string;
let client: MongoClient;
let legacy: Db;
let rollcall: Db;
let env: Record<string, string>;
const eventId = new ObjectId();
const main = join(import.meta.dirname, '../../apps/cli/src/main.ts');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-migrate-'));
  client = new MongoClient(inject('mongodbUrl'));
  const name = randomBytes(6).toString('hex');
  [legacy, rollcall] = [client.db(`l${name}`), client.db(`t${name}`)];
  for (const collection of ['events', 'registrations', 'users']) await legacy.createCollection(collection);
  await legacy.collection('registrations').createIndex({ eventId: 1 });
  await legacy.collection('events').insertOne(anEvent(eventId));
  await mapping({ database: legacy.databaseName });
  env = { MONGODB_URL: inject('mongodbUrl'), MONGODB_DATABASE: rollcall.databaseName };
});
afterEach(async () => {
  await legacy.dropDatabase();
  await rollcall.dropDatabase();
  await client.close();
  await rm(folder, { recursive: true, force: true });
});

function anEvent(_id: ObjectId): Document & { readonly _id: ObjectId } {
  const roles = [{ id: 'helpers', name: 'Helpers', maxParticipants: 5, currentSignups: [] }];
  const times = { date: '2030-06-01', time: '09:00', endTime: '17:00', createdAt: new Date() };
  return { _id, title: 'Fair', ...times, createdBy: new ObjectId(), status: 'upcoming', roles };
}

const mapping = (json: unknown) => writeFile(join(folder, 'mapping.json'), JSON.stringify(json));
const allOptions = () => ['--mapping', join(folder, 'mapping.json'), '--report', join(folder, 'report.jsonl')];
const migrate = (step: string, ...args: readonly string[]) =>
  runCli({ env }, 'migrate', step, ...allOptions(), ...args);
async function lastLine(): Promise<unknown> {
  const text = await readFile(join(folder, 'report.jsonl'), 'utf8');
  return JSON.parse(text.trim().split('\n').at(-1) ?? '');
}
const collectionsOf = async (db: Db) =>
  (await db.listCollections({}, { nameOnly: true }).toArray()).map(({ name }) => name);

describe('a step', () => {
  it('says that it is done, and ends with 0', async () => {
    expect(await migrate('backfill')).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('1 event with 0 registrations'),
    });
    expect(await lastLine()).toMatchObject({
      type: 'summary',
      step: 'backfill',
      complete: true,
      outcomes: { imported: 1 },
    });
  });

  it('whose mapping is wrong names the entry, and ends with 2', async () => {
    await mapping({ database: legacy.databaseName, event: { titel: 'name' } });
    expect(await migrate('backfill')).toMatchObject({
      exitCode: 2,
      stderr: expect.stringMatching(/mapping\/event: .*titel/),
    });
    expect(await lastLine()).toMatchObject({ complete: false, error: expect.stringContaining('titel') });
    await writeFile(join(folder, 'mapping.json'), '{');
    expect(await migrate('backfill')).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('mapping.json') });
    expect(await collectionsOf(rollcall)).toEqual([]);
  });

  it('whose report can not be written does nothing, and ends with 2', async () => {
    expect(await migrate('backfill', '--report', folder)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining('the report can not be written'),
    });
    expect(await collectionsOf(rollcall)).toEqual([]);
  });

  it('is for some events or for all', async () => {
    for (const step of ['cutover', 'rollback']) {
      for (const args of [[], ['--all', '--event', 'a']]) {
        expect(await migrate(step, ...args)).toMatchObject({
          exitCode: 2,
          stderr: expect.stringContaining('either --event or --all'),
        });
      }
    }
  });

  it('looks and changes nothing where it only looks', async () => {
    expect(await migrate('assess')).toMatchObject({ exitCode: 0 });
    expect(await migrate('status')).toMatchObject({ exitCode: 0 });
    expect(await migrate('backfill', '--dry-run')).toMatchObject({ exitCode: 0 });
    expect(await collectionsOf(rollcall)).toEqual([]);
  });

  it('serves metrics as long as it runs, and is told of a port that is taken', async () => {
    await migrate('backfill');
    const port = await freePort();
    const child = spawn(
      process.execPath,
      [main, 'migrate', 'shadow', ...allOptions(), '--metrics-port', String(port)],
      { env, stdio: 'ignore' },
    );
    const read = async () =>
      fetch(`http://127.0.0.1:${port}/metrics`).then(
        (answer) => answer.text(),
        () => '',
      );
    await expect.poll(read).toMatch(/rollcall_migration_rounds [1-9]/);
    const taken = await migrate('assess', '--metrics-port', String(port));
    child.kill('SIGINT');
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(taken).toMatchObject({ exitCode: 2, stderr: expect.stringContaining(`--metrics-port ${port}`) });
    expect(await lastLine()).toMatchObject({ step: 'shadow', complete: true });
  });
});

describe('an event that is not there', () => {
  const unknown = new ObjectId().toHexString();

  it.each([
    ['assess', 'there is no event'],
    ['backfill', 'there is no event'],
    ['cutover', 'not-shadowed'],
    ['rollback', 'unknown'],
    ['status', 'was not brought over'],
  ])('is told of by %s, which ends with 1', async (step, message) => {
    const { exitCode, stdout } = await migrate(step, '--event', unknown);
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: expect.stringContaining(message) });
    expect(stdout).toContain(unknown);
  });

  it('is told of by shadow, beside one that is', async () => {
    await migrate('backfill');
    const { exitCode, stdout } = await migrate(
      'shadow',
      '--until-equal',
      '--event',
      unknown,
      '--event',
      eventId.toHexString(),
    );
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(`there is no event ${unknown}`),
    });
    expect(await lastLine()).toMatchObject({ complete: true, differing: 0, events: 2 });
  });
});

it('is ended by Ctrl-C between two groups, says so, and is gone on with', async () => {
  await legacy.collection('events').insertMany(Array.from({ length: 3_000 }, () => anEvent(new ObjectId())));
  const child = spawn(process.execPath, [main, 'migrate', 'backfill', ...allOptions(), '--events-at-once', '1'], {
    env,
    stdio: 'ignore',
  });
  const events = rollcall.collection('events');
  while ((await events.estimatedDocumentCount()) === 0) await delay(5);
  child.kill('SIGINT');
  expect(await once(child, 'close')).toEqual([1, null]);
  const done = await events.countDocuments();
  expect(done).toBeLessThan(3_001);
  expect(await lastLine()).toMatchObject({ complete: false, events: done });
});

it('is refused where the collections of both systems would be the same', async () => {
  const before = await collectionsOf(legacy);
  // The same server by another URL.
  const url = new URL(inject('mongodbUrl'));
  url.searchParams.set('appName', 'other');
  env = { ...env, MONGODB_DATABASE: legacy.databaseName, LEGACY_MONGODB_URL: url.href };
  for (const step of ['assess', 'backfill']) {
    expect(await migrate(step)).toMatchObject({
      exitCode: 2,
      stderr: expect.stringContaining("is one of Rollcall's own"),
    });
    expect(await lastLine()).toMatchObject({ complete: false });
  }
  expect(await collectionsOf(legacy)).toEqual(before);
  expect(await legacy.collection('events').indexes()).toHaveLength(1);
});
