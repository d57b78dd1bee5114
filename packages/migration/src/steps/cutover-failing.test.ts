import type { EventId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { commandsFor } from '../commands.ts';
import { eventIdOf } from '../ids.ts';
import type { LegacyEvent } from '../legacy.ts';
import { defaultMapping } from '../mapping/parse.ts';
import { settle } from '../settle/settle.ts';
import { aDocument, aLegacyEvent, aLegacyRole, anEntry } from '../testing.ts';
import { applied } from '../testing-rollcall.ts';
import type { HeldEvent } from '../wanted.ts';
import { cutOver } from './cutover.ts';
import type { Applied, EventProgress, Phase, MigrationPorts } from './ports.ts';

const limits = { eventsAtOnce: 1, eventsPerRead: 1, bytesPerRead: 500_000, attemptsMax: 3, examplesMax: 1 };

/** One event that was brought over, and the old system in front of a cutover. */
class World {
  legacy: LegacyEvent | undefined = aLegacyEvent({
    roles: [aLegacyRole('helpers', 2, [anEntry(1)])],
    documents: [aDocument(1)],
  });
  held: HeldEvent;
  progress: EventProgress;
  isFrozen = false;
  isOpening = true;
  onOpening: () => void = () => undefined;
  answer: () => Applied = () => ({ kind: 'applied', version: this.held.version });

  constructor() {
    const legacy = this.legacy ?? aLegacyEvent();
    const { wanted } = settle(legacy, defaultMapping);
    const held = wanted && applied(undefined, commandsFor(wanted, undefined, 1));
    if (held === undefined) throw new Error('nothing to cut over');
    this.held = held;
    const { legacyId } = legacy;
    this.progress = { legacyId, eventId: eventIdOf(legacyId), phase: 'shadowed', since: 1, findings: {} };
  }

  run() {
    const ports = {
      now: () => 1_000,
      reach: () => undefined,
      observer: { warned: () => undefined },
      legacy: {
        readEvents: async () => (this.legacy === undefined ? [] : [this.legacy]),
        freeze: async () => void (this.isFrozen = true),
        unfreeze: async () => void (this.isFrozen = false),
      },
      rollcall: {
        heads: async (eventIds: readonly EventId[]) => new Map(eventIds.map((eventId) => [eventId, this.held])),
        readHeld: async () => this.held,
        apply: async () => {
          this.onOpening();
          const version = this.held.version + 1;
          if (this.isOpening) this.held = { ...this.held, importing: false, status: 'open', version };
          return this.answer();
        },
      },
      state: {
        find: async (ids: readonly string[]) => new Map(ids.map((id) => [id, this.progress])),
        put: async (progress: EventProgress) => void (this.progress = progress),
        putFrom: async (_phase: Phase, progress: EventProgress) => {
          this.progress = progress;
          return true;
        },
      },
    } as unknown as MigrationPorts;
    return cutOver(ports, { mapping: defaultMapping, limits, dryRun: false }, [this.progress.legacyId]);
  }
}

describe('a cutover', () => {
  it('opens what is equal, and leaves it frozen in the old system', async () => {
    const world = new World();
    expect(await world.run()).toMatchObject([{ outcome: 'opened' }]);
    expect(world).toMatchObject({ isFrozen: true, progress: { phase: 'cut-over' } });
  });

  it('gives nothing back that another one has opened meanwhile', async () => {
    const world = new World();
    world.answer = () => ({ kind: 'moved' });
    expect(await world.run()).toMatchObject([{ outcome: 'opened' }]);
    expect(world).toMatchObject({ isFrozen: true, progress: { phase: 'cut-over' } });
  });

  it('gives back what did not open', async () => {
    const world = new World();
    world.onOpening = () => void (world.isOpening = false);
    world.answer = () => ({ kind: 'moved' });
    expect(await world.run()).toMatchObject([{ outcome: 'aborted' }]);
    expect(world).toMatchObject({ isFrozen: false, progress: { phase: 'shadowed' } });
  });

  it('says that the old system has deleted the whole event between comparison and opening', async () => {
    const world = new World();
    world.onOpening = () => {
      world.legacy = undefined;
    };
    expect(await world.run()).toMatchObject([{ outcome: 'changed-after-freeze' }]);
  });
});
