import type { Command } from 'commander';
import type { Environment } from '../environment.ts';
import { eventIdsOf, parsedEventId } from '../verify/events.ts';
import { createProgressBar } from '../progress.ts';
import { createReport } from '../verify/report.ts';
import { verifyEvent } from '../verify/verify-event.ts';

interface VerifyOptions {
  readonly event?: string;
  readonly cache: boolean;
  readonly json?: true;
}

export function addVerifyCommand(program: Command, environment: Environment): void {
  program
    .command('verify')
    .description(
      'fold the journal and compare it with registrations, events, limits and the count cache; changes nothing',
    )
    .option('--event <id>', 'of one event; all without it')
    .option('--no-cache', 'leave the count cache out')
    .option('--json', 'print JSON only, a line for each difference and one for the sum')
    .action(async ({ event, cache, json }: VerifyOptions) => {
      const only = event === undefined ? undefined : parsedEventId(event);
      const { openDatabase } = await import('../compose.ts');
      await using database = openDatabase(environment);
      await using counts = cache ? await (await import('../compose-redis.ts')).openCounts(environment) : undefined;
      const sources = {
        records: database.records,
        ...(counts === undefined ? {} : { readCounts: counts.read }),
      };
      const bar = createProgressBar(process.stderr, Date.now);
      const report = createReport({ output: process.stdout, bar, isJson: json === true, now: Date.now });
      for await (const eventId of eventIdsOf(database.records, only)) {
        report.event(await verifyEvent(sources, eventId, report));
      }
      if (report.end() > 0) process.exitCode = 1;
    });
}
