import type { CommitId, EventId } from '@rollcall/domain';
import { createImporter, type ImportOrder } from '@rollcall/engine';
import {
  aRole,
  aUserId,
  commandIdNamed,
  finishImport,
  importEvent,
  importRegistration,
  resumeImport,
  type Dice,
} from '@rollcall/testkit';
import type { MongoServer } from './mongo.ts';
import { createLink } from './network.ts';
import { pauseOf, repeat, type Life } from './processes.ts';
import type { Scheduler } from './scheduler.ts';

export interface MigratorOptions {
  readonly scheduler: Scheduler;
  readonly mongo: MongoServer;
  /** Brought over from the system before. */
  readonly eventId: EventId;
  /** Who is registered there; the same whenever a migration is begun again. */
  readonly orders: readonly ImportOrder[];
  readonly newCommitId: () => CommitId;
  /** After that it gives nothing back any more, in virtual ms. */
  readonly untilMs: number;
}

const lookEveryMs = 300;
/** Of 100 looks at an event that Rollcall leads, so many give it back. */
const giveBackPercent = 3;

/** What the system before has: some have seats, some wait, and some have left. */
export function legacyOrders(dice: Dice, eventId: EventId): readonly ImportOrder[] {
  const roles = ['volunteers', 'cooks'].map((name) =>
    aRole(name, { capacity: dice.pick([1, 3, 10]), waitlist: dice.pick(['auto', 'offer', 'off']) }),
  );
  const { commandId: _id, eventId: _event, acceptedAt: _at, ...event } = importEvent({ roles }, { eventId });
  const people = Array.from({ length: dice.below(30) }, (_, n): ImportOrder => {
    const status = dice.pick(['confirmed', 'confirmed', 'waitlist', 'cancelled'] as const);
    const role = dice.pick(['volunteers', 'cooks']);
    const {
      eventId: _of,
      acceptedAt: _then,
      ...body
    } = importRegistration(`old-${n}`, {
      eventId,
      commandId: commandIdNamed(`old${n}`),
      status,
      role,
      registeredBy: aUserId(`old-${n}`),
    });
    return body;
  });
  return [event, ...people];
}

/** One life of a migration: it brings the event over, ends the import, and now and then gives the event back for a while. */
export function startMigrator(
  { scheduler, mongo, eventId, orders, newCommitId, untilMs }: MigratorOptions,
  life: Life,
): void {
  const { dice } = scheduler;
  const { store } = mongo.reachedBy(createLink(scheduler, life, mongo.weather));
  const pause = (ms: number) => pauseOf(scheduler, life, ms);
  const importer = createImporter({
    store,
    observer: {
      batchCommitted: () => undefined,
      commitRefused: () => undefined,
      abandonedCommitsEnded: () => undefined,
      lockBusy: () => undefined,
      warned: () => undefined,
    },
    now: () => life.now(),
    elapsed: () => scheduler.now(),
    newCommitId,
    backOff: (failures) => pause(dice.below(Math.min(250, 5 * 2 ** failures))),
  });
  const apply = (version: number, ...some: readonly ImportOrder[]) => importer.apply(eventId, version, some);

  repeat(scheduler, life, lookEveryMs, async () => {
    const stored = await store.loadEvent(eventId);
    if (stored === undefined) return apply(0, ...orders);
    const { version, current } = stored;
    if (current.importing !== true) {
      const isGivenBack = scheduler.now() < untilMs && current.legacyId !== undefined && dice.percent(giveBackPercent);
      return isGivenBack ? apply(version, orderOf(resumeImport({ eventId }))) : undefined;
    }
    // Those that an earlier life has brought over are known by their ids.
    const brought = await apply(version, ...orders.slice(1));
    if (brought.kind === 'moved') return undefined;
    return apply(brought.version, orderOf(finishImport(dice.pick(['open', 'open', 'closed']), { eventId })));
  });
}

function orderOf(command: ReturnType<typeof finishImport | typeof resumeImport>): ImportOrder {
  const { commandId: _id, eventId: _event, acceptedAt: _at, ...body } = command;
  return body;
}
