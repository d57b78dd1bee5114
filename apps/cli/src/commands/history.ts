import { once } from 'node:events';
import { historyDocuments, readHistory, type History } from '@rollcall/checkers';
import { parseUserId, type UserId } from '@rollcall/domain';
import type { Command } from 'commander';
import type { Environment } from '../environment.ts';
import { entriesOf } from '../history/entries.ts';
import { historyLines } from '../history/print.ts';
import { UsageError } from '../usage-error.ts';
import { eventIdsOf, parsedEventId } from '../verify/events.ts';

interface HistoryOptions {
  readonly event: string;
  readonly at?: string;
  readonly user?: string;
  readonly json?: true;
}

export function addHistoryCommand(program: Command, environment: Environment): void {
  program
    .command('history')
    .description('who held which seat at a time, and with --user the decisions that led there')
    .requiredOption('--event <id>', 'of which event')
    .option('--at <time>', 'at this time, as 2030-06-20T10:00:00Z; now without it')
    .option('--user <id>', 'of this user alone, with what was decided about them')
    .option('--json', 'print JSON only, a line for each place and each decision')
    .action(async ({ event, at, user, json }: HistoryOptions) => {
      const query = {
        eventId: parsedEventId(event),
        ...(at === undefined ? {} : { at: parsedTime(at) }),
        ...(user === undefined ? {} : { userId: parsedUserId(user) }),
      };
      const { openDatabase } = await import('../compose.ts');
      await using database = openDatabase(environment);
      for await (const eventId of eventIdsOf(database.records, query.eventId)) {
        const history = await readHistory(entriesOf(database.records, eventId), { ...query, eventId });
        for (const line of json === true ? jsonLines(history) : historyLines(history)) {
          if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
        }
      }
    });
}

function* jsonLines(history: History): Iterable<string> {
  for (const document of historyDocuments(history)) yield JSON.stringify(document);
}

/** RFC 3339, with its offset: what a time without one means depends on where it is read. */
const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/i;

function parsedTime(text: string): number {
  const time = timestamp.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`--at is "${text}"; it must be like 2030-06-20T10:00:00Z`);
  return time;
}

function parsedUserId(text: string): UserId {
  const userId = parseUserId(text);
  if (userId === undefined) throw new UsageError(`--user is "${text}", which is no id of a user`);
  return userId;
}
