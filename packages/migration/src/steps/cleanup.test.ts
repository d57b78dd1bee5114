import { describe, expect, it } from 'vitest';
import { objectIdOf } from '../testing.ts';
import { cleanUp } from './cleanup.ts';
import { rollBack } from './rollback.ts';
import { Killed, type World } from './testing-ports.ts';
import { cutWorld, eventDocument, eventIdNo, phaseOf, settings } from './testing-world.ts';

const one = eventIdNo(1);
const back = (world: World) => rollBack(world.ports, { ...settings, dryRun: false, remove: false, objectIdOf }, [one]);

describe('a cleanup', () => {
  const clean = (world: World, more: Partial<Parameters<typeof cleanUp>[1]> = {}) =>
    cleanUp(world.ports, { ...settings, dryRun: false, checksumOf: async () => 'sum', verify: async () => 0, ...more });
  const ready = async () => {
    const world = await cutWorld(2);
    world.run = { ...world.run, backup: { folder: '/b', manifestSha256: 'sum', at: world.clock } };
    return world;
  };

  it('removes the lists, and says of each event that it did', async () => {
    const world = await ready();
    expect(await clean(world, { dryRun: true })).toBe(0);
    expect(phaseOf(world, 1)).toBe('cut-over');
    expect(await clean(world)).toBe(2);
    expect(world.events.get(one)).not.toHaveProperty('signedUp');
    expect(world.progress.get(one)).toMatchObject({ phase: 'cleaned', wasCleaned: true });
  });

  it('leaves an event alone that the old system made meanwhile', async () => {
    const world = await ready();
    world.before = (call) => {
      if (call === 'legacy.removeFields') world.events.set(eventIdNo(3), eventDocument(3));
    };
    expect(await clean(world)).toBe(2);
    expect(world.events.get(eventIdNo(3))).toEqual(eventDocument(3));
  });

  it.each<[string, (world: World) => unknown, Partial<Parameters<typeof cleanUp>[1]>, string]>([
    [
      'beside a mirror',
      (world) => (world.run = { ...world.run, mirrorUntil: world.clock + 1 }),
      {},
      'mirror is running',
    ],
    ['without a backup', (world) => (world.run = {}), {}, 'there is no backup'],
    ['with another backup', () => undefined, { checksumOf: async () => 'other' }, 'is another one than was made'],
    [
      'with a backup from before a cutover',
      (world) => {
        const [since] = [...world.progress.values()].map((progress) => progress.since).toSorted((a, b) => b - a);
        const { backup } = world.run;
        if (since === undefined || backup === undefined) throw new Error('nothing is cut over');
        world.run = { ...world.run, backup: { ...backup, at: since - 1 } };
      },
      {},
      'is older than the cutover',
    ],
    ['when an event does not verify', () => undefined, { verify: async () => 2 }, '2 differences'],
    ['when an event is not cut over', (world) => world.write('events', eventDocument(3)), {}, 'is not in Rollcall'],
    [
      'when an event has no id',
      (world) => world.events.set('odd' as never, { _id: new Date(0), roles: [] }),
      {},
      '_id can be none',
    ],
  ])('is refused %s, and nothing is removed', async (_, spoil, more, message) => {
    const world = await ready();
    spoil(world);
    await expect(clean(world, more)).rejects.toThrow(message);
    expect([world.events.get(one)?.['signedUp'], phaseOf(world, 1), phaseOf(world, 2)]).toEqual([
      0,
      'cut-over',
      'cut-over',
    ]);
  });

  it('is refused while one event is on its way back', async () => {
    const world = await ready();
    world.killAt('rollback-written');
    await expect(back(world)).rejects.toBeInstanceOf(Killed);
    world.revive();
    await expect(clean(world)).rejects.toThrow('is rolling-back');
  });

  it('killed is gone on with, and a rollback asks for the backup', async () => {
    const world = await ready();
    world.before = (call) => {
      if (call === 'legacy.removeFields') throw new Killed('before');
    };
    await expect(clean(world)).rejects.toBeInstanceOf(Killed);
    world.before = () => undefined;
    await expect(back(world)).rejects.toThrow('say where it is');
    world.killAt('cleanup-removed');
    await expect(clean(world)).rejects.toBeInstanceOf(Killed);
    world.revive();
    expect(await clean(world)).toBe(2);
  });
});
