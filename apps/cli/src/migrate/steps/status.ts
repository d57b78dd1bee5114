import { count, several } from '../../texts.ts';
import type { Step } from '../stage.ts';
import { tableOf } from '../table.ts';

export const statusStep: Step = {
  name: 'status',
  needs: ['read'],
  sameMapping: false,
  changes: false,
  async run({ ports, report, only }) {
    const { state, legacy, now } = ports;
    const found = await state.find(only ?? []);
    const unknown = (only ?? []).filter((legacyId) => !found.has(legacyId));
    for (const progress of found.values()) {
      report.line({ type: 'event', ...progress }, `${progress.legacyId} ${progress.eventId} ${progress.phase}`);
    }
    for (const legacyId of unknown) {
      report.line({ type: 'unknown', legacyId }, `${legacyId} was not brought over`);
    }
    const run = await state.readRun();
    const byPhase = await state.countByPhase();
    const events = await legacy.countEvents();
    const rows = [...byPhase].map(([phase, n]) => [phase, n]);
    const isHeld = (until = 0) => (until > now() ? 'runs' : 'does not run');
    const frozen = await legacy.frozen();
    const isSame = frozen.inBoth.kind === frozen.inEither.kind && frozen.inBoth.ids.size === frozen.inEither.ids.size;
    const frozenText =
      frozen.inBoth.kind === 'only' ? count(frozen.inBoth.ids.size) : `all but ${count(frozen.inBoth.ids.size)}`;
    return {
      ok: unknown.length === 0,
      summary: { events, byPhase: Object.fromEntries(byPhase), backup: run.backup },
      text: [
        `${several(events, 'event')} in the old system`,
        tableOf(['phase', 'events'], rows),
        `frozen: ${frozenText}${isSame ? '' : ' (and some in one of the two collections only: run the step again)'}`,
        `backup: ${run.backup === undefined ? 'none' : run.backup.folder}`,
        `shadow ${isHeld(run.shadowUntil)}, mirror ${isHeld(run.mirrorUntil)}`,
      ].join('\n'),
    };
  },
};
