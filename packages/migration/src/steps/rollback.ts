import { resumeImport } from '../commands.ts';
import type { Difference } from '../diff.ts';
import type { LegacyDocument, LegacyId } from '../legacy.ts';
import { legacyIdOf } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { legacyChanges, type WriteBack } from '../write-back/legacy-changes.ts';
import type { Finding } from '../settle/findings.ts';
import { originalsAsChange } from './mirror.ts';
import { compare, lookAt } from './compare.ts';
import {
  refuseBeside,
  StepRefusedError,
  type EventProgress,
  type MigrationLimits,
  type MigrationPorts,
} from './ports.ts';
import { RestlessEventError } from './bring-over.ts';

export interface RollbackOptions {
  readonly mapping: Mapping;
  readonly limits: MigrationLimits;
  /** Counts what would be written. */
  readonly dryRun: boolean;
  /** Also takes the event out of Rollcall when it has been given back. */
  readonly remove: boolean;
  /** The ids that the old system gives its documents. */
  readonly objectIdOf: (hex: string) => unknown;
  /** The events of the backup: what a cleanup removed comes from there. */
  readonly backedUpEvents?: () => AsyncIterable<LegacyDocument>;
}

export interface RolledBack {
  readonly legacyId: LegacyId;
  readonly outcome:
    /** The old system led it, so nothing had to be written back; it is not in Rollcall any more. */
    | 'removed'
    /** What happened in Rollcall is written back, and the old system leads. */
    | 'given-back'
    /** It was written back, and the two sides do not say the same: it stays frozen on both. */
    | 'differs'
    /** The old system says what no rule covers, so nothing is written back: it stays frozen on both sides. */
    | 'stopped'
    /** The old system has no such event any more. */
    | 'deleted'
    /** It was never brought over. */
    | 'unknown';
  readonly written: Written;
  readonly differences: readonly Difference[];
  readonly stops: readonly Finding[];
}

interface Written {
  readonly inserted: number;
  readonly updated: number;
  readonly deleted: number;
  readonly eventChanged: boolean;
}

const nothingWritten: Written = { inserted: 0, updated: 0, deleted: 0, eventChanged: false };

/**
 * Gives events back to the old system: those that it leads still are taken out of Rollcall, of those that Rollcall leads what
 * has happened since is written back in the old shape. A run that was killed is gone on with by the next one.
 *
 * @throws StepRefusedError while a mirror runs, or a shadow that would bring over again what is taken out, or when a backup is needed and there is none.
 */
export async function rollBack(
  ports: MigrationPorts,
  options: RollbackOptions,
  legacyIds: readonly LegacyId[],
): Promise<readonly RolledBack[]> {
  const { state, now } = ports;
  const run = await state.readRun();
  if (!options.dryRun) refuseBeside('mirror', run, now());
  const known = await state.find(legacyIds);
  const cleaned = new Set(
    [...known.values()].filter(({ wasCleaned }) => wasCleaned === true).map(({ legacyId }) => legacyId),
  );
  if (cleaned.size > 0 && !options.dryRun) await restoreCleaned(ports, options, cleaned);
  const done: RolledBack[] = [];
  for (const legacyId of legacyIds) {
    const progress = known.get(legacyId);
    done.push(progress === undefined ? nothing(legacyId, 'unknown') : await rollBackOne(ports, options, progress));
  }
  return done;
}

const nothing = (legacyId: LegacyId, outcome: RolledBack['outcome']): RolledBack => ({
  legacyId,
  outcome,
  written: nothingWritten,
  differences: [],
  stops: [],
});

async function rollBackOne(
  ports: MigrationPorts,
  options: RollbackOptions,
  progress: EventProgress,
): Promise<RolledBack> {
  const { legacyId, eventId, phase } = progress;
  const held = await ports.rollcall.readHeld(eventId);
  // One that is on its way back and not in Rollcall any more was written back, and then taken out as it was asked for.
  if (held === undefined || (phase !== 'rolling-back' && held.importing)) {
    if (!options.dryRun) await takeOut(ports, progress);
    return nothing(legacyId, 'removed');
  }
  if (phase === 'rolling-back' && progress.wasWritten === true && held.importing) {
    // It was killed when the old system might write again: what came since then must not be written over.
    if (!options.dryRun) await handOver(ports, options, progress);
    return nothing(legacyId, 'given-back');
  }
  if (options.dryRun) return wouldWrite(ports, options, { legacyId, ledStatus: progress.ledStatus });

  const { wasWritten: _, ...known } = progress;
  const leaving: EventProgress = { ...known, phase: 'rolling-back', since: ports.now() };
  await ports.state.put(leaving);
  ports.reach('rollback-begun');
  const ledStatus = await stopInRollcall(ports, options.limits, leaving);
  ports.reach('rollback-resumed');
  // It is frozen since it was cut over; an owner may have ended that.
  await ports.legacy.freeze([legacyId]);
  const original = await ports.state.findOriginal(legacyId);
  const before = (await ports.legacy.readEvents([legacyId]))[0];
  if (before === undefined) return nothing(legacyId, 'deleted');
  if (original !== undefined) await ports.legacy.apply(originalsAsChange(before, original, options.mapping));
  ports.reach('rollback-restored');

  const changes = await changesOf(ports, options, { legacyId, ledStatus });
  if (changes === undefined) return nothing(legacyId, 'deleted');
  if (changes.stops.length > 0) return { ...nothing(legacyId, 'stopped'), stops: changes.stops };
  await ports.legacy.apply(changes);
  ports.reach('rollback-written');
  const differences = await stillDifferent(ports, options.mapping, legacyId);
  const written = countOf(changes);
  if (differences.length > 0) return { ...nothing(legacyId, 'differs'), written, differences };

  await ports.state.put({ ...leaving, wasWritten: true });
  await handOver(ports, options, leaving);
  return { ...nothing(legacyId, 'given-back'), written };
}

/** Of an event of which all is written back. */
async function handOver(ports: MigrationPorts, { remove }: RollbackOptions, progress: EventProgress): Promise<void> {
  if (remove) return takeOut(ports, progress);
  const { legacy, state, reach, now } = ports;
  const { wasCleaned: _, ledStatus: __, wasWritten: ___, ...kept } = progress;
  await legacy.unfreeze([progress.legacyId]);
  reach('rollback-unfrozen');
  await state.dropOriginal(progress.legacyId);
  await state.put({ ...kept, phase: 'shadowed', since: now() });
}

/** Of an event that the old system leads. */
async function takeOut(
  { legacy, rollcall, state, now }: MigrationPorts,
  { legacyId, eventId }: EventProgress,
): Promise<void> {
  refuseBeside('shadow', await state.readRun(), now());
  await legacy.unfreeze([legacyId]);
  if (!(await rollcall.removeImported(eventId))) {
    throw new StepRefusedError(`event ${legacyId} was opened in Rollcall meanwhile: roll it back once more`);
  }
  await state.dropOriginal(legacyId);
  await state.remove(legacyId);
}

/** @returns what it was in Rollcall; kept before it is stopped, for then it does not say so any more */
async function stopInRollcall(
  { rollcall, state }: MigrationPorts,
  limits: MigrationLimits,
  leaving: EventProgress,
): Promise<EventProgress['ledStatus']> {
  const { legacyId, eventId } = leaving;
  let { ledStatus } = leaving;
  for (let attempt = 1; attempt <= limits.attemptsMax; attempt += 1) {
    const held = await rollcall.readHeld(eventId);
    if (held === undefined)
      throw new StepRefusedError(`event ${legacyId} is not in Rollcall: there is nothing to write back`);
    if (held.importing || held.status === 'draft') return ledStatus;
    ledStatus = held.status;
    await state.put({ ...leaving, ledStatus });
    await rollcall.apply(eventId, held.version, [resumeImport]);
  }
  throw new RestlessEventError(`event ${legacyId} moved ${limits.attemptsMax} times while it was to be stopped`);
}

type Leaving = Pick<EventProgress, 'legacyId'> & { readonly ledStatus: EventProgress['ledStatus'] };

async function changesOf(
  ports: MigrationPorts,
  { mapping, objectIdOf }: RollbackOptions,
  { legacyId, ledStatus }: Leaving,
): Promise<WriteBack | undefined> {
  const [look] = await lookAt(ports, [legacyId]);
  if (look?.legacy === undefined || look.held === undefined) return undefined;
  const held = { ...look.held, status: ledStatus ?? look.held.status };
  return legacyChanges(held, look.legacy, mapping, { objectIdOf, now: ports.now() });
}

async function stillDifferent(
  ports: MigrationPorts,
  mapping: Mapping,
  legacyId: LegacyId,
): Promise<readonly Difference[]> {
  const [look] = await lookAt(ports, [legacyId]);
  if (look === undefined) return [];
  const comparison = compare(look, mapping);
  return comparison.kind === 'compared' ? comparison.differences : [];
}

async function wouldWrite(ports: MigrationPorts, options: RollbackOptions, leaving: Leaving): Promise<RolledBack> {
  const { legacyId } = leaving;
  const changes = await changesOf(ports, options, leaving);
  if (changes === undefined) return nothing(legacyId, 'deleted');
  if (changes.stops.length > 0) return { ...nothing(legacyId, 'stopped'), stops: changes.stops };
  return { ...nothing(legacyId, 'given-back'), written: countOf(changes) };
}

const countOf = ({ inserts, updates, deletes, event }: WriteBack): Written => ({
  inserted: inserts.length,
  updated: updates.length,
  deleted: deletes.length,
  eventChanged: event !== undefined,
});

async function restoreCleaned(
  { legacy }: MigrationPorts,
  { backedUpEvents, mapping }: RollbackOptions,
  legacyIds: ReadonlySet<LegacyId>,
): Promise<void> {
  if (backedUpEvents === undefined)
    throw new StepRefusedError('what the cleanup removed comes from the backup: say where it is');
  await legacy.restoreFields(only(backedUpEvents(), legacyIds), {
    paths: removedPaths(mapping),
    itemId: mapping.role.id,
  });
}

async function* only(
  documents: AsyncIterable<LegacyDocument>,
  legacyIds: ReadonlySet<LegacyId>,
): AsyncGenerator<LegacyDocument> {
  for await (const document of documents) {
    const legacyId = legacyIdOf(document['_id']);
    if (legacyId !== undefined && legacyIds.has(legacyId)) yield document;
  }
}

/** What a cleanup removes of an event. */
export const removedPaths = ({ event, role }: Pick<Mapping, 'event' | 'role'>): readonly string[] => [
  `${event.roles}[].${role.signups}`,
  ...(event.signedUp === null ? [] : [event.signedUp]),
];
