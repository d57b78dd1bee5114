import { describe, expect, it } from 'vitest';
import type { LegacyChange } from '../ports.ts';
import { cutOver } from './cutover.ts';
import { StepRefusedError, type MigrationPoint } from './ports.ts';
import { shadow, type ShadowOptions, type ShadowTable } from './shadow.ts';
import { Killed, type World } from './testing-ports.ts';
import {
  documentIdNo,
  eventDocument,
  eventIdNo,
  importedWorld,
  phaseOf,
  registrationDocument,
  settings,
  statusesOf,
  worldOf,
} from './testing-world.ts';

const one = eventIdNo(1);
const lagMsMax = 5_000;

interface Watched {
  readonly table: ShadowTable;
  readonly tables: readonly ShadowTable[];
  readonly lasting: readonly string[];
  readonly stopped: readonly string[];
  readonly afterFreeze: readonly LegacyChange[];
}

/** Runs until it ends by itself, or until `until` says so of a table. */
async function watch(
  world: World,
  { until = () => false, ...more }: Partial<ShadowOptions> & { readonly until?: (table: ShadowTable) => boolean } = {},
): Promise<Watched> {
  const stop = new AbortController();
  const tables: ShadowTable[] = [];
  const [lasting, stopped, afterFreeze]: [string[], string[], LegacyChange[]] = [[], [], []];
  const options: ShadowOptions = {
    ...settings,
    settleMs: 100,
    lagMsMax,
    roundPauseMs: 1_000,
    leaseMs: 10_000,
    dryRun: false,
    untilEqual: false,
    signal: stop.signal,
    ...more,
  };
  const running = shadow(world.ports, options, {
    table(table) {
      tables.push(table);
      if (until(table)) stop.abort();
    },
    broughtOver: () => undefined,
    lasting: (legacyId) => lasting.push(legacyId),
    stopped: ({ legacyId }) => stopped.push(legacyId),
    afterFreeze: (change) => afterFreeze.push(change),
  });
  const table = await world.until(running);
  return { table, tables, lasting, stopped, afterFreeze };
}

const afterRounds = (count: number) => ({ until: ({ rounds }: ShadowTable) => rounds >= count });

describe('following', () => {
  it('brings over what is written, after the second write, and notes how far it has come', async () => {
    const world = await importedWorld(3);
    world.write('registrations', registrationDocument(13, 1));
    const point = world.run.resumePoint;
    const { table } = await watch(world, { until: ({ changes }) => changes === 1 });
    expect([statusesOf(world, 1)?.length, table.changes, table.differing]).toEqual([3, 1, 0]);
    expect(Number(world.run.resumePoint)).toBe(Number(point) + 1);
    expect(world.run.shadowUntil).toBe(0);
  });

  it('finds whose a deleted registration was', async () => {
    const world = await importedWorld(2);
    world.remove('registrations', documentIdNo(21));
    await watch(world, { until: ({ changes }) => changes > 0 });
    expect(statusesOf(world, 2)?.toSorted()).toEqual(['cancelled', 'confirmed']);
  });

  it('notes a point only once all before it is brought over', async () => {
    const world = await importedWorld(2);
    const before = world.run.resumePoint;
    world.write('registrations', registrationDocument(13, 1));
    let isBroken = true;
    world.before = (call) => {
      if (call === 'rollcall.apply' && isBroken) throw new Error('no database');
    };
    await expect(watch(world)).rejects.toThrow('no database');
    expect([world.run.resumePoint, world.run.shadowUntil]).toEqual([before, 0]);
    isBroken = false;
    await watch(world, { until: ({ changes }) => changes > 0 });
    expect(world.run.resumePoint).not.toBe(before);
    expect(statusesOf(world, 1)).toHaveLength(3);
  });

  it.each([
    'import-before-commit',
    'import-after-commit',
    'shadow-brought-over',
    'shadow-point-stored',
  ] as const satisfies readonly MigrationPoint[])(
    'killed at %s goes on where it was, and brings nothing twice',
    async (point) => {
      const world = await importedWorld(2);
      world.write('registrations', registrationDocument(13, 1));
      world.remove('registrations', documentIdNo(21));
      world.killAt(point);
      await expect(watch(world)).rejects.toBeInstanceOf(Killed);
      // Others wait until it is forgotten.
      expect(world.run.shadowUntil).toBeGreaterThan(world.clock);
      world.revive();
      await watch(world, { untilEqual: true });
      expect([statusesOf(world, 1)?.length, statusesOf(world, 2)?.toSorted()]).toEqual([3, ['cancelled', 'confirmed']]);
    },
  );

  it('looks at all events when the changes are lost, and notes then how far it has come', async () => {
    const world = await importedWorld(3);
    world.write('registrations', registrationDocument(13, 1));
    world.write('registrations', registrationDocument(33, 3));
    world.write('events', eventDocument(4));
    world.remove('events', eventIdNo(2));
    world.forgetChanges();
    let points = 0;
    world.after = (call, [run]) => {
      if (call === 'state.patchRun' && 'resumePoint' in (run as object)) points += 1;
    };
    const { table } = await watch(world, { until: () => points > 1 });
    expect(world.warnings).toEqual(['changes of the old system were lost: all events are looked at']);
    expect([1, 3, 4].map((number) => statusesOf(world, number)?.length)).toEqual([3, 3, 0]);
    expect([world.heldOf(eventIdNo(2)), phaseOf(world, 2), table.lasting]).toEqual([undefined, undefined, 0]);
  });

  it('keeps its lease while an event takes long, and ends when it can not', async () => {
    const world = await importedWorld(1);
    world.write('registrations', registrationDocument(13, 1));
    const { pause } = world.ports;
    let isFirst = true;
    world.before = async (call) => {
      if (call !== 'rollcall.apply' || !isFirst) return;
      isFirst = false;
      for (let second = 0; second < 30; second += 1) {
        await pause(1_000);
        expect(world.run.shadowUntil).toBeGreaterThan(world.clock);
      }
    };
    await watch(world, { until: ({ changes }) => changes > 0 });
    expect(statusesOf(world, 1)).toHaveLength(3);
    world.before = (call, [run]) => {
      if (call === 'state.patchRun' && 'shadowUntil' in (run as object) && world.run.shadowUntil !== 0)
        throw new Error('no lease');
    };
    await expect(watch(world)).rejects.toThrow('no lease');
  });

  it('is refused before the first backfill', async () => {
    await expect(watch(worldOf(1))).rejects.toBeInstanceOf(StepRefusedError);
  });
});

describe('comparing', () => {
  /** Changes come in, and bringing over does nothing for a while. */
  const lagging = (world: World, ms: number) => {
    const until = world.clock + ms;
    const { pause } = world.ports;
    world.before = async (call) => {
      if (call === 'rollcall.apply' && world.clock < until) await pause(until - world.clock);
    };
  };

  it('has each event once in a round', async () => {
    const world = await importedWorld(5);
    world.remove('events', eventIdNo(5));
    world.forgetChanges();
    const { tables } = await watch(world, { ...afterRounds(1), dryRun: true });
    expect(Math.max(...tables.map(({ compared }) => compared))).toBe(5);
    expect(tables.at(-1)).toMatchObject({ differing: 1, events: 4 });
  });

  it('a difference by lag goes away by itself', async () => {
    const world = await importedWorld(2);
    world.write('registrations', registrationDocument(13, 1));
    lagging(world, lagMsMax - 1_500);
    const { table, tables, lasting } = await watch(world, {
      until: ({ changes, rounds }) => changes > 0 && rounds > 5,
    });
    expect(tables.some(({ differing, oldestMs }) => differing === 1 && oldestMs > 0)).toBe(true);
    expect(lasting).toEqual([]);
    expect(table).toMatchObject({ differing: 0, repaired: 0, lasting: 0 });
  });

  it('what following has missed is brought over, and counted', async () => {
    const world = await importedWorld(2);
    // Past the stream of changes.
    world.registrations.set(documentIdNo(13), registrationDocument(13, 1));
    const { table, lasting } = await watch(world, { until: ({ repaired }) => repaired > 0 });
    expect([table.repaired, table.differing, lasting, statusesOf(world, 1)?.length]).toEqual([1, 0, [], 3]);
  });

  it('a difference that stays is told of once', async () => {
    const world = await importedWorld(2);
    world.registrations.set(documentIdNo(13), registrationDocument(13, 1));
    // Rollcall takes it, and has it no more.
    world.after = (call) => {
      if (call !== 'rollcall.apply') return;
      world.change(one, (held) => ({ ...held, registrations: held.registrations.slice(0, 2) }));
    };
    const { table, lasting } = await watch(world, afterRounds(12));
    expect(lasting).toEqual([one]);
    expect(table).toMatchObject({ differing: 1, lasting: 1, repaired: 0 });
    expect(table.oldestMs).toBeGreaterThanOrEqual(lagMsMax);
  });

  it('ends after a round in which all was the same, if asked to', async () => {
    const world = await importedWorld(4);
    world.write('registrations', registrationDocument(13, 1));
    world.write('registrations', registrationDocument(43, 4));
    const { table } = await watch(world, { untilEqual: true });
    expect([table.differing, statusesOf(world, 1)?.length, statusesOf(world, 4)?.length]).toEqual([0, 3, 3]);
    expect(world.run.shadowUntil).toBe(0);
  });

  it('that is dry brings nothing over, and keeps nobody waiting', async () => {
    const world = await importedWorld(2);
    world.write('registrations', registrationDocument(13, 1));
    const { lasting } = await watch(world, { ...afterRounds(10), dryRun: true });
    expect([statusesOf(world, 1)?.length, lasting, world.run.shadowUntil]).toEqual([2, [one], undefined]);
  });

  it('an event that no rule covers is stopped, told of once, and differs no more', async () => {
    const world = await importedWorld(2);
    world.registrations.set(documentIdNo(13), registrationDocument(13, 1));
    let isFirst = true;
    world.before = (call) => {
      if (call !== 'rollcall.apply' || !isFirst) return;
      isFirst = false;
      world.registrations.set(documentIdNo(13), registrationDocument(13, 1, { roleId: 'nowhere' }));
      world.change(one, (held) => held);
    };
    const { table, stopped, lasting } = await watch(world, afterRounds(12));
    expect([stopped, lasting]).toEqual([[one], []]);
    expect(table).toMatchObject({ stopped: 1, differing: 0, lasting: 0 });
  });

  it('that fails ends following as well, and is thrown once both have ended', async () => {
    const world = await importedWorld(2);
    world.before = (call) => {
      if (call === 'legacy.countEvents') throw new Error('no count');
    };
    await expect(watch(world)).rejects.toThrow('no count');
    const calls = world.calls.length;
    world.clock += 60_000;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(world.calls).toHaveLength(calls);
    expect(world.run.shadowUntil).toBe(0);
  });

  it('ends soon after it is told to', async () => {
    const world = await importedWorld(20);
    const { tables } = await watch(world, { until: ({ compared }) => compared >= 4 });
    expect(tables.at(-1)?.compared).toBeLessThan(10);
  });
});

describe('events that are named', () => {
  it('alone are followed and compared, and the others stay to be followed', async () => {
    const world = await importedWorld(3);
    for (const number of [1, 2, 3]) world.write('registrations', registrationDocument(number * 10 + 3, number));
    const { resumePoint } = world.run;
    const { tables } = await watch(world, { only: [one], ...afterRounds(3) });
    expect([1, 2, 3].map((number) => statusesOf(world, number)?.length)).toEqual([3, 2, 2]);
    expect(tables.at(-1)).toMatchObject({ events: 1, differing: 0 });
    expect(world.run.resumePoint).toBe(resumePoint);
    await watch(world, { untilEqual: true });
    expect([1, 2, 3].map((number) => statusesOf(world, number)?.length)).toEqual([3, 3, 3]);
  });

  it('alone are told of when they change after they were frozen', async () => {
    const world = await importedWorld(2);
    await cutOver(world.ports, { ...settings, dryRun: false }, [one, eventIdNo(2)]);
    world.clock += 1;
    world.remove('registrations', documentIdNo(11));
    world.remove('registrations', documentIdNo(21));
    expect((await watch(world, { only: [one], ...afterRounds(3) })).afterFreeze).toMatchObject([
      { registrationId: documentIdNo(11) },
    ]);
  });
});

it('tells what is still written to events that Rollcall leads, and takes none of it over', async () => {
  const world = await importedWorld(2);
  world.remove('registrations', documentIdNo(12));
  await watch(world, { until: ({ changes }) => changes > 0 });
  await cutOver(world.ports, { ...settings, dryRun: false }, [one]);
  world.clock += 1;
  world.remove('registrations', documentIdNo(11));
  // The mirror writes to events.
  world.frozen.clear();
  world.write('events', eventDocument(1, { signedUp: 1 }));
  world.remove('events', one);
  const { table, afterFreeze } = await watch(world, { until: ({ changes }) => changes > 0 });
  expect(afterFreeze).toMatchObject([{ registrationId: documentIdNo(11) }, { operation: 'delete', eventId: one }]);
  expect(table).toMatchObject({ afterFreeze: 2, differing: 0 });
  expect(statusesOf(world, 1)?.toSorted()).toEqual(['cancelled', 'confirmed']);
});
