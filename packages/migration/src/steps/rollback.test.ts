import { describe, expect, it } from 'vitest';
import type { LegacyDocument } from '../legacy.ts';
import { parseMapping } from '../mapping/parse.ts';
import { aUser, objectIdOf, userNo } from '../testing.ts';
import { backfill } from './backfill.ts';
import { cutOver } from './cutover.ts';
import { mirror } from './mirror.ts';
import { StepRefusedError, type MigrationPoint } from './ports.ts';
import { rollBack, type RollbackOptions } from './rollback.ts';
import { Killed, signedUp, type World } from './testing-ports.ts';
import {
  cutWorld,
  documentIdNo,
  eventDocument,
  eventIdNo,
  importedWorld,
  limits,
  phaseOf,
  registrationDocument,
  settings,
  userIdNo,
  worldOf,
} from './testing-world.ts';

const one = eventIdNo(1);
const options: RollbackOptions = { ...settings, dryRun: false, remove: false, objectIdOf };
const back = async (world: World, more: Partial<RollbackOptions> = {}, numbers: readonly number[] = [1]) =>
  rollBack(world.ports, { ...options, ...more }, numbers.map(eventIdNo));
const outcome = async (...args: Parameters<typeof back>) => (await back(...args)).map((done) => done.outcome).join(' ');

/** Who is registered in the old system, by the documents. */
const usersIn = (world: World) =>
  [...world.registrations.values()].map(({ userId }) => (userId as { hex: string }).hex).toSorted();
const joined = (world: World, user = 50) => world.change(one, signedUp(userIdNo(user), 'helpers'));

describe('rolling back', () => {
  it('writes back what happened since, and the old system leads', async () => {
    const world = await cutWorld();
    joined(world);
    world.change(one, (held) => ({
      ...held,
      registrations: held.registrations.map((each, index) =>
        index === 0 ? { ...each, status: 'cancelled', cancelledAt: 5 } : each,
      ),
    }));
    const [done] = await back(world);
    expect(done).toMatchObject({ outcome: 'given-back', written: { inserted: 1, deleted: 1 }, unwritten: [] });
    expect(usersIn(world)).toEqual([12, 50].map(userIdNo));
    expect([world.frozen.size, phaseOf(world, 1), world.heldOf(one)?.importing]).toEqual([0, 'shadowed', true]);
    world.write('registrations', registrationDocument(13, 1));
  });

  it.each([
    ['stopped', 'removed'],
    ['shadowed', 'removed'],
    ['cutting-over', 'removed'],
    ['giving-back', 'given-back'],
  ] as const)('of one that the old system leads, %s: it is %s', async (phase, expected) => {
    const world = await importedWorld(1);
    const progress = world.progress.get(one);
    if (progress !== undefined) world.progress.set(one, { ...progress, phase });
    world.frozen.add(one);
    expect(await outcome(world, { dryRun: true })).toBe(expected);
    expect(world.frozen.size).toBe(1);
    expect(await outcome(world)).toBe(expected);
    expect([world.frozen.size, phaseOf(world, 1)]).toEqual([0, expected === 'removed' ? undefined : 'shadowed']);
    expect(world.heldOf(one) === undefined).toBe(expected === 'removed');
  });

  it('of one that was opened in a cutover which did not end is like that of one that did', async () => {
    const world = await importedWorld(1);
    world.killAt('cutover-opened');
    await expect(cutOver(world.ports, { ...settings, dryRun: false }, [one])).rejects.toBeInstanceOf(Killed);
    world.revive();
    joined(world);
    expect(await outcome(world)).toBe('given-back');
    expect(usersIn(world)).toContain(userIdNo(50));
  });

  it('says what it does not know', async () => {
    expect(await outcome(await cutWorld(), {}, [1, 9])).toBe('given-back unknown');
  });

  it('takes the event out of Rollcall as well, if asked to', async () => {
    const world = await cutWorld();
    joined(world);
    expect(await outcome(world, { remove: true })).toBe('given-back');
    expect([world.heldOf(one), phaseOf(world, 1), world.frozen.size]).toEqual([undefined, undefined, 0]);
    expect(usersIn(world)).toContain(userIdNo(50));
  });

  it('of one that is deleted, or that no rule covers, changes nothing: Rollcall leads on', async () => {
    const world = await cutWorld(2);
    world.remove('events', one);
    world.events.set(eventIdNo(2), eventDocument(2, { status: 'gone' }));
    for (const dryRun of [true, false]) {
      expect(await outcome(world, { dryRun }, [1, 2])).toBe('deleted stopped');
      expect([phaseOf(world, 1), phaseOf(world, 2), world.heldOf(one)?.importing]).toEqual([
        'cut-over',
        'cut-over',
        false,
      ]);
    }
  });

  it('that would be refused halfway is refused before the first event', async () => {
    const world = await cutWorld(2);
    const progress = world.progress.get(eventIdNo(2));
    if (progress !== undefined) world.progress.set(eventIdNo(2), { ...progress, phase: 'shadowed' });
    world.run = { ...world.run, shadowUntil: world.clock + 5_000 };
    await expect(back(world, {}, [1, 2])).rejects.toThrow('rollcall migrate shadow is running');
    await expect(back(world, { remove: true }, [1])).rejects.toBeInstanceOf(StepRefusedError);
    expect(phaseOf(world, 1)).toBe('cut-over');
    // Beside a shadow that only follows, what Rollcall leads may be given back.
    expect(await outcome(world, {}, [1])).toBe('given-back');
  });

  it('is refused beside a mirror, unless it is dry, and goes on when that is forgotten', async () => {
    const world = await cutWorld();
    world.run = { ...world.run, mirrorUntil: world.clock + 5_000 };
    await expect(back(world)).rejects.toThrow(
      'mirror is running: stop it first (one that was killed is forgotten in 5 s)',
    );
    expect(await outcome(world, { dryRun: true })).toBe('given-back');
    world.clock += 5_000;
    expect(await outcome(world)).toBe('given-back');
  });

  it('that is dry says what would be written, and writes nothing', async () => {
    const world = await cutWorld();
    joined(world);
    const before = [new Map(world.registrations), new Map(world.events), new Map(world.progress), new Map(world.held)];
    expect(await back(world, { dryRun: true })).toMatchObject([{ outcome: 'given-back', written: { inserted: 1 } }]);
    expect([world.registrations, world.events, world.progress, world.held]).toEqual(before);
  });

  it('that leaves a difference leaves the event frozen on both sides', async () => {
    const world = await cutWorld();
    joined(world);
    world.after = (call) => {
      if (call === 'legacy.apply') world.registrations.delete(documentIdNo(11));
    };
    const [done] = await back(world);
    expect(done).toMatchObject({ outcome: 'differs', differences: [{ kind: 'surplus', legacyId: documentIdNo(11) }] });
    expect([world.frozen.has(one), phaseOf(world, 1), world.heldOf(one)?.importing]).toEqual([
      true,
      'rolling-back',
      true,
    ]);
    world.after = () => undefined;
    expect(await outcome(world)).toBe('given-back');
    expect(usersIn(world)).toEqual([11, 12, 50].map(userIdNo));
  });

  it('whose writing leaves what no rule covers leaves the event frozen', async () => {
    const world = await cutWorld();
    joined(world);
    world.after = (call) => {
      if (call === 'legacy.apply') world.events.set(one, eventDocument(1, { status: 'gone' }));
    };
    expect(await back(world)).toMatchObject([{ outcome: 'stopped', stops: [{ kind: 'event-status-unknown' }] }]);
    expect([world.frozen.has(one), phaseOf(world, 1)]).toEqual([true, 'rolling-back']);
  });
});

const points = [
  'rollback-begun',
  'import-before-commit',
  'import-after-commit',
  'rollback-resumed',
  'rollback-restored',
  'rollback-written',
  'rollback-given-back',
  'rollback-unfrozen',
] as const satisfies readonly MigrationPoint[];

describe.each(points)('killed at %s', (point) => {
  it.each([false, true])('is gone on with, and nothing is lost or twice (taken out: %s)', async (remove) => {
    const world = await cutWorld();
    joined(world);
    world.killAt(point);
    await expect(back(world, { remove })).rejects.toBeInstanceOf(Killed);
    world.revive();
    // Where the old system leads again people sign up there.
    if (!world.frozen.has(one)) world.write('registrations', registrationDocument(13, 1));
    const after = world.frozen.has(one) ? [11, 12, 50] : [11, 12, 13, 50];
    expect(await outcome(world, { remove })).toBe('given-back');
    expect(usersIn(world)).toEqual(after.map(userIdNo));
    expect([world.frozen.size, phaseOf(world, 1)]).toEqual([0, remove ? undefined : 'shadowed']);
  });
});

it('killed while the event is half taken out of Rollcall, nothing of it is taken for what happened there', async () => {
  const world = await cutWorld();
  joined(world);
  let isDead = false;
  world.before = (call) => {
    if (call !== 'rollcall.removeImported' || isDead) return;
    isDead = true;
    world.change(one, (held) => ({ ...held, registrations: held.registrations.slice(2) }));
    throw new Killed('half');
  };
  await expect(back(world, { remove: true })).rejects.toBeInstanceOf(Killed);
  expect(await outcome(world, { remove: true })).toBe('removed');
  expect(usersIn(world)).toEqual([11, 12, 50].map(userIdNo));
  expect(world.heldOf(one)).toBeUndefined();
});

describe('users who are known by a field of theirs', () => {
  const mapping = parseMapping({ users: { subject: { field: 'sub' } } });
  const subWorld = async () => {
    const world = worldOf(1);
    for (const [legacyId, user] of world.users)
      world.users.set(legacyId, { ...user, sub: `sub-${Number(legacyId.slice(-3))}` });
    const signal = new AbortController().signal;
    await backfill(world.ports, { mapping, limits, dryRun: false, signal }, () => undefined);
    await cutOver(world.ports, { mapping, limits, dryRun: false }, [one]);
    expect(world.heldOf(one)?.registrations.map(({ userId }) => userId)).toEqual(['sub-11', 'sub-12']);
    return world;
  };

  it('are written back by their ids, also those whom the event did not name', async () => {
    const world = await subWorld();
    world.change(one, signedUp('sub-50', 'helpers', { registeredBy: 'sub-51' as never }));
    expect(await outcome(world, { mapping })).toBe('given-back');
    expect(usersIn(world)).toEqual([11, 12, 50].map(userIdNo));
    const [, , document] = [...world.registrations.values()];
    expect(document).toMatchObject({ registeredBy: userNo(51) });
  });

  it('and whom the old system does not know are told of, and given back once it knows them', async () => {
    const world = await subWorld();
    world.change(one, signedUp('sub-new', 'helpers'));
    const registrationId = world.heldOf(one)?.registrations[2]?.registrationId;
    expect(await back(world, { mapping, dryRun: true })).toMatchObject([
      { outcome: 'differs', unwritten: [registrationId] },
    ]);
    expect(await back(world, { mapping })).toMatchObject([
      { outcome: 'differs', unwritten: [registrationId], differences: [{ kind: 'surplus', userId: 'sub-new' }] },
    ]);
    expect(world.frozen.has(one)).toBe(true);
    world.users.set(userIdNo(77), { _id: userNo(77), ...aUser(77), sub: 'sub-new' });
    expect(await outcome(world, { mapping })).toBe('given-back');
    expect(usersIn(world)).toEqual([11, 12, 77].map(userIdNo));
  });
});

function listOf(world: World): readonly unknown[] {
  const roles = world.events.get(one)?.['roles'] as readonly { readonly currentSignups: readonly LegacyDocument[] }[];
  return roles[0]?.currentSignups.map((entry) => (entry['userId'] as { hex: string }).hex) ?? [];
}

const mirroring = (world: World, more: Partial<Parameters<typeof mirror>[1]> = {}) => {
  const written: string[] = [];
  const signal = new AbortController().signal;
  return mirror(
    world.ports,
    { ...settings, dryRun: false, once: true, leaseMs: 10_000, objectIdOf, signal, ...more },
    (legacyId) => written.push(legacyId),
  ).then(() => written);
};

describe('a mirror', () => {
  it('writes the lists once, keeps what stood there, and a rollback puts it back', async () => {
    const world = await cutWorld();
    joined(world);
    expect(await mirroring(world, { dryRun: true })).toEqual([one]);
    expect(listOf(world)).toEqual([]);
    expect(await mirroring(world)).toEqual([one]);
    expect(listOf(world)).toEqual([11, 12, 50].map(userIdNo));
    expect(await mirroring(world)).toEqual([]);
    joined(world, 51);
    await mirroring(world);
    expect(world.originals.get(one)).toMatchObject({
      roles: [{ id: 'helpers', signups: [] }, { id: 'cooks' }],
      signedUp: 0,
    });
    expect(world.run.mirrorUntil).toBe(0);
    expect(await outcome(world)).toBe('given-back');
    // Those who came in Rollcall are added, and those who stood in documents alone are not.
    expect(listOf(world)).toEqual([50, 51].map(userIdNo));
    expect(world.originals.size).toBe(0);
  });

  it.each(['mirror-originals-kept', 'mirror-written'] as const)(
    'killed at %s is gone on with, and what stood there stays kept',
    async (point) => {
      const world = await cutWorld();
      world.killAt(point);
      await expect(mirroring(world)).rejects.toBeInstanceOf(Killed);
      expect(world.run.mirrorUntil).toBeGreaterThan(world.clock);
      world.revive();
      await mirroring(world);
      expect(world.originals.get(one)).toMatchObject({ roles: [{ signups: [] }, {}] });
      expect(listOf(world)).toEqual([11, 12].map(userIdNo));
    },
  );

  it('does not miss what changes while all are written for the first time, and ends when it is told to', async () => {
    const world = await cutWorld();
    const stop = new AbortController();
    let reads = 0;
    world.after = (call) => {
      if (call !== 'legacy.readEvents') return;
      reads += 1;
      if (reads === 1) joined(world);
      if (reads === 3) stop.abort();
    };
    // The second look is of that change; the third of one that comes while it follows.
    const running = mirroring(world, { once: false, signal: stop.signal });
    setTimeout(() => joined(world, 51), 20);
    await world.until(running);
    expect(listOf(world)).toEqual([11, 12, 50, 51].map(userIdNo));
    expect(world.run.mirrorUntil).toBe(0);
  });

  it('keeps its lease, and ends when it can not', async () => {
    const world = await cutWorld();
    const said: number[] = [];
    world.before = (call, [run]) => {
      if (call !== 'state.patchRun') return;
      said.push((run as { mirrorUntil: number }).mirrorUntil - world.clock);
      if (said.length === 4) throw new Error('no database');
    };
    await expect(world.until(mirroring(world, { once: false }))).rejects.toThrow('no database');
    expect(said).toEqual([10_000, 10_000, 10_000, 10_000]);
  });
});
