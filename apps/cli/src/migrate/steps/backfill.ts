import { backfill, fingerprintOf } from '@rollcall/migration';
import { several } from '../../texts.ts';
import { createFindings } from '../found.ts';
import type { Step } from '../stage.ts';
import { createTally, examplesShown, tell, tellUnknown } from './telling.ts';

export const backfillStep: Step = {
  name: 'backfill',
  needs: ['read'],
  sameMapping: false,
  changes: true,
  async run(stage) {
    const { ports, mapping, limits, only, dryRun, signal, metrics, report } = stage;
    const findings = createFindings(examplesShown);
    const outcomes = createTally();
    const sum = { events: 0, registrations: 0 };
    if (!dryRun) await ports.state.patchRun({ mappingFingerprint: fingerprintOf(mapping) });
    const unusableIds = await backfill(
      ports,
      { mapping, limits, dryRun, signal, ...(only === undefined ? {} : { only }) },
      (event) => {
        sum.events += 1;
        sum.registrations += event.wanted?.registrations.length ?? 0;
        outcomes.add(event.outcome);
        findings.add(event.legacyId, event.findings);
        if (only !== undefined && event.outcome === 'absent') tellUnknown(report, event.legacyId);
        tell(stage, event);
        metrics.event(event.outcome);
      },
    );
    for (const [kind, found] of Object.entries(findings.byKind)) metrics.found(kind, found);
    const stopped = outcomes.of('stopped');
    const unknown = only === undefined ? 0 : outcomes.of('absent');
    report.say(outcomes.table());
    return {
      ok: stopped === 0 && unknown === 0 && unusableIds === 0 && !signal.aborted,
      summary: { dryRun, ...sum, unusableIds, outcomes: outcomes.counts, findings: findings.summary() },
      text: `${several(sum.events, 'event')} with ${several(sum.registrations, 'registration')}${signal.aborted ? '; ended early: run it again to go on' : ''}`,
    };
  },
};
