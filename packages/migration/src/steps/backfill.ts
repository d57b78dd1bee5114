import type { LegacyId } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { atOnce } from './at-once.ts';
import { bringOver, isLed, ledBy, type BroughtOver } from './bring-over.ts';
import { compare, lookAt } from './compare.ts';
import { groupsOf } from './events-of.ts';
import type { MigrationLimits, MigrationPorts } from './ports.ts';

export interface BackfillOptions {
  readonly mapping: Mapping;
  readonly limits: MigrationLimits;
  /** Counts what would be imported. */
  readonly dryRun: boolean;
  readonly only?: readonly LegacyId[];
  readonly signal: AbortSignal;
}

/**
 * Brings all events over. What comes before the first of them is where following the old system's changes begins, so nothing
 * that is written meanwhile is missed. Repeated, it passes over what is the same already.
 *
 * @param onEvent told of each as it is done
 * @returns how many have an `_id` that can't be an id
 */
export async function backfill(
  ports: MigrationPorts,
  { mapping, limits, dryRun, only, signal }: BackfillOptions,
  onEvent: (event: BroughtOver) => void,
): Promise<number> {
  const { legacy, state, observer, reach } = ports;
  if (!dryRun && (await state.readRun()).resumePoint === undefined) {
    await state.patchRun({ resumePoint: await legacy.now() });
    reach('backfill-point-stored');
  }
  const of = only?.length ?? (await legacy.countEvents());
  let done = 0;
  let unusable = 0;
  const groups = groupsOf(legacy, limits, only, () => {
    unusable += 1;
  });
  await atOnce(untilAborted(groups, signal), limits.eventsAtOnce, async (group) => {
    const brought = dryRun ? await tried(ports, mapping, group) : await bringOver(ports, { mapping, limits }, group);
    for (const event of brought) onEvent(event);
    reach('backfill-imported');
    done += group.length;
    observer.progress({ done, of, what: dryRun ? 'events compared' : 'events imported' });
  });
  return unusable;
}

/** What `bringOver` would say. */
async function tried(
  ports: MigrationPorts,
  mapping: Mapping,
  legacyIds: readonly LegacyId[],
): Promise<readonly BroughtOver[]> {
  const looks = await lookAt(ports, legacyIds);
  const known = await ports.state.find(legacyIds);
  return looks.map((look): BroughtOver => {
    const { legacyId } = look;
    const nothing = { legacyId, findings: [], differed: 0 };
    if (isLed(look, known.get(legacyId))) return ledBy(look);
    const comparison = compare(look, mapping);
    switch (comparison.kind) {
      case 'absent':
        return { ...nothing, outcome: 'absent' };
      case 'deleted':
        return { ...nothing, outcome: 'removed' };
      case 'stopped':
        return { ...nothing, outcome: 'stopped', findings: comparison.findings };
      case 'compared': {
        const { wanted, findings, differences } = comparison;
        const differed = differences.length;
        return { legacyId, outcome: differed === 0 ? 'equal' : 'imported', findings, wanted, differed };
      }
    }
  });
}

async function* untilAborted<Item>(items: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  for await (const item of items) {
    if (signal.aborted) return;
    yield item;
  }
}
