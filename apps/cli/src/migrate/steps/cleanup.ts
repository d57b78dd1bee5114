import { verifyBackup } from '@rollcall/legacy-mongo';
import { cleanUp } from '@rollcall/migration';
import { several } from '../../texts.ts';
import { verifyEvent } from '../../verify/verify-event.ts';
import type { Step } from '../stage.ts';

export const cleanupStep: Step = {
  name: 'cleanup',
  needs: ['read', 'write'],
  sameMapping: true,
  changes: true,
  async run({ ports, mapping, dryRun, database, report }) {
    const { records } = database;
    const checksumOf = async (folder: string) => (await verifyBackup(folder)).sha256;
    const verify = async (eventId: Parameters<typeof verifyEvent>[1]) => {
      const { differences } = await verifyEvent({ records }, eventId, {
        difference: ({ message }) => report.say(`${eventId}: ${message}`),
        progress: async () => undefined,
      });
      return differences;
    };
    const changed = await cleanUp(ports, { mapping, dryRun, checksumOf, verify });
    return {
      ok: true,
      summary: { dryRun, changed },
      text: dryRun ? 'nothing speaks against it' : `removed from ${several(changed, 'event')}`,
    };
  },
};
