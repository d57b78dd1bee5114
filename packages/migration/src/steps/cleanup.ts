import type { EventId, Instant } from '@rollcall/domain';
import type { Mapping } from '../mapping/schema.ts';
import { grouped } from './at-once.ts';
import { groupsOf } from './events-of.ts';
import { refuseBeside, StepRefusedError, type EventProgress, type MigrationPorts } from './ports.ts';
import { removedPaths } from './rollback.ts';

/** Events per statement. */
const eventsAtOnce = 500;

export interface CleanupOptions {
  readonly mapping: Mapping;
  readonly dryRun: boolean;
  /** Reads the whole backup again. @returns the checksum of its manifest. @throws Error when it is not what it was */
  readonly checksumOf: (folder: string) => Promise<string>;
  /** How many differences there are between journal, registrations and counts of an event. */
  readonly verify: (eventId: EventId) => Promise<number>;
}

/**
 * Takes the old system's copy of the signups away: only when there is a backup that is whole and newer than every cutover, when
 * Rollcall leads every event, and when all of them verify.
 *
 * @returns how many of the old system's events were changed
 * @throws StepRefusedError that says what is missing; then nothing was removed.
 */
export async function cleanUp(ports: MigrationPorts, options: CleanupOptions): Promise<number> {
  const { legacy, state, observer, now, reach } = ports;
  const { mapping, dryRun, checksumOf, verify } = options;
  const run = await state.readRun();
  refuseBeside('mirror', run, now());
  if (run.backup === undefined) throw new StepRefusedError('there is no backup: run rollcall migrate backup first');
  if ((await checksumOf(run.backup.folder)) !== run.backup.manifestSha256) {
    throw new StepRefusedError(`the backup in ${run.backup.folder} is another one than was made`);
  }
  await refuseUnlessLed(ports, run.backup.at);
  const of = (await state.countByPhase()).get('cut-over') ?? 0;
  let done = 0;
  for await (const { eventId, legacyId } of state.list(['cut-over'])) {
    const differences = await verify(eventId);
    if (differences > 0) {
      throw new StepRefusedError(`event ${legacyId} (${eventId}) does not verify: ${differences} differences`);
    }
    done += 1;
    observer.progress({ done, of, what: 'events verified' });
  }
  if (dryRun) return 0;
  // Before the first field goes, so that a rollback knows where to look after a kill.
  for await (const progress of state.list(['cut-over'])) await note(ports, progress);
  let changed = 0;
  // Those alone: an event that the old system has made meanwhile is its own.
  for await (const group of grouped(state.list(['cleaned']), eventsAtOnce)) {
    const legacyIds = group.map(({ legacyId }) => legacyId);
    changed += await legacy.removeFields(legacyIds, removedPaths(mapping));
    observer.progress({ done: changed, of: undefined, what: 'events cleaned' });
  }
  reach('cleanup-removed');
  return changed;
}

async function note({ state, now }: MigrationPorts, progress: EventProgress): Promise<void> {
  await state.put({ ...progress, phase: 'cleaned', wasCleaned: true, since: now() });
  await state.dropOriginal(progress.legacyId);
}

async function refuseUnlessLed({ legacy, state }: MigrationPorts, backupAt: Instant): Promise<void> {
  // What has no id that can be one was never brought over, and would lose its lists with all others.
  const refuseUnusable = () => {
    throw new StepRefusedError('an event whose _id can be none is not in Rollcall: its list of signups would be lost');
  };
  const inOne = { eventsPerRead: 1_000, bytesPerRead: Infinity };
  for await (const group of groupsOf(legacy, inOne, undefined, refuseUnusable)) {
    const known = await state.find(group);
    for (const legacyId of group) {
      const progress = known.get(legacyId);
      if (progress?.phase === 'cleaned') continue;
      if (progress?.phase !== 'cut-over') {
        throw new StepRefusedError(
          `event ${legacyId} is ${progress?.phase ?? 'not in Rollcall'}: all events must be cut over before their copies go`,
        );
      }
      // Until then the old system wrote: a rollback would bring back who had left or moved since the backup. Of one whose
      // moment is not known nobody can say that it is newer.
      const isAsItWasLeft = progress.since <= backupAt;
      if (!isAsItWasLeft) {
        throw new StepRefusedError(
          `the backup is older than the cutover of event ${legacyId}: run rollcall migrate backup again, into another folder`,
        );
      }
    }
  }
}
