import { readBackup } from '@rollcall/legacy-mongo';
import { grouped, phases, rollBack, type RolledBack } from '@rollcall/migration';
import { count, several } from '../../texts.ts';
import type { Step } from '../stage.ts';
import { createTally, meant, shown } from './telling.ts';

/** After these there is nothing to look at. */
const fine: readonly RolledBack['outcome'][] = ['given-back', 'removed'];

export const rollbackStep = (remove: boolean, folder: string | undefined): Step => ({
  name: 'rollback',
  needs: ['read', 'freeze', 'write'],
  sameMapping: true,
  changes: true,
  async run(stage) {
    const { ports, mapping, limits, dryRun, signal, report, metrics, logger, objectIdOf } = stage;
    const backup = folder ?? (await ports.state.readRun()).backup?.folder;
    const backedUpEvents =
      backup === undefined ? {} : { backedUpEvents: () => readBackup(backup, mapping.collections.events) };
    const outcomes = createTally();
    const sum = { inserted: 0, updated: 0, deleted: 0 };
    for await (const group of grouped(meant(stage, phases), limits.eventsPerRead)) {
      if (signal.aborted) break;
      for (const event of await rollBack(
        ports,
        { mapping, limits, dryRun, remove, objectIdOf, ...backedUpEvents },
        group,
      )) {
        outcomes.add(event.outcome);
        for (const part of ['inserted', 'updated', 'deleted'] as const) sum[part] += event.written[part];
        metrics.event(event.outcome);
        logger?.info({ legacyId: event.legacyId, outcome: event.outcome, ...event.written }, 'event');
        const isFine = fine.includes(event.outcome);
        report.line(
          { type: 'event', ...event },
          isFine
            ? undefined
            : `event ${event.legacyId}: ${event.outcome} ${shown(event.stops.length > 0 ? event.stops : event.differences)}${untold(event)}`,
        );
      }
      ports.observer.progress({ done: outcomes.events, of: stage.only?.length, what: 'events rolled back' });
    }
    return {
      ok: outcomes.isOnly(fine) && !signal.aborted,
      summary: { dryRun, events: outcomes.events, outcomes: outcomes.counts, ...sum },
      text: [
        outcomes.table(),
        `registrations ${dryRun ? 'that would be ' : ''}inserted ${count(sum.inserted)}, updated ${count(sum.updated)}, deleted ${count(sum.deleted)}`,
      ].join('\n'),
    };
  },
});

const untold = ({ unwritten }: RolledBack): string =>
  unwritten.length === 0
    ? ''
    : `; ${several(unwritten.length, 'registration')} that the old system can not be told of, as it does not know the users`;
