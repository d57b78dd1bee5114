import { abortCutovers, cutOver, grouped, type CutOver } from '@rollcall/migration';
import { several } from '../../texts.ts';
import type { Stage, Step } from '../stage.ts';
import { createTally, meant, shown } from './telling.ts';

/** After these there is nothing to look at. */
const fine: readonly CutOver['outcome'][] = ['opened', 'led', 'ready'];

export const cutoverStep = (atOnce: number): Step => ({
  name: 'cutover',
  needs: ['read', 'freeze'],
  sameMapping: true,
  changes: true,
  async run(stage) {
    const { ports, mapping, limits, dryRun, signal } = stage;
    const outcomes = createTally();
    let frozenMsMax: number | undefined;
    for await (const group of grouped(meant(stage, ['cutting-over', 'shadowed', 'stopped']), atOnce)) {
      if (signal.aborted) break;
      for (const event of await cutOver(ports, { mapping, limits, dryRun }, group)) {
        outcomes.add(event.outcome);
        if (event.outcome === 'opened') frozenMsMax = Math.max(frozenMsMax ?? 0, event.frozenMs);
        tellCutOver(stage, event);
      }
      ports.observer.progress({ done: outcomes.events, of: stage.only?.length, what: 'events cut over' });
    }
    return {
      ok: outcomes.isOnly(fine) && !signal.aborted,
      summary: { dryRun, events: outcomes.events, outcomes: outcomes.counts, frozenMsMax: frozenMsMax ?? 0 },
      text: [
        outcomes.table(),
        ...(frozenMsMax === undefined ? [] : [`frozen for ${(frozenMsMax / 1_000).toFixed(2)} s at most`]),
      ].join('\n'),
    };
  },
});

function tellCutOver({ report, metrics, logger }: Stage, event: CutOver): void {
  const { legacyId, outcome, differences, stops, frozenMs } = event;
  metrics.event(outcome);
  logger?.info({ legacyId, outcome, frozenMs, differences: differences.length }, 'event');
  const why = differences.length > 0 ? shown(differences) : shown(stops);
  const isFine = fine.includes(outcome);
  report.line(
    { type: 'event', ...event },
    isFine ? undefined : `event ${legacyId}: ${outcome}${why === '' ? '' : `: ${why}`}`,
  );
}

export const abortStep: Step = {
  name: 'cutover',
  needs: ['read', 'freeze'],
  sameMapping: false,
  changes: true,
  async run({ ports, report }) {
    const back = await abortCutovers(ports);
    for (const legacyId of back) report.line({ type: 'event', legacyId, outcome: 'aborted' });
    return {
      ok: true,
      summary: { aborted: back.length },
      text: `${several(back.length, 'event')} given back to the old system`,
    };
  },
};
