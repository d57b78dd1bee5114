import { sameJson } from '@rollcall/domain';
import { commandsFor } from '../commands.ts';
import type { LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { Finding } from '../settle/findings.ts';
import type { WantedEvent } from '../wanted.ts';
import { compare, lookAt, type Look } from './compare.ts';
import type { EventProgress, MigrationLimits, MigrationPorts, Phase } from './ports.ts';

export interface BroughtOver {
  readonly legacyId: LegacyId;
  /** `led`: Rollcall leads it, or what happened there is on its way back. */
  readonly outcome: 'equal' | 'imported' | 'stopped' | 'removed' | 'absent' | 'led';
  readonly findings: readonly Finding[];
  /** Of `equal` and `imported`. */
  readonly wanted?: WantedEvent;
  readonly version?: number;
  /** How many registrations were not the same before. */
  readonly differed: number;
}

/** An event would not hold still. */
export class RestlessEventError extends Error {
  override readonly name = 'RestlessEventError';
}

const importable: readonly Phase[] = ['stopped', 'shadowed'];

/** Whether the old system has no say: Rollcall leads the event, or somebody takes or gives back the lead. */
export function isLed(
  { held }: Pick<Look, 'held'>,
  progress: EventProgress | undefined,
  phases: readonly Phase[] = importable,
): boolean {
  return held?.importing === false || (progress !== undefined && !phases.includes(progress.phase));
}

/**
 * Makes Rollcall say of these events what the old system says. Safe to repeat, and to run in several processes at once: what
 * has moved meanwhile is looked at again.
 *
 * @param phases those in which an event may be imported; in all others it is left alone
 * @throws RestlessEventError
 */
export async function bringOver(
  ports: MigrationPorts,
  { mapping, limits }: { readonly mapping: Mapping; readonly limits: Pick<MigrationLimits, 'attemptsMax'> },
  legacyIds: readonly LegacyId[],
  phases: readonly Phase[] = importable,
): Promise<readonly BroughtOver[]> {
  const done: BroughtOver[] = [];
  let left = legacyIds;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    if (attempt > limits.attemptsMax) {
      throw new RestlessEventError(`event ${left[0] ?? ''} moved ${limits.attemptsMax} times while it was looked at`);
    }
    const looks = await lookAt(ports, left);
    // After Rollcall's side was read: whoever takes the lead or gives it back says so beforehand.
    const known = await ports.state.find(left);
    const moved: LegacyId[] = [];
    for (const look of looks) {
      const progress = known.get(look.legacyId);
      const brought = isLed(look, progress, phases) ? ledBy(look) : await bringOne(ports, mapping, look, progress);
      if (brought === undefined) moved.push(look.legacyId);
      else done.push(brought);
    }
    left = moved;
  }
  return done;
}

export const ledBy = ({ legacyId }: Look): BroughtOver => ({ legacyId, outcome: 'led', findings: [], differed: 0 });

/** Undefined when it has to be looked at again. */
async function bringOne(
  { rollcall, state, observer, now }: MigrationPorts,
  mapping: Mapping,
  look: Look,
  progress: EventProgress | undefined,
): Promise<BroughtOver | undefined> {
  const { legacyId, eventId, held } = look;
  let from = progress?.phase;
  /** False when somebody else has said meanwhile how far the event is: that stays, and it has to be looked at again. */
  const note = async (phase: Phase, findings: readonly Finding[]): Promise<boolean> => {
    // One that is being cut over stays so.
    const next = progress?.phase === 'cutting-over' ? progress.phase : phase;
    const counts = Object.fromEntries(findings.map(({ kind, count }) => [kind, count]));
    if (progress?.phase === next && from === next && sameJson(progress.findings, counts)) return true;
    const isNoted = await state.putFrom(from, { legacyId, eventId, phase: next, since: now(), findings: counts });
    from = next;
    return isNoted;
  };

  const comparison = compare(look, mapping);
  switch (comparison.kind) {
    case 'absent':
    case 'deleted':
      // Also of one that is not there: whoever was taking it away may have been killed over it.
      if (!(await rollcall.removeImported(eventId))) return undefined;
      await state.remove(legacyId);
      return { legacyId, outcome: comparison.kind === 'absent' ? 'absent' : 'removed', findings: [], differed: 0 };
    case 'stopped': {
      const { findings } = comparison;
      if (!(await note('stopped', findings))) return undefined;
      return { legacyId, outcome: 'stopped', findings, differed: 0 };
    }
    case 'compared': {
      const { wanted, findings, differences } = comparison;
      const version = held?.version ?? 0;
      // Before anything is imported: a rollback knows of the events that are noted, and of no others.
      if (!(await note('shadowed', findings))) return undefined;
      if (differences.length === 0) {
        return { legacyId, outcome: 'equal', findings, wanted, version, differed: 0 };
      }
      const applied = await rollcall.apply(eventId, version, commandsFor(wanted, held, now()));
      if (applied.kind === 'moved') return undefined;
      if (applied.kind === 'refused') {
        observer.warned('Rollcall can not have the event as it is', legacyId, new Error(applied.reason));
        if (!(await note('stopped', findings))) return undefined;
        return { legacyId, outcome: 'stopped', findings, differed: differences.length };
      }
      return {
        legacyId,
        outcome: 'imported',
        findings,
        wanted,
        version: applied.version,
        differed: differences.length,
      };
    }
  }
}
