import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { legacyWorld } from '../support/legacy/generate.ts';
import { legacyCollections } from '../support/legacy/insert.ts';
import { legacyApp } from '../support/legacy/legacy-app.ts';
import type { Raw } from '../support/legacy/oracle.ts';
import { personOf } from '../support/legacy/people.ts';
import { eventsOf, migrated, opened, startMigrationStage, type MigrationStage } from './stage.ts';

const eventCount = 24;
const world = legacyWorld({
  events: eventCount,
  people: { kind: 'fixed', perEvent: 12 },
  userCount: 200,
  // Events to come, whenever this runs.
  now: Date.UTC(2090, 5, 1, 12),
});
const idOf = (index: number) => world.eventAt(index).event._id.toHexString();
const newcomers = Array.from({ length: 20 }, (_, n) => personOf(1, 1_000 + n));

let stage: MigrationStage;
beforeAll(async () => {
  stage = await startMigrationStage(world);
  const { exitCode, stderr } = await stage.migrate('backfill');
  if (exitCode !== 0) throw new Error(stderr);
});
afterAll(() => stage.stop());

async function phaseOf(index: number): Promise<unknown> {
  const progress = await stage.rollcall.collections.db.collection('migration').findOne({ legacyId: idOf(index) });
  return progress?.['phase'];
}

/** What its editor is told. */
const edit = (index: number, title: string) => legacyApp(stage.legacy).editTitle(world.eventAt(index).event._id, title);
const isDone = { kind: 'done' };
const isFrozen = { kind: 'failed', code: 121, writes: [] };

describe('a cutover', { timeout: 180_000 }, () => {
  it('of an event that no rule covers any more is aborted, says why, and leaves it to the old system; others open', async () => {
    const { registrations } = legacyCollections(stage.legacy);
    const [document] = world.eventAt(0).registrations;
    await registrations.updateOne({ _id: document?._id ?? 0 } as Raw, { $set: { roleId: 'no-such-role' } });
    const { exitCode, events } = await stage.migrate('cutover', '--event', idOf(0), '--event', idOf(1));
    expect(exitCode).toBe(1);
    expect(events.toSorted((a, b) => (String(a['legacyId']) < String(b['legacyId']) ? -1 : 1))).toMatchObject([
      { legacyId: idOf(0), outcome: 'aborted', stops: [{ kind: 'unknown-role', count: 1 }] },
      { legacyId: idOf(1), outcome: 'opened' },
    ]);
    expect(await edit(0, 'Still here')).toMatchObject(isDone);
    expect(await edit(1, 'Not here')).toMatchObject(isFrozen);
    expect(await phaseOf(1)).toBe('cut-over');
    expect((await eventsOf(stage))[0]).toMatchObject({ status: 'draft' });
    // Put right, it opens like the others.
    await registrations.updateOne({ _id: document?._id ?? 0 } as Raw, { $set: { roleId: document?.roleId ?? '' } });
    expect((await stage.migrate('cutover', '--event', idOf(0))).events).toMatchObject([{ outcome: 'opened' }]);
  });

  it('that was killed after freezing is given back by --abort, and by another try gone on with', async () => {
    for (const point of ['cutover-frozen', 'cutover-equal']) {
      expect((await stage.migrateUntil(point, 'cutover', '--event', idOf(2), '--event', idOf(3))).signal).toBe(
        'SIGKILL',
      );
      expect(await edit(2, 'While it hangs')).toMatchObject(isFrozen);
      expect(await phaseOf(2)).toBe('cutting-over');
      expect((await stage.migrate('cutover', '--abort')).summary).toMatchObject({ aborted: 2 });
      expect(await edit(2, `After ${point}`)).toMatchObject(isDone);
      expect(await phaseOf(2)).toBe('shadowed');
    }
    const killed = await stage.migrateUntil('cutover-opened', 'cutover', '--event', idOf(2), '--event', idOf(3));
    expect(killed.signal).toBe('SIGKILL');
    // What Rollcall leads stays there.
    expect((await stage.migrate('cutover', '--abort')).summary).toMatchObject({ aborted: 1 });
    expect([await edit(2, 'Too late'), await edit(3, 'In time')]).toMatchObject([isFrozen, isDone]);
    expect((await stage.migrate('cutover', '--event', idOf(2), '--event', idOf(3))).events).toMatchObject([
      { legacyId: idOf(2), outcome: 'led' },
      { legacyId: idOf(3), outcome: 'opened' },
    ]);
    const [second] = (await eventsOf(stage)).slice(2);
    expect(second?.held?.title).toBe('After cutover-equal');
  });

  it('by two processes at once, beside two shadows, opens each event once, and users get in as it opens', async () => {
    const shadows = [stage.start('shadow', '--settle-ms', '10'), stage.start('shadow', '--settle-ms', '10')];
    const events = (await eventsOf(stage)).slice(4);
    let cut = false;
    // Each knocks at one event until it lets them in.
    const knocking = newcomers.map(async (person, n) => {
      const event = events[n];
      const client = await stage.client(person.userId.toHexString());
      const roleId = event?.held?.roles[0]?.roleId.replaceAll('-', '') ?? '';
      for (;;) {
        const isOver = cut;
        const result = await client.signUpForEvent(event?.eventId ?? '', { roleId }, { waitSeconds: 10 });
        if (result.kind === 'decided' || isOver) return result;
      }
    });
    const both = await Promise.all([
      stage.migrate('cutover', '--all', '--together', '4'),
      stage.migrate('cutover', '--all', '--together', '3'),
    ]);
    cut = true;
    for (const { exitCode, stdout, stderr } of both) expect(exitCode, stdout + stderr).toBe(0);
    for (const result of await Promise.all(knocking)) expect(result).toMatchObject({ kind: 'decided' });
    for (const { child } of shadows) child.kill('SIGTERM');
    for (const { ended } of shadows) {
      const { summary, stderr } = migrated(await ended);
      expect(summary, stderr).toMatchObject({ complete: true, differing: 0, afterFreeze: 0 });
    }
    expect(await stage.rollcall.collections.db.collection('migration').countDocuments({ phase: 'cut-over' })).toBe(
      eventCount,
    );
    for (const { legacyId, held, said } of await eventsOf(stage)) {
      if (said.stops !== undefined) throw new Error(said.stops);
      const known = new Set(newcomers.map(({ userId }) => userId.toHexString()));
      const rows = held?.rows.filter(({ userId }) => !known.has(userId));
      expect(rows, legacyId).toEqual(opened(said).rows);
    }
    for (let index = 0; index < eventCount; index += 1) expect(await edit(index, 'Late')).toMatchObject(isFrozen);
    const finished = { 'domainEvents.type': 'ImportFinished' };
    const journal = stage.rollcall.collections.db.collection('journal');
    expect(await journal.countDocuments(finished)).toBe(eventCount);
    expect(await stage.verify()).toBe(0);
  });

  it('can not keep anybody from deleting: the shadow tells of it', async () => {
    const { registrations } = legacyCollections(stage.legacy);
    const [document] = world.eventAt(5).registrations;
    expect(await registrations.deleteOne({ _id: document?._id ?? 0 } as Raw)).toMatchObject({ deletedCount: 1 });
    const { exitCode, lines, summary } = await stage.migrate('shadow', '--until-equal', '--pause-ms', '3000');
    expect(summary).toMatchObject({ afterFreeze: 1 });
    expect(lines.filter(({ type }) => type === 'after-freeze')).toMatchObject([
      { collection: 'registrations', operation: 'delete', registrationId: document?._id.toHexString() },
    ]);
    expect(exitCode).toBe(1);
    expect(await stage.verify()).toBe(0);
  });
});
