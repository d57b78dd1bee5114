import type { Command } from 'commander';
import type { Environment } from '../environment.ts';
import { UsageError } from '../usage-error.ts';
import { eventIdsOf, parsedEventId } from '../verify/events.ts';
import { createProgressBar } from '../progress.ts';
import { createReport } from '../verify/report.ts';
import { verifyEvent } from '../verify/verify-event.ts';

interface RebuildOptions {
  readonly event?: string;
  readonly all?: true;
  readonly into: string;
  readonly json?: true;
}

export function addRebuildCommand(program: Command, environment: Environment): void {
  program
    .command('rebuild')
    .description(
      'write the registrations as the journal tells them into a fresh collection, and compare them with the live ones',
    )
    .option('--event <id>', 'of one event')
    .option('--all', 'of all events')
    .requiredOption('--into <collection>', 'a new or empty collection of the same database')
    .option('--json', 'print JSON only, a line for each difference and one for the sum')
    .action(async ({ event, all, into, json }: RebuildOptions) => {
      if ((event === undefined) === (all === undefined)) throw new UsageError('say either --event or --all');
      const only = event === undefined ? undefined : parsedEventId(event);
      const [{ openDatabase }, { freshCollection }] = await Promise.all([
        import('../compose.ts'),
        import('@rollcall/store-mongo'),
      ]);
      await using database = openDatabase(environment);
      const { collections, records } = database;
      const bar = createProgressBar(process.stderr, Date.now);
      const report = createReport({ output: process.stdout, bar, isJson: json === true, now: Date.now });
      const fresh = await freshCollection(collections, into);
      if (fresh === undefined) {
        throw new UsageError(`--into "${into}" must be a new or empty collection, and none of Rollcall's own`);
      }
      for await (const eventId of eventIdsOf(records, only)) {
        const verified = await verifyEvent({ records }, eventId, report);
        // The snapshot is over by now: writing may take as long as it does.
        await fresh.add(eventId, verified.byJournal());
        report.event(verified);
      }
      if (report.end() > 0) process.exitCode = 1;
    });
}
