import { verifyBackup } from '@rollcall/legacy-mongo';
import { several } from '../../texts.ts';
import type { Step } from '../stage.ts';
import { tableOf } from '../table.ts';

export const backupStep = (folder: string): Step => ({
  name: 'backup',
  needs: ['read'],
  sameMapping: false,
  changes: true,
  async run({ ports, report, dryRun }) {
    const { legacy, state, observer } = ports;
    if (dryRun) {
      const documents = (await legacy.countEvents()) + (await legacy.countRegistrations());
      return {
        ok: true,
        summary: { documents },
        text: `${several(documents, 'document')} of events and registrations, and the users`,
      };
    }
    const manifest = await legacy.backup(folder, ({ collection, documents }) =>
      observer.progress({ done: documents, of: undefined, what: `documents of ${collection}` }),
    );
    const { sha256: manifestSha256 } = await verifyBackup(folder);
    await state.patchRun({ backup: { folder, manifestSha256, at: Date.parse(manifest.moment) } });
    for (const collection of manifest.collections) report.line({ type: 'collection', ...collection });
    const rows = manifest.collections.map(({ name, documents, data }) => [
      name,
      documents,
      data.bytes,
      data.sha256.slice(0, 16),
    ]);
    return {
      ok: true,
      summary: { folder, manifestSha256, moment: manifest.moment },
      text: `${tableOf(['collection', 'documents', 'bytes', 'sha256'], rows)}\n\nread again and whole: ${folder}`,
    };
  },
});

export const restoreStep = (folder: string, database: string, drop: boolean): Step => ({
  name: 'restore',
  needs: ['read'],
  sameMapping: false,
  changes: false,
  async run({ ports, dryRun }) {
    const { documents } = await verifyBackup(folder);
    if (!dryRun) {
      await ports.legacy.restore(folder, {
        database,
        drop,
        progress: (progress) =>
          ports.observer.progress({
            done: progress.documents,
            of: documents,
            what: `documents of ${progress.collection}`,
          }),
      });
    }
    const what = several(documents, 'document');
    return {
      ok: true,
      summary: { folder, database, documents },
      text: dryRun ? `${what}, whole; nothing was restored` : `${what} restored into ${database}, and compared`,
    };
  },
});
