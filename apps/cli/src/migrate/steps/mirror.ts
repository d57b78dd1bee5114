import { mirror } from '@rollcall/migration';
import { several } from '../../texts.ts';
import type { Step } from '../stage.ts';
import { leaseMs } from './telling.ts';

export const mirrorStep = (once: boolean): Step => ({
  name: 'mirror',
  needs: ['read', 'write'],
  sameMapping: true,
  changes: true,
  endless: true,
  async run({ ports, mapping, limits, dryRun, signal, report, metrics, objectIdOf }) {
    let written = 0;
    await mirror(ports, { mapping, limits, dryRun, once: once || dryRun, leaseMs, objectIdOf, signal }, (legacyId) => {
      written += 1;
      metrics.event('mirrored');
      report.line({ type: 'event', legacyId, outcome: 'mirrored' });
      ports.observer.progress({ done: written, of: undefined, what: 'events written' });
    });
    return {
      ok: true,
      summary: { dryRun, written },
      text: `${several(written, 'event')} ${dryRun ? 'would be ' : ''}written`,
    };
  },
});
