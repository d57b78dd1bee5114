import { randomBytes } from 'node:crypto';
import type { Db } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../support/cli.ts';
import { legacyWorld } from '../support/legacy/generate.ts';
import { insertLegacy, legacyCollections } from '../support/legacy/insert.ts';
import { heldByRollcall, oracle } from '../support/legacy/oracle.ts';
import { startOnSharedServers, type Rollcall } from '../support/rollcall.ts';

let rollcall: Rollcall;
let legacy: Db;
beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
  legacy = rollcall.collections.client.db(`legacy${randomBytes(6).toString('hex')}`);
});
afterAll(async () => {
  await legacy.dropDatabase();
  await rollcall.stop();
});

it('walks', async () => {
  const world = legacyWorld({
    events: 30,
    people: { kind: 'fixed', perEvent: 40 },
    wanted: { 'array-only': 5, 'document-only': 5 },
  });
  await insertLegacy(legacy, world);
  const { writeFile } = await import('node:fs/promises');
  await writeFile('/tmp/mapping.json', JSON.stringify({ database: legacy.databaseName }));
  for (const args of [
    ['assess'],
    ['backfill'],
    ['backfill'],
    ['shadow', '--until-equal'],
    ['status'],
    ['cutover', '--all'],
    ['status'],
    ['rollback', '--all'],
    ['status'],
  ]) {
    const ran = await runCli(rollcall, 'migrate', ...args, '--mapping', '/tmp/mapping.json');
    process.stderr.write(`== ${args.join(' ')} → ${ran.exitCode}\n${ran.stdout}\n${ran.stderr}\n`);
  }
  const ran = await runCli(rollcall, 'verify');
  process.stderr.write(ran.stdout + ran.stderr);
  expect(ran.exitCode).toBe(0);
  void [describe, legacyCollections, heldByRollcall, oracle];
});
