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
    const notes: EventProgress[] = [];
    for (const look of looks) {
      const progress = known.get(look.legacyId);
      const isLed = look.held?.importing === false || (progress !== undefined && !phases.includes(progress.phase));
      const brought = isLed ? ledBy(look) : await bringOne(ports, mapping, { look, progress, notes });
      if (brought === undefined) moved.push(look.legacyId);
      else done.push(brought);
    }
    await ports.state.put(...notes);
    left = moved;
  }
  return done;
}

const ledBy = ({ legacyId }: Look): BroughtOver => ({ legacyId, outcome: 'led', findings: [], differed: 0 });

interface Looked {
  readonly look: Look;
  readonly progress: EventProgress | undefined;
  /** What is to be kept of it, once all of them are done. */
  readonly notes: EventProgress[];
}

/** Undefined when it has to be looked at again. */
async function bringOne(
  { rollcall, state, observer, now }: MigrationPorts,
  mapping: Mapping,
  { look, progress, notes }: Looked,
): Promise<BroughtOver | undefined> {
  const { legacyId, eventId, held } = look;
  const note = (phase: Phase, findings: readonly Finding[]): void => {
    // One that is being cut over stays so.
    const next = progress?.phase === 'cutting-over' ? progress.phase : phase;
    const counts = Object.fromEntries(findings.map(({ kind, count }) => [kind, count]));
    if (progress?.phase === next && JSON.stringify(progress.findings) === JSON.stringify(counts)) return;
    notes.push({ legacyId, eventId, phase: next, since: now(), findings: counts });
  };

  const comparison = compare(look, mapping);
  switch (comparison.kind) {
    case 'absent':
      // Whoever was taking it away may have been killed over it.
      if (!(await rollcall.removeImported(eventId))) return undefined;
      await state.remove(legacyId);
      return { legacyId, outcome: 'absent', findings: [], differed: 0 };
    case 'deleted':
      if (!(await rollcall.removeImported(eventId))) return undefined;
      await state.remove(legacyId);
      return { legacyId, outcome: 'removed', findings: [], differed: 0 };
    case 'stopped': {
      const { findings } = comparison;
      note('stopped', findings);
      return { legacyId, outcome: 'stopped', findings, differed: 0 };
    }
    case 'compared': {
      const { wanted, findings, differences } = comparison;
      const version = held?.version ?? 0;
      if (differences.length === 0) {
        note('shadowed', findings);
        return { legacyId, outcome: 'equal', findings, wanted, version, differed: 0 };
      }
      const applied = await rollcall.apply(eventId, version, commandsFor(wanted, held, now()));
      if (applied.kind === 'moved') return undefined;
      if (applied.kind === 'refused') {
        observer.warned('Rollcall can not have the event as it is', legacyId, new Error(applied.reason));
        note('stopped', findings);
        return { legacyId, outcome: 'stopped', findings, differed: differences.length };
      }
      note('shadowed', findings);
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
