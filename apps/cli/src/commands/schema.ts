import type { Command } from 'commander';
import type { Environment } from '../environment.ts';

const serverSelectionMs = 10_000;
/** Building an index over many registrations takes its time. */
const socketMs = 600_000;

export function addSchemaCommand(program: Command, environment: Environment): void {
  program
    .command('schema')
    .description('bring the database to the schema of this version; safe to run at any time')
    .action(async () => {
      const { createMongoClient, ensureSchema } = await import('@rollcall/store-mongo');
      const { url, database } = environment.mongodb();
      const client = createMongoClient({ url, appName: 'rollcall-cli', serverSelectionMs, socketMs });
      try {
        const applied = await ensureSchema(client.db(database));
        const what = applied.length === 0 ? 'was up to date' : `now has ${applied.join(', ')}`;
        process.stdout.write(`database ${database} ${what}\n`);
      } finally {
        await client.close();
      }
    });
}
