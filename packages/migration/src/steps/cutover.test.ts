import { describe, expect, it } from 'vitest';
import { bringOver } from './bring-over.ts';
import { abortCutovers, cutOver } from './cutover.ts';
import { phases, type MigrationPoint } from './ports.ts';
import { Killed, signedUp, type World } from './testing-ports.ts';
import {
  documentIdNo,
  eventDocument,
  eventIdNo,
  importedWorld,
  phaseOf,
  registrationDocument,
  settings,
  statusesOf,
  userIdNo,
} from './testing-world.ts';

const cut = async (world: World, numbers: readonly number[], dryRun = false) => {
  const done = await cutOver(world.ports, { ...settings, dryRun }, numbers.map(eventIdNo));
  return new Map(done.map((one) => [Number(one.legacyId.slice(-2)), one]));
};
const outcomes = (done: Awaited<ReturnType<typeof cut>>) =>
  [...done].map(([number, { outcome }]) => `${number} ${outcome}`).toSorted();
const importing = (world: World, number: number) => world.heldOf(eventIdNo(number))?.importing;
const frozen = (world: World) => [...world.frozen].map((legacyId) => Number(legacyId.slice(-2))).toSorted();
/** Once, right after a call. */
const onceAfter = (world: World, name: string, act: () => unknown) => {
  world.after = async (call) => {
    if (call !== name) return;
    world.after = () => undefined;
    await act();
  };
};

describe('a cutover', () => {
  it('freezes, brings over what came last, and opens what is equal', async () => {
    const world = await importedWorld(2);
    world.write('registrations', registrationDocument(13, 1));
    expect(outcomes(await cut(world, [1, 2]))).toEqual(['1 opened', '2 opened']);
    expect([importing(world, 1), phaseOf(world, 1), statusesOf(world, 1)?.length]).toEqual([false, 'cut-over', 3]);
    expect(frozen(world)).toEqual([1, 2]);
    expect(() => world.write('registrations', registrationDocument(14, 1))).toThrow('failed validation');
    const order = ['legacy.freeze', '@cutover-frozen', '@cutover-equal', '@cutover-opened'];
    expect([...new Set(world.calls.filter((call) => order.includes(call)))]).toEqual(order);
  });

  it('gives back what no rule covers or was deleted, and opens the others', async () => {
    const world = await importedWorld(3);
    world.write('registrations', registrationDocument(13, 1, { roleId: 'nowhere' }));
    world.remove('events', eventIdNo(2));
    const done = await cut(world, [1, 2, 3]);
    expect(outcomes(done)).toEqual(['1 aborted', '2 deleted', '3 opened']);
    expect(done.get(1)?.stops).toMatchObject([{ kind: 'unknown-role' }]);
    expect([frozen(world), phaseOf(world, 1), importing(world, 1), phaseOf(world, 2)]).toEqual([
      [3],
      'shadowed',
      true,
      undefined,
    ]);
  });

  it('gives back what differs once more, and says in what', async () => {
    const world = await importedWorld(1);
    let reads = 0;
    world.before = (call) => {
      if (call !== 'legacy.readEvents') return;
      reads += 1;
      // A delete gets past the freeze, between bringing over and the comparison.
      if (reads === 2) world.remove('registrations', documentIdNo(11));
    };
    const done = await cut(world, [1]);
    expect(outcomes(done)).toEqual(['1 aborted']);
    expect(done.get(1)?.differences).toMatchObject([{ kind: 'surplus', legacyId: documentIdNo(11) }]);
    expect([frozen(world), phaseOf(world, 1), importing(world, 1)]).toEqual([[], 'shadowed', true]);
  });

  it('gives back what moves in Rollcall while it is opened', async () => {
    const world = await importedWorld(1);
    world.before = (call) => {
      if (call === 'rollcall.apply') world.change(eventIdNo(1), (held) => held);
    };
    expect(outcomes(await cut(world, [1]))).toEqual(['1 aborted']);
    expect([frozen(world), phaseOf(world, 1), importing(world, 1)]).toEqual([[], 'shadowed', true]);
  });

  it.each(phases)('of an event that is %s begins only where it may', async (phase) => {
    const world = await importedWorld(1);
    const progress = world.progress.get(eventIdNo(1));
    if (progress !== undefined) world.progress.set(eventIdNo(1), { ...progress, phase });
    const [done] = outcomes(await cut(world, [1]));
    const expected = {
      stopped: 'not-shadowed',
      shadowed: 'opened',
      'cutting-over': 'opened',
      'cut-over': 'led',
      cleaned: 'led',
      'rolling-back': 'not-shadowed',
      'giving-back': 'not-shadowed',
    } as const;
    expect(done).toBe(`1 ${expected[phase]}`);
    expect(frozen(world)).toEqual(expected[phase] === 'opened' ? [1] : []);
  });

  it('of an event that is not there says so', async () => {
    const world = await importedWorld(1);
    expect(outcomes(await cut(world, [9]))).toEqual(['9 not-shadowed']);
  });

  it('that is dry changes nothing', async () => {
    const world = await importedWorld(4);
    world.write('registrations', registrationDocument(13, 1));
    world.write('registrations', registrationDocument(23, 2, { roleId: 'nowhere' }));
    world.remove('events', eventIdNo(3));
    const before = [new Map(world.held), new Map(world.progress)];
    expect(outcomes(await cut(world, [1, 2, 3, 4, 9], true))).toEqual([
      '1 aborted',
      '2 aborted',
      '3 deleted',
      '4 ready',
      '9 not-shadowed',
    ]);
    expect([world.held, world.progress]).toEqual(before);
    expect(frozen(world)).toEqual([]);
  });

  it.each([
    ['that can not freeze', 'legacy.freeze', undefined],
    ['whose events can not be read', 'legacy.readEvents', undefined],
    ['that can not bring over', 'rollcall.apply', 13],
  ] as const)('%s gives everything back', async (_, failing, more) => {
    const world = await importedWorld(2);
    if (more !== undefined) world.write('registrations', registrationDocument(more, 1));
    world.before = (call) => {
      if (call === failing) throw new Error('no');
    };
    await expect(cut(world, [1, 2])).rejects.toThrow('no');
    expect([frozen(world), phaseOf(world, 1), phaseOf(world, 2)]).toEqual([[], 'shadowed', 'shadowed']);
  });

  it('whose opening fails leaves the event frozen: it may have been opened all the same', async () => {
    const world = await importedWorld(1);
    world.before = (call) => {
      if (call === 'rollcall.apply') throw new Error('no answer');
    };
    await expect(cut(world, [1])).rejects.toThrow('no answer');
    expect([frozen(world), phaseOf(world, 1)]).toEqual([[1], 'cutting-over']);
  });
});

describe('what was changed after the comparison', () => {
  it.each([
    ['a registration that was deleted', (world: World) => world.remove('registrations', documentIdNo(11)), 'surplus'],
    ['an event that was deleted', (world: World) => world.remove('events', eventIdNo(1)), 'definition'],
  ])('is told of: %s', async (_, act, kind) => {
    const world = await importedWorld(1);
    onceAfter(world, 'rollcall.apply', () => act(world));
    const done = await cut(world, [1]);
    expect(outcomes(done)).toEqual(['1 changed-after-freeze']);
    expect(done.get(1)?.differences).toMatchObject([{ kind }]);
    expect([importing(world, 1), phaseOf(world, 1)]).toEqual([false, 'cut-over']);
  });

  it('is told of where no rule covers it', async () => {
    const world = await importedWorld(1);
    onceAfter(world, 'rollcall.apply', () => {
      // Past the freeze: the owner has set a validator of their own.
      world.frozen.clear();
      world.write('events', eventDocument(1, { status: 'gone' }));
    });
    const done = await cut(world, [1]);
    expect(done.get(1)).toMatchObject({ outcome: 'changed-after-freeze', stops: [{ kind: 'event-status-unknown' }] });
  });

  it.each([
    ['a registration', (world: World) => world.remove('registrations', documentIdNo(11))],
    ['an event', (world: World) => world.remove('events', eventIdNo(1))],
  ])('is told of after a kill as well: %s that was deleted', async (_, act) => {
    const world = await importedWorld(1);
    world.killAt('cutover-opened');
    await expect(cut(world, [1])).rejects.toBeInstanceOf(Killed);
    world.revive();
    world.change(eventIdNo(1), signedUp(userIdNo(50), 'helpers'));
    act(world);
    expect(outcomes(await cut(world, [1]))).toEqual(['1 changed-after-freeze']);
  });
});

const points = [
  'cutover-begun',
  'cutover-frozen',
  'import-before-commit',
  'import-after-commit',
  'cutover-equal',
  'cutover-opened',
] as const satisfies readonly MigrationPoint[];
/** The event itself is brought over, and then opened. */
const kills = points.flatMap((point) =>
  point.startsWith('import')
    ? ([
        [point, 1],
        [point, 2],
        [point, 3],
      ] as const)
    : ([[point, 1]] as const),
);

describe.each(kills)('killed at %s the time %i', (point, times) => {
  const killed = async () => {
    const world = await importedWorld(2);
    world.write('registrations', registrationDocument(13, 1));
    world.killAt(point, times);
    await expect(cut(world, [1, 2])).rejects.toBeInstanceOf(Killed);
    world.revive();
    return world;
  };

  it('is gone on with', async () => {
    const world = await killed();
    // Somebody signs up in what is open already.
    const isOpen = importing(world, 1) === false;
    if (isOpen) world.change(eventIdNo(1), signedUp(userIdNo(50), 'helpers'));
    expect(outcomes(await cut(world, [1, 2]))).toEqual(['1 opened', '2 opened']);
    expect([frozen(world), phaseOf(world, 1), importing(world, 1), importing(world, 2)]).toEqual([
      [1, 2],
      'cut-over',
      false,
      false,
    ]);
    expect(statusesOf(world, 1)).toHaveLength(isOpen ? 4 : 3);
  });

  it('can be aborted, and who leads is frozen on the other side', async () => {
    const world = await killed();
    const back = await abortCutovers(world.ports);
    for (const number of [1, 2]) {
      const isOpen = importing(world, number) === false;
      expect([phaseOf(world, number), frozen(world).includes(number), back.includes(eventIdNo(number))]).toEqual(
        isOpen ? ['cut-over', true, false] : ['shadowed', false, true],
      );
    }
    expect(await abortCutovers(world.ports)).toEqual([]);
  });
});

it('a shadow that is late does not open or undo anything', async () => {
  const world = await importedWorld(1);
  world.write('registrations', registrationDocument(13, 1));
  // It has looked, and writes only after the event was opened.
  let isFirst = true;
  world.before = async (call) => {
    if (call !== 'rollcall.apply' || !isFirst) return;
    isFirst = false;
    expect(outcomes(await cut(world, [1]))).toEqual(['1 opened']);
  };
  expect(await bringOver(world.ports, settings, [eventIdNo(1)])).toMatchObject([{ outcome: 'led' }]);
  expect([phaseOf(world, 1), importing(world, 1), statusesOf(world, 1)?.length]).toEqual(['cut-over', false, 3]);
});
