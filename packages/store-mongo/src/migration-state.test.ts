import type { EventId, Instant } from '@rollcall/domain';
import type { EventProgress, LegacyId, LegacyResumePoint, MigrationState, Phase } from '@rollcall/migration';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { createMigrationState } from './migration-state.ts';
import { testDatabase, type TestDatabase } from './testing.ts';

let database: TestDatabase;
let state: MigrationState;
beforeEach(async () => {
  database = await testDatabase(inject('mongodbUrl'));
  state = createMigrationState(database.collections);
});
afterEach(() => database.drop());

const idOf = (id: string) => id as LegacyId;
const event = (id: string, phase: Phase): EventProgress => ({
  legacyId: idOf(id),
  eventId: `e-${id}` as EventId,
  phase,
  since: 1,
  findings: {},
});

async function idsOf(...phases: readonly Phase[]): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { legacyId } of state.list(phases)) found.push(legacyId);
  return found;
}

describe('the state of a migration', () => {
  it('of the run is kept field by field', async () => {
    expect(await state.readRun()).toEqual({});
    await state.patchRun({ mappingFingerprint: 'f', resumePoint: 'p1' as LegacyResumePoint });
    const backup = { folder: '/b', manifestSha256: 's', at: 5 as Instant };
    await state.patchRun({ resumePoint: 'p2' as LegacyResumePoint, backup });
    await state.patchRun({});
    expect(await state.readRun()).toEqual({
      mappingFingerprint: 'f',
      resumePoint: 'p2',
      backup,
    });
  });

  it('of events is found, listed by phases, and counted', async () => {
    await state.patchRun({ mappingFingerprint: 'f' });
    await state.keepOriginal(idOf('a'), { roles: [{ id: 'r', signups: [] }], signedUp: 1 });
    for (const id of ['c', 'b', 'a', 'd']) await state.put(event(id, id === 'c' ? 'stopped' : 'shadowed'));
    const changed: EventProgress = {
      ...event('d', 'cleaned'),
      findings: { 'array-only': 3 },
      wasCleaned: true,
      ledStatus: 'closed',
    };
    await state.put(changed);
    expect(await state.find([idOf('a'), idOf('d'), idOf('x')])).toEqual(
      new Map([
        ['a', event('a', 'shadowed')],
        ['d', changed],
      ]),
    );
    expect(await idsOf('shadowed')).toEqual(['a', 'b']);
    expect(await idsOf('stopped', 'cleaned')).toEqual(['c', 'd']);
    expect(await state.countByPhase()).toEqual(
      new Map<Phase, number>([
        ['cleaned', 1],
        ['shadowed', 2],
        ['stopped', 1],
      ]),
    );
    await state.remove(idOf('b'));
    expect(await idsOf('shadowed')).toEqual(['a']);
  });

  it('of an event is changed only from the phase that it is in still', async () => {
    expect(await state.putFrom('shadowed', event('a', 'cutting-over'))).toBe(false);
    expect(await state.putFrom(undefined, event('a', 'shadowed'))).toBe(true);
    expect(await state.putFrom(undefined, event('a', 'stopped'))).toBe(false);
    expect(await state.putFrom('stopped', event('a', 'cutting-over'))).toBe(false);
    expect(await state.putFrom('shadowed', { ...event('a', 'shadowed'), findings: { 'array-only': 1 } })).toBe(true);
    expect(await state.find([idOf('a')])).toEqual(
      new Map([['a', { ...event('a', 'shadowed'), findings: { 'array-only': 1 } }]]),
    );
  });

  it('lists more events than a page holds, also while they change', async () => {
    const ids = Array.from({ length: 1_203 }, (_, n) => `event-${String(n).padStart(5, '0')}`);
    await Promise.all(ids.map((id) => state.put(event(id, 'shadowed'))));
    const found: string[] = [];
    for await (const progress of state.list(['shadowed'])) {
      found.push(progress.legacyId);
      if (found.length % 100 === 0) await state.put({ ...progress, phase: 'cut-over' });
    }
    expect(found).toEqual(ids);
  });
});

describe('what the mirror wrote over', () => {
  it('is kept once, whole and with what was missing, per event', async () => {
    const original = {
      roles: [
        { id: 'r1', signups: [{ userId: 'ann' }] },
        { id: 'r2', signups: undefined },
      ],
      signedUp: undefined,
    };
    await state.keepOriginal(idOf('a:b'), original);
    await state.keepOriginal(idOf('a'), { roles: [], signedUp: 7 });
    await state.keepOriginal(idOf('a:b'), { roles: [{ id: 'r1', signups: [] }], signedUp: 9 });
    expect(await state.findOriginal(idOf('a:b'))).toEqual(original);
    expect(await state.findOriginal(idOf('a'))).toEqual({ roles: [], signedUp: 7 });
    await state.dropOriginal(idOf('a'));
    expect(await state.findOriginal(idOf('a'))).toBeUndefined();
    expect(await state.findOriginal(idOf('a:b'))).toEqual(original);
  });

  it('may be nearly as large as a document', async () => {
    const signups = 'x'.repeat(15_900_000);
    const roles = ['r1', 'r2'].map((id) => ({ id, signups }));
    await state.keepOriginal(idOf('a'), { roles, signedUp: 1 });
    expect((await state.findOriginal(idOf('a')))?.roles.map((role) => String(role.signups).length)).toEqual([
      15_900_000, 15_900_000,
    ]);
  });
});
