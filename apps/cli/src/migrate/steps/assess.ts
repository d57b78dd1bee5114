import { assess, type LegacyId } from '@rollcall/migration';
import { several } from '../../texts.ts';
import { createFindings } from '../found.ts';
import type { Step } from '../stage.ts';
import { examplesShown, tellUnknown } from './telling.ts';

export const assessStep: Step = {
  name: 'assess',
  needs: ['read'],
  sameMapping: false,
  changes: false,
  async run({ ports, mapping, limits, report, metrics, only }) {
    const findings = createFindings(examplesShown);
    const sum = { events: 0, registrations: 0, stopped: 0, unusableIds: 0, orphans: 0 };
    const seen = new Set<LegacyId>();
    await assess(
      ports,
      { mapping, limits },
      {
        event(event) {
          sum.events += 1;
          if (only !== undefined) seen.add(event.legacyId);
          sum.registrations += event.registrations;
          if (event.stops.length > 0) sum.stopped += 1;
          metrics.event(event.stops.length > 0 ? 'stopped' : 'assessed');
          findings.add(event.legacyId, event.findings);
          if (event.findings.length === 0) return;
          const stops = [...new Set(event.stops.map(({ kind }) => kind))];
          report.line(
            { type: 'event', ...event },
            stops.length === 0 ? undefined : `event ${event.legacyId} stops: ${stops.join(', ')}`,
          );
        },
        orphans(orphans) {
          sum.orphans += orphans.count;
          report.line({ type: 'orphans', ...orphans });
        },
        unusable() {
          sum.unusableIds += 1;
        },
      },
      only,
    );
    for (const [kind, found] of Object.entries(findings.byKind)) metrics.found(kind, found);
    const unknown = (only ?? []).filter((legacyId) => !seen.has(legacyId));
    for (const legacyId of unknown) tellUnknown(report, legacyId);
    const what = [several(sum.events, 'event'), several(sum.registrations, 'registration document')];
    const lines = [
      ...(Object.keys(findings.byKind).length === 0 ? [] : [findings.table(), '']),
      `${what.join(', ')}; ${several(sum.stopped, 'event')} that no rule covers`,
    ];
    if (sum.orphans > 0)
      lines.push(`${several(sum.orphans, 'registration')} of events that do not exist: they stay where they are`);
    if (sum.unusableIds > 0)
      lines.push(`${several(sum.unusableIds, 'event')} with an _id that can be none: not migrated`);
    return {
      ok: sum.stopped === 0 && sum.unusableIds === 0 && unknown.length === 0,
      summary: { ...sum, unknown: unknown.length, findings: findings.summary() },
      text: lines.join('\n'),
    };
  },
};
