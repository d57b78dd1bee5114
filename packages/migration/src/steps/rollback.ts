import type { RegistrationId } from '@rollcall/domain';
import { commandsFor, resumeImport } from '../commands.ts';
import type { Difference } from '../diff.ts';
import type { LegacyDocument, LegacyId } from '../legacy.ts';
import { legacyIdOf } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { legacyChanges, type WriteBack } from '../write-back/legacy-changes.ts';
import type { Finding } from '../settle/findings.ts';
import { originalsAsChange } from './mirror.ts';
import { compare, lookAt, type Comparison } from './compare.ts';
import {
  refuseBeside,
  StepRefusedError,
  type EventProgress,
  type MigrationLimits,
  type MigrationPorts,
  type Phase,
} from './ports.ts';
import { withUsersOf } from './users.ts';
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
    /**
     * It was written back, and the two sides do not say the same: it stays frozen on both. `unwritten` are those whom the old
     * system can't be told of, as long as it does not know their users.
     */
    | 'differs'
    /** The old system says what no rule covers: nothing is written back, and Rollcall leads on. */
    | 'stopped'
    /** The old system has no such event any more: Rollcall leads on. */
    | 'deleted'
    /** It was never brought over. */
    | 'unknown';
  readonly written: Written;
  readonly differences: readonly Difference[];
  readonly stops: readonly Finding[];
  /** Registrations that only Rollcall has. */
  readonly unwritten: readonly RegistrationId[];
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
  const known = await state.find(legacyIds);
  if (!options.dryRun) {
    refuseBeside('mirror', run, now());
    // Before anything is written: of those that are to be given back some would be, and others not.
    const takesOut = [...known.values()].some(({ phase }) => options.remove || isLedByOld(phase));
    if (takesOut) refuseBeside('shadow', run, now());
  }
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

/** As far as it is known: of one that is being cut over Rollcall's side says who leads it. */
const isLedByOld = (phase: Phase): boolean => phase === 'stopped' || phase === 'shadowed' || phase === 'cutting-over';

const nothing = (legacyId: LegacyId, outcome: RolledBack['outcome']): RolledBack => ({
  legacyId,
  outcome,
  written: nothingWritten,
  differences: [],
  stops: [],
  unwritten: [],
});

async function rollBackOne(
  ports: MigrationPorts,
  options: RollbackOptions,
  progress: EventProgress,
): Promise<RolledBack> {
  const { legacyId, eventId, phase } = progress;
  if (phase === 'giving-back')
    return options.dryRun ? nothing(legacyId, 'given-back') : giveBack(ports, options, progress);
  const held = (await ports.rollcall.heads([eventId])).get(eventId);
  // One that is on its way back and not in Rollcall any more was written back, and then taken out as it was asked for.
  if (held === undefined || (phase !== 'rolling-back' && held.importing)) {
    if (!options.dryRun) await takeOut(ports, progress);
    return nothing(legacyId, 'removed');
  }
  if (options.dryRun || phase !== 'rolling-back') {
    // What can't be written back is left alone: Rollcall leads on.
    const would = await wouldWrite(ports, options, { legacyId, ledStatus: progress.ledStatus });
    if (options.dryRun || would.outcome === 'deleted' || would.outcome === 'stopped') return would;
  }

  const leaving: EventProgress = { ...progress, phase: 'rolling-back', since: ports.now() };
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
  const written = countOf(changes);
  const { unwritten } = changes;
  const wrong = wrongBy(legacyId, await compareAgain(ports, options, legacyId));
  if (wrong !== undefined) return { ...wrong, written, unwritten };
  return { ...(await giveBack(ports, options, progress)), written, unwritten };
}

/** Of an event of which everything is written back. From here on what the old system says counts, and nothing is written to it. */
async function giveBack(
  ports: MigrationPorts,
  options: Pick<RollbackOptions, 'remove'>,
  progress: EventProgress,
): Promise<RolledBack> {
  const { legacy, state, now, reach } = ports;
  const { legacyId } = progress;
  const { wasCleaned: _, ledStatus: __, ...kept } = progress;
  // Said before the first write there can be made: a run that goes on after a kill would take it for something to undo.
  await state.put({ ...kept, phase: 'giving-back', since: now() });
  reach('rollback-given-back');
  await legacy.unfreeze([legacyId]);
  reach('rollback-unfrozen');
  await state.dropOriginal(legacyId);
  await state.put({ ...kept, phase: 'shadowed', since: now() });
  // Only now: what is half taken out must not be taken for what happened in Rollcall.
  if (options.remove) await takeOut(ports, progress);
  return nothing(legacyId, 'given-back');
}

/** Undefined where both sides say the same. */
function wrongBy(legacyId: LegacyId, comparison: Comparison): RolledBack | undefined {
  switch (comparison.kind) {
    case 'absent':
    case 'deleted':
      return nothing(legacyId, 'deleted');
    case 'stopped':
      return { ...nothing(legacyId, 'stopped'), stops: comparison.stops };
    case 'compared': {
      const { differences } = comparison;
      return differences.length === 0 ? undefined : { ...nothing(legacyId, 'differs'), differences };
    }
  }
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
    const held = (await rollcall.heads([eventId])).get(eventId);
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
  const event = await withUsersOf(ports, mapping, look.legacy, held);
  return legacyChanges(held, event, mapping, { objectIdOf, now: ports.now() });
}

/**
 * How both sides stand once it is written. Documents that were made have ids now, and the old shape does not keep every time:
 * that Rollcall takes over. All else should be the same.
 */
async function compareAgain(
  ports: MigrationPorts,
  { mapping, limits }: RollbackOptions,
  legacyId: LegacyId,
): Promise<Comparison> {
  const { rollcall, now } = ports;
  for (let attempt = 1; attempt <= limits.attemptsMax; attempt += 1) {
    const [look] = await lookAt(ports, [legacyId]);
    if (look === undefined) return { kind: 'absent' };
    const comparison = compare(look, mapping);
    if (comparison.kind !== 'compared' || look.held === undefined) return comparison;
    const { wanted, differences } = comparison;
    if (differences.length === 0 || !differences.every(isTakenOver)) return comparison;
    await rollcall.apply(look.eventId, look.held.version, commandsFor(wanted, look.held, now()));
  }
  throw new RestlessEventError(`event ${legacyId} moved ${limits.attemptsMax} times after it was written back`);
}

function isTakenOver({ kind, wanted, held }: Difference): boolean {
  switch (kind) {
    case 'legacy-id':
    case 'profile':
    case 'date':
    case 'registered-by':
      return true;
    case 'attended':
      // When, and not whether.
      return wanted !== undefined && held !== undefined;
    case 'missing':
    case 'surplus':
    case 'role':
    case 'status':
    case 'order':
    case 'texts':
    case 'definition':
      return false;
  }
}

async function wouldWrite(ports: MigrationPorts, options: RollbackOptions, leaving: Leaving): Promise<RolledBack> {
  const { legacyId } = leaving;
  const changes = await changesOf(ports, options, leaving);
  if (changes === undefined) return nothing(legacyId, 'deleted');
  if (changes.stops.length > 0) return { ...nothing(legacyId, 'stopped'), stops: changes.stops };
  const { unwritten } = changes;
  const outcome = unwritten.length > 0 ? 'differs' : 'given-back';
  return { ...nothing(legacyId, outcome), written: countOf(changes), unwritten };
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
