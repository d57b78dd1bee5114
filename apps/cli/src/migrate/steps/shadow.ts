import { shadow, type ShadowTable } from '@rollcall/migration';
import { count, several } from '../../texts.ts';
import type { Step } from '../stage.ts';
import { leaseMs, shown, tell, tellUnknown } from './telling.ts';

interface ShadowSettings {
  readonly untilEqual: boolean;
  readonly settleMs: number;
  readonly lagMs: number;
  readonly roundPauseMs: number;
}

const tableEveryMs = 1_000;
const lineEveryMs = 5_000;

export const shadowStep = ({ untilEqual, settleMs, lagMs, roundPauseMs }: ShadowSettings): Step => ({
  name: 'shadow',
  needs: ['read'],
  sameMapping: true,
  changes: true,
  endless: true,
  async run(stage) {
    const { ports, mapping, limits, only, dryRun, signal, metrics, report, logger } = stage;
    const existing = only === undefined ? undefined : await ports.legacy.existing(only);
    const unknown = (only ?? []).filter((legacyId) => existing?.has(legacyId) !== true);
    for (const legacyId of unknown) tellUnknown(report, legacyId);
    let shownAt = 0;
    const every = process.stderr.isTTY ? tableEveryMs : lineEveryMs;
    const end = await shadow(
      ports,
      {
        mapping,
        limits,
        settleMs,
        lagMsMax: lagMs,
        roundPauseMs,
        leaseMs,
        dryRun,
        untilEqual,
        signal,
        ...(only === undefined ? {} : { only }),
      },
      {
        table(table) {
          metrics.table(table);
          if (ports.now() - shownAt < every) return;
          shownAt = ports.now();
          report.line({ type: 'table', ...table }, shadowLine(table));
        },
        broughtOver: (event) => tell(stage, event),
        stopped: (event) => tell(stage, event),
        lasting(legacyId, differences) {
          report.line(
            { type: 'difference', legacyId, differences },
            `event ${legacyId} differs, and lag does not explain it: ${shown(differences)}`,
          );
          logger?.warn({ legacyId, differences: differences.length }, 'differs');
        },
        afterFreeze(change) {
          const { eventId, registrationId, collection, operation } = change;
          report.line(
            { type: 'after-freeze', ...change },
            `the old system has changed ${collection} of an event that Rollcall leads: ${operation} ${registrationId ?? eventId ?? ''}`,
          );
          logger?.warn({ eventId, registrationId, operation }, 'changed after it was frozen');
        },
      },
    );
    return {
      ok:
        unknown.length === 0 &&
        end.lasting === 0 &&
        end.stopped === 0 &&
        end.afterFreeze === 0 &&
        (!untilEqual || end.differing === 0),
      summary: { ...end },
      text: shadowLine(end),
    };
  },
});

const shadowLine = ({ compared, events, differing, lasting, oldestMs, lagMs, changes, stopped, rounds }: ShadowTable) =>
  [
    `round ${count(rounds + 1)}: ${count(compared)} of ${several(events, 'event')} compared`,
    `${count(differing)} differ (oldest ${(oldestMs / 1_000).toFixed(1)} s), ${count(lasting)} of them not by lag`,
    `${several(changes, 'change')} seen, ${(lagMs / 1_000).toFixed(1)} s behind`,
    ...(stopped === 0 ? [] : [`${several(stopped, 'event')} that no rule covers`]),
  ].join('; ');
