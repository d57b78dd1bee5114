import { describe, expect, it } from 'vitest';
import { backfill } from './backfill.ts';
import { bringOver, RestlessEventError } from './bring-over.ts';
import { assess, type AssessedEvent } from './assess.ts';
import {
  documentIdNo,
  eventDocument,
  eventIdNo,
  userIdNo,
  importedWorld,
  phaseOf,
  registrationDocument,
  settings,
  statusesOf,
  worldOf,
} from './testing-world.ts';
import type { LegacyId } from '../legacy.ts';

const one = eventIdNo(1);
const first = async (world: Awaited<ReturnType<typeof importedWorld>>) =>
  (await bringOver(world.ports, settings, [one]))[0];

describe('an event', () => {
  it('is brought over, and nothing is done when it is the same', async () => {
    const world = worldOf(1);
    expect(await first(world)).toMatchObject({ outcome: 'imported', differed: 3 });
    expect(phaseOf(world, 1)).toBe('shadowed');
    expect(await first(world)).toMatchObject({ outcome: 'equal', version: 3 });
    expect(world.calls.filter((call) => call === 'rollcall.apply')).toHaveLength(1);
  });

  it("is read on Rollcall's side first, and its progress last", async () => {
    const world = await importedWorld(1);
    await first(world);
    const reads = ['rollcall.readHeld', 'legacy.readEvents', 'state.find'];
    expect(world.calls.filter((call) => reads.includes(call))).toEqual(reads);
  });

  it('that moves meanwhile is looked at again', async () => {
    const world = await importedWorld(1);
    world.write('registrations', registrationDocument(13, 1));
    let moves = 0;
    world.before = (call) => {
      if (call !== 'rollcall.apply' || moves >= 2) return;
      moves += 1;
      world.change(one, (held) => held);
    };
    expect(await first(world)).toMatchObject({ outcome: 'imported', differed: 1 });
    expect(statusesOf(world, 1)).toHaveLength(3);
  });

  it('that never holds still is given up', async () => {
    const world = await importedWorld(1);
    world.write('registrations', registrationDocument(13, 1));
    world.before = (call) => {
      if (call === 'rollcall.apply') world.change(one, (held) => held);
    };
    await expect(first(world)).rejects.toBeInstanceOf(RestlessEventError);
  });

  it('of two that look at once, what the slower one has seen does not come back', async () => {
    const world = await importedWorld(1);
    world.write('registrations', registrationDocument(13, 1));
    let isFirst = true;
    world.after = async (call) => {
      if (call !== 'legacy.readEvents' || !isFirst) return;
      isFirst = false;
      // The other one sees that it went away again and somebody else came, and is done first.
      world.remove('registrations', documentIdNo(13));
      world.write('registrations', registrationDocument(14, 1));
      await first(world);
    };
    expect(await first(world)).toMatchObject({ outcome: 'equal' });
    const users = world.heldOf(one)?.registrations.map(({ userId }) => userId);
    expect(users?.toSorted()).toEqual([11, 12, 14].map(userIdNo));
  });

  it.each(['cutting-over', 'cut-over', 'cleaned', 'rolling-back', 'giving-back'] as const)(
    'that is %s is left alone',
    async (phase) => {
      const world = await importedWorld(1);
      const progress = world.progress.get(one);
      if (progress !== undefined) world.progress.set(one, { ...progress, phase });
      world.write('registrations', registrationDocument(13, 1));
      expect(await first(world)).toMatchObject({ outcome: 'led' });
      expect(statusesOf(world, 1)).toHaveLength(2);
      const [allowed] = await bringOver(world.ports, settings, [one], [phase]);
      expect(allowed).toMatchObject({ outcome: 'imported' });
      // One that is being cut over stays so.
      expect(phaseOf(world, 1)).toBe(phase === 'cutting-over' ? phase : 'shadowed');
    },
  );

  it('whose cutover begins meanwhile stays one that is being cut over', async () => {
    const world = await importedWorld(1);
    // A finding more, and nothing that differs.
    world.write('events', eventDocument(1, { signedUp: 7 }));
    let isFirst = true;
    world.after = (call) => {
      const progress = world.progress.get(one);
      if (call !== 'state.find' || !isFirst || progress === undefined) return;
      isFirst = false;
      world.progress.set(one, { ...progress, phase: 'cutting-over' });
    };
    expect(await first(world)).toMatchObject({ outcome: 'led' });
    expect(phaseOf(world, 1)).toBe('cutting-over');
  });

  it('that no rule covers is stopped, and goes on once it is put right', async () => {
    const world = worldOf(1);
    world.write('registrations', registrationDocument(13, 1, { roleId: 'nowhere' }));
    expect(await first(world)).toMatchObject({ outcome: 'stopped' });
    expect([phaseOf(world, 1), world.heldOf(one)]).toEqual(['stopped', undefined]);
    expect(world.progress.get(one)?.findings).toMatchObject({ 'unknown-role': 1 });
    world.write('registrations', registrationDocument(13, 1));
    expect(await first(world)).toMatchObject({ outcome: 'imported' });
    expect(phaseOf(world, 1)).toBe('shadowed');
  });

  it('that is deleted goes, and one that never was is nothing', async () => {
    const world = await importedWorld(2);
    world.remove('events', one);
    const brought = await bringOver(world.ports, settings, [one, eventIdNo(2), eventIdNo(9)]);
    expect(brought.map(({ outcome }) => outcome)).toEqual(['removed', 'equal', 'absent']);
    expect([world.heldOf(one), phaseOf(world, 1)]).toEqual([undefined, undefined]);
  });
});

describe('a backfill', () => {
  const run = (world: ReturnType<typeof worldOf>, more: Partial<Parameters<typeof backfill>[1]> = {}) => {
    const told: string[] = [];
    const options = { ...settings, dryRun: false, signal: new AbortController().signal, ...more };
    return backfill(world.ports, options, ({ outcome }) => told.push(outcome)).then((unusable) => ({ told, unusable }));
  };

  it('notes where following begins before the first event is read, and once', async () => {
    const world = worldOf(3);
    const { told } = await run(world);
    expect(told).toEqual(['imported', 'imported', 'imported']);
    expect(world.calls.indexOf('@backfill-point-stored')).toBeLessThan(world.calls.indexOf('legacy.readEvents'));
    const { resumePoint } = world.run;
    world.write('registrations', registrationDocument(13, 1));
    expect((await run(world)).told.toSorted()).toEqual(['equal', 'equal', 'imported']);
    expect(world.run.resumePoint).toBe(resumePoint);
  });

  it('changes nothing when it is dry', async () => {
    const world = worldOf(2);
    world.write('registrations', registrationDocument(23, 2, { roleId: 'nowhere' }));
    expect((await run(world, { dryRun: true })).told).toEqual(['imported', 'stopped']);
    expect([world.run, world.held.size, world.progress.size]).toEqual([{}, 0, 0]);
    expect(world.calls.filter((call) => call.startsWith('@'))).toEqual(['@backfill-imported']);
  });

  it('says of a dry run what a real one would', async () => {
    const world = await importedWorld(4);
    world.write('registrations', registrationDocument(13, 1));
    world.remove('events', eventIdNo(2));
    world.change(eventIdNo(3), (held) => ({ ...held, importing: false }));
    const only = [1, 2, 3, 4, 9].map(eventIdNo);
    const alone = { ...settings, limits: { ...settings.limits, eventsAtOnce: 1 }, only };
    const dry = await run(world, { ...alone, dryRun: true });
    expect(dry.told).toEqual(['imported', 'removed', 'led', 'equal', 'absent']);
    expect((await run(world, alone)).told).toEqual(dry.told);
  });

  it.each(['backfill-point-stored', 'import-before-commit', 'import-after-commit', 'backfill-imported'] as const)(
    'killed at %s is gone on with',
    async (point) => {
      const world = worldOf(4);
      world.killAt(point);
      await expect(run(world)).rejects.toThrow(point);
      world.revive();
      await run(world);
      const fresh = await importedWorld(4);
      expect(world.held).toEqual(fresh.held);
      expect([...world.progress.keys()].toSorted()).toEqual([...fresh.progress.keys()].toSorted());
    },
  );

  it('ends between two groups when it is told to', async () => {
    const world = worldOf(20);
    const stop = new AbortController();
    world.before = (call) => {
      if (call === 'rollcall.apply') stop.abort();
    };
    const { told } = await run(world, { signal: stop.signal });
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(20);
  });

  it('counts what has no id that can be one', async () => {
    const world = worldOf(1);
    world.events.set('odd' as LegacyId, { _id: new Date(0) });
    expect(await run(world)).toMatchObject({ told: ['imported'], unusable: 1 });
  });
});

it('assess tells of each event and changes nothing', async () => {
  const world = worldOf(2);
  world.write('registrations', registrationDocument(23, 2, { roleId: 'nowhere' }));
  world.events.set('odd' as LegacyId, { _id: new Date(0) });
  const events: AssessedEvent[] = [];
  let unusable = 0;
  const assessment = {
    event: (event: AssessedEvent) => events.push(event),
    orphans: () => undefined,
    unusable: () => {
      unusable += 1;
    },
  };
  await assess(world.ports, settings, assessment);
  expect(events.map(({ registrations, stops }) => [registrations, stops.map(({ kind }) => kind)])).toEqual([
    [2, []],
    [3, ['unknown-role']],
  ]);
  expect([unusable, world.held.size, world.progress.size, world.run]).toEqual([1, 0, 0, {}]);
  events.length = 0;
  await assess(world.ports, settings, assessment, [eventIdNo(2), eventIdNo(9)]);
  expect(events.map(({ legacyId }) => legacyId)).toEqual([eventIdNo(2)]);
});
