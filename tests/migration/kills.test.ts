import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Document, ObjectId } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { migrationPoints } from '@rollcall/migration';
import { legacyWorld } from '../support/legacy/generate.ts';
import { legacyApp, type Place } from '../support/legacy/legacy-app.ts';
import type { Ledger } from '../support/legacy/ledger.ts';
import type { Held, Raw } from '../support/legacy/oracle.ts';
import { personOf } from '../support/legacy/people.ts';
import {
  usualMix,
  writeSteadily,
  type WriterEvent,
  type WriterOptions,
  type Written,
} from '../support/legacy/write-steadily.ts';
import { startDeletions, type Deletions } from './deletions.ts';
import { eventsOf, opened, startMigrationStage, type Event, type MigrationStage } from './stage.ts';

const eventCount = 12;
const perSecond = 200;
const world = legacyWorld({
  events: eventCount,
  people: { kind: 'fixed', perEvent: 12 },
  userCount: 200,
  // Events to come, whenever this runs.
  now: Date.UTC(2090, 5, 1, 12),
});
const legacyEvents = Array.from({ length: eventCount }, (_, index) => world.eventAt(index));
/** Nobody of those who are there before; three groups of them that never meet. */
const peopleFrom = (first: number, count: number) =>
  [personOf(1, first), ...Array.from({ length: count - 1 }, (_, n) => personOf(1, first + 1 + n))] as const;
const beforeCutover = peopleFrom(1_000, 500);
const inRollcall = peopleFrom(2_000, eventCount);
const duringRollback = peopleFrom(3_000, 500);

let stage: MigrationStage;
let deletions: Deletions;
const running = new AbortController();
beforeAll(async () => {
  stage = await startMigrationStage(world);
  deletions = await startDeletions(stage.legacy);
});
afterAll(async () => {
  running.abort();
  await deletions.stop();
  await stage.stop();
});

/** Writes to all events of the old system until it is told to end. */
function write(people: typeof beforeCutover, mix: Required<WriterOptions>['mix']): () => Promise<Written> {
  const [first, ...others] = legacyEvents.map(({ event }): WriterEvent => {
    const [roleId = '', ...roleIds] = event.roles.map(({ id }) => id);
    return { eventId: event._id, roleIds: [roleId, ...roleIds] };
  });
  if (first === undefined) throw new Error('there is no event');
  const end = new AbortController();
  const signal = AbortSignal.any([end.signal, running.signal]);
  const app = legacyApp(stage.legacy, { pauseMsMax: 5 });
  const writing = writeSteadily(app, { events: [first, ...others], people, perSecond, mix, signal });
  return () => {
    end.abort();
    return writing;
  };
}

const reached = new Set<string>();
async function killed(point: string, ...args: readonly string[]): Promise<void> {
  const { signal, stdout, stderr } = await stage.migrateUntil(point, ...args);
  expect(signal, `${point}: ${stdout} ${stderr}`).toBe('SIGKILL');
  reached.add(point.split(':')[0] ?? point);
}

async function ended(...args: readonly string[]) {
  const ran = await stage.migrate(...args);
  expect(ran.summary, ran.stdout + ran.stderr).toMatchObject({ complete: true });
  return ran;
}

const keyOf = ({ eventId, person }: Pick<Place, 'eventId' | 'person'>) =>
  `${eventId.toHexString()} ${person.userId.toHexString()}`;

/** What people were told last is so. @param told who is in Rollcall although the old system deleted him: it was said so */
function expectLedger(ledger: Ledger, events: readonly Event[], told: ReadonlySet<string> = new Set()): void {
  const rows = events.flatMap(({ legacyId, held }) => (held?.rows ?? []).map((row) => ({ legacyId, ...row })));
  const rowsOf = Map.groupBy(rows, ({ legacyId, userId }) => `${legacyId} ${userId}`);
  const lost = [...ledger.standings()].filter(({ place, status }) => {
    const [row, ...more] = rowsOf.get(keyOf(place)) ?? [];
    return row?.roleId !== place.roleId || more.length > 0 || (status === 'confirmed' && row.status !== status);
  });
  expect(lost).toEqual([]);
  expect([...ledger.gone()].filter((place) => rowsOf.has(keyOf(place)) && !told.has(keyOf(place)))).toEqual([]);
}

function expectOpened(events: readonly Event[]): void {
  for (const { said, held } of events) {
    if (said.stops !== undefined) throw new Error(said.stops);
    expect(held).toEqual(opened(said));
  }
}

const leading = () => stage.rollcall.collections.db.collection('migration').countDocuments({ phase: 'cut-over' });

describe('a migration that is killed at each of its points, beside 200 writes a second', { timeout: 400_000 }, () => {
  it('has each signup once when Rollcall leads, and names each deletion that came too late', async () => {
    const endWriting = write(beforeCutover, usualMix);
    await ended('backup', '--folder', join(stage.folder, 'before'));
    await killed('backfill-point-stored', 'backfill');
    await killed('import-before-commit:3', 'backfill');
    await killed('import-after-commit:3', 'backfill');
    await killed('backfill-imported', 'backfill');
    await ended('backfill');
    await killed('shadow-brought-over:5', 'shadow', '--settle-ms', '50');
    await killed('shadow-point-stored:5', 'shadow', '--settle-ms', '50');
    const report = join(stage.folder, 'shadow.jsonl');
    const shadow = stage.start('shadow', '--settle-ms', '50', '--report', report);
    const late: Raw[] = [];
    for (const point of ['cutover-begun', 'cutover-frozen', 'cutover-equal', 'cutover-opened']) {
      await killed(point, 'cutover', '--all', '--together', '3');
    }
    for (let attempt = 1; (await leading()) < eventCount; attempt += 1) {
      // An event that was written to in between is given back, and opens another time.
      expect(attempt).toBeLessThan(20);
      const { events } = await ended('cutover', '--all', '--together', '3');
      late.push(...events.filter(({ outcome }) => outcome === 'changed-after-freeze'));
    }
    const { ledger, frozen } = await endWriting();
    expect(frozen).toBeGreaterThan(0);

    // The last write of all: when the shadow has told of it, it has told of all.
    const last = await stage.legacy
      .collection('registrations')
      .findOne({ userId: legacyEvents[0]?.registrations[0]?.userId });
    await stage.legacy.collection('registrations').deleteOne({ _id: last?._id ?? 0 } as Raw);
    // By half a minute the shadow was behind on a machine that others use.
    await expect.poll(async () => readFile(report, 'utf8'), { timeout: 120_000 }).toContain(String(last?._id));
    shadow.child.kill('SIGTERM');
    await shadow.ended;
    const lines = (await readFile(report, 'utf8')).trimEnd().split('\n');
    late.push(...lines.map((line) => JSON.parse(line) as Raw).filter(({ type }) => type === 'after-freeze'));

    const told = await deletedLate(late);
    const events = await eventsOf(stage, told);
    expectOpened(events);
    expectLedger(ledger, events, new Set(told.map(({ eventId, userId }) => `${String(eventId)} ${String(userId)}`)));
    expect(await stage.verify()).toBe(0);
  });

  /** The documents that a report of late deletions is about, as they were. */
  async function deletedLate(late: readonly Raw[]): Promise<readonly Document[]> {
    const differences = late.flatMap((line) => (line['differences'] ?? []) as readonly Raw[]);
    const named = [...late, ...differences].map(({ registrationId }) => String(registrationId));
    const { registrations } = stage.rollcall.collections;
    const ours = await registrations.find({ _id: { $in: named } } as Raw).toArray();
    const legacyIds = new Set([...named, ...ours.map((one) => String((one as unknown as Raw)['legacyId']))]);
    for (const { legacyId } of differences) legacyIds.add(String(legacyId));
    return (await deletions.soFar()).filter(({ _id }) => legacyIds.has(String(_id)));
  }

  let had: ReadonlyMap<string, Held | undefined>;
  it('mirror and cleanup end where they would have ended', async () => {
    for (const [index, { event }] of legacyEvents.entries()) {
      const { _id: eventId, roles } = await rollcallEvent(event._id);
      const newcomer = await stage.client(String(inRollcall[index]?.userId));
      const signUp = { roleId: roles[0]?.roleId ?? '', notes: 'Came by Rollcall' };
      expect(await newcomer.signUpForEvent(eventId, signUp, { waitSeconds: 20 })).toMatchObject({ kind: 'decided' });
    }
    had = new Map((await eventsOf(stage)).map(({ legacyId, held }) => [legacyId, held]));
    await killed('mirror-originals-kept', 'mirror', '--once');
    await killed('mirror-written:3', 'mirror', '--once');
    // Until it is certain that the killed one writes no more.
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    await ended('mirror', '--once');
    for (const { _id, roles } of await stage.legacy.collection('events').find().toArray()) {
      const lists = roles as readonly { id: string; currentSignups: readonly { userId: ObjectId }[] }[];
      const listed = lists.flatMap(({ id, currentSignups }) =>
        currentSignups.map(({ userId }) => `${id} ${String(userId)}`),
      );
      const seats = had.get(String(_id))?.rows.filter(({ status }) => status === 'confirmed') ?? [];
      expect(listed.toSorted()).toEqual(seats.map(({ roleId, userId }) => `${roleId} ${userId}`).toSorted());
    }
    await ended('backup', '--folder', join(stage.folder, 'after'));
    await killed('cleanup-removed', 'cleanup', '--yes');
    await ended('cleanup', '--yes');
    expect(await stage.legacy.collection('events').countDocuments({ 'roles.currentSignups': { $exists: true } })).toBe(
      0,
    );
    expect(await stage.verify()).toBe(0);
  });

  it('rollback gives back all that Rollcall had, and keeps what the old system is told from then on', async () => {
    // Whoever was there before keeps still, so that it can be said what is to be there.
    const mix = { ...usualMix, promote: 0, changeCapacity: 0, editTitle: 0 };
    const endWriting = write(duringRollback, mix);
    const left = legacyEvents.map(({ event }) => event._id.toHexString());
    for (const point of migrationPoints.filter((name) => name.startsWith('rollback-'))) {
      const legacyId = left.shift() ?? '';
      await killed(point, 'rollback', '--event', legacyId);
      await ended('rollback', '--event', legacyId);
    }
    await ended('rollback', '--all');
    const { ledger, frozen, done } = await endWriting();
    expect(frozen).toBeGreaterThan(0);
    expect(done).toBeGreaterThan(0);
    await ended('shadow', '--until-equal');

    const events = await eventsOf(stage);
    const isNew = new Set(duringRollback.map(({ userId }) => userId.toHexString()));
    for (const { legacyId, said, held } of events) {
      expect(held).toEqual(said);
      const rows = held?.rows.filter(({ userId }) => !isNew.has(userId));
      expect(rows).toEqual(had.get(legacyId)?.rows);
    }
    expectLedger(ledger, events);
    expect(await stage.verify()).toBe(0);
    expect((await ended('cutover', '--all')).summary).toMatchObject({ outcomes: { opened: eventCount } });
    expectOpened(await eventsOf(stage));
    expect(await stage.verify()).toBe(0);
  });

  it('was killed at each point that there is', () => {
    expect([...reached].toSorted()).toEqual(migrationPoints.toSorted());
  });
});

async function rollcallEvent(legacyId: ObjectId) {
  const found = await stage.rollcall.collections.events.findOne({ legacyId: legacyId.toHexString() } as Raw);
  if (found === null) throw new Error(`Rollcall has no event ${legacyId.toHexString()}`);
  return found as unknown as { readonly _id: string; readonly roles: readonly { readonly roleId: string }[] };
}
