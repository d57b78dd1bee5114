import type { EventId, RegistrationId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { commandsFor } from '../commands.ts';
import { eventIdOf } from '../ids.ts';
import type { LegacyEvent } from '../legacy.ts';
import { defaultMapping } from '../mapping/parse.ts';
import type { LegacyChanges } from '../ports.ts';
import { settle } from '../settle/settle.ts';
import { aDocument, aLegacyEvent, aLegacyRole, anEntry, objectIdOf } from '../testing.ts';
import { applied } from '../testing-rollcall.ts';
import type { HeldEvent } from '../wanted.ts';
import { afterWriting } from '../write-back/testing-writes.ts';
import type { EventProgress, MigrationPorts } from './ports.ts';
import { rollBack } from './rollback.ts';

const limits = { eventsAtOnce: 1, eventsPerRead: 1, bytesPerRead: 500_000, attemptsMax: 3, examplesMax: 1 };

/** One event that was cut over, and in which everything but what a rollback needs fails. */
class World {
  legacy: LegacyEvent = aLegacyEvent({ roles: [aLegacyRole('helpers', 2, [anEntry(1)])], documents: [aDocument(1)] });
  held: HeldEvent | undefined;
  progress: EventProgress | undefined;
  dying: string | undefined;

  constructor() {
    const { legacyId } = this.legacy;
    const { wanted } = settle(this.legacy, defaultMapping);
    const held = wanted && applied(undefined, commandsFor(wanted, undefined, 1));
    if (held === undefined) throw new Error('nothing to cut over');
    this.held = { ...held, importing: false, status: 'open' };
    this.progress = { legacyId, eventId: eventIdOf(legacyId), phase: 'cut-over', since: 1, findings: {} };
  }

  /** As staff do. */
  cancel(): void {
    if (this.held === undefined) throw new Error('it is gone');
    const registrations = this.held.registrations.map((one) => ({ ...one, status: 'cancelled' as const }));
    this.held = { ...this.held, status: 'cancelled', version: this.held.version + 1, registrations };
  }

  run(remove = false) {
    const ports = this.#ports() as MigrationPorts;
    return rollBack(ports, { mapping: defaultMapping, limits, dryRun: false, remove, objectIdOf }, [
      this.legacy.legacyId,
    ]);
  }

  #ports() {
    return {
      now: () => 1_000,
      reach: (point: string) => {
        if (point === this.dying) throw new Error('killed');
      },
      legacy: {
        readEvents: async () => [this.legacy],
        freeze: async () => undefined,
        unfreeze: async () => {
          if (this.dying === 'unfrozen') throw new Error('killed');
        },
        apply: async (changes: LegacyChanges) => {
          const unwritten: readonly RegistrationId[] = [];
          this.legacy = afterWriting(this.legacy, { ...changes, stops: [], unwritten });
        },
      },
      rollcall: {
        heads: async (eventIds: readonly EventId[]) =>
          new Map(this.held === undefined ? [] : eventIds.map((eventId) => [eventId, this.held])),
        readHeld: async () => this.held,
        apply: async () => {
          if (this.held === undefined) throw new Error('it is gone');
          this.held = { ...this.held, status: 'draft', importing: true, version: this.held.version + 1 };
          return { kind: 'applied', version: this.held.version };
        },
        removeImported: async () => {
          this.held = undefined;
          return true;
        },
      },
      state: {
        readRun: async () => ({}),
        find: async () => new Map(this.progress === undefined ? [] : [[this.progress.legacyId, this.progress]]),
        put: async (progress: EventProgress) => {
          this.progress = progress;
        },
        remove: async () => {
          if (this.dying === 'remove') throw new Error('killed');
          this.progress = undefined;
        },
        findOriginal: async () => undefined,
        dropOriginal: async () => undefined,
      },
    } as unknown;
  }
}

describe('a rollback', () => {
  it('tells the old system that the event was cancelled', async () => {
    const world = new World();
    world.cancel();
    expect(await world.run()).toMatchObject([{ outcome: 'given-back' }]);
    expect(world.legacy.event).toMatchObject({ status: 'cancelled' });
    expect(world.progress).toMatchObject({ phase: 'shadowed' });
    expect(world.progress).not.toHaveProperty('ledStatus');
  });

  it.each(['rollback-begun', 'rollback-resumed', 'rollback-written'])(
    'tells it so after a kill at %s',
    async (point) => {
      const world = new World();
      world.cancel();
      world.dying = point;
      await expect(world.run()).rejects.toThrow('killed');
      world.dying = undefined;
      expect(await world.run()).toMatchObject([{ outcome: 'given-back' }]);
      expect(world.legacy.event).toMatchObject({ status: 'cancelled' });
    },
  );

  it.each([false, true])(
    'killed after the old system may write again leaves what it has written since (remove: %s)',
    async (remove) => {
      const world = new World();
      world.dying = remove ? 'unfrozen' : 'rollback-unfrozen';
      await expect(world.run(remove)).rejects.toThrow('killed');
      world.dying = undefined;
      world.legacy = aLegacyEvent({
        roles: [aLegacyRole('helpers', 2, [anEntry(1), anEntry(2)])],
        documents: [aDocument(1), aDocument(2)],
      });
      const { event, registrations } = world.legacy;
      expect(await world.run(remove)).toMatchObject([{ outcome: 'given-back' }]);
      expect(world.legacy).toMatchObject({ event, registrations });
      expect(world.progress?.phase).toBe(remove ? undefined : 'shadowed');
    },
  );

  it('that also takes the event out can be gone on with when it is out', async () => {
    const world = new World();
    world.dying = 'remove';
    await expect(world.run(true)).rejects.toThrow('killed');
    world.dying = undefined;
    expect(await world.run(true)).toMatchObject([{ outcome: 'removed' }]);
    expect(world.progress).toBeUndefined();
  });
});
