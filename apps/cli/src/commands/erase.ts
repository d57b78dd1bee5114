import { createInterface } from 'node:readline/promises';
import { isErasedId, parseUserId, type UserId } from '@rollcall/domain';
import { eraseUser, type ErasedEvent, type EraseReport } from '@rollcall/engine';
import type { Command } from 'commander';
import type { Environment } from '../environment.ts';
import { UsageError } from '../usage-error.ts';

interface EraseOptions {
  readonly user: string;
  readonly yes?: true;
  readonly json?: true;
}

/** Longer than any mailbox takes to come to its end. */
const decisionMsMax = 120_000;

export function addEraseCommand(program: Command, environment: Environment): void {
  program
    .command('erase')
    .description(
      'replace a user by an opaque id wherever they are named, and remove what they wrote; needs running workers, and can not be undone',
    )
    .requiredOption('--user <id>', 'whom')
    .option('--yes', 'without asking')
    .option('--json', 'print JSON only, a line for each event and one for the sum')
    .action(async ({ user, yes, json }: EraseOptions) => {
      const userId = parsedUserId(user);
      if (yes !== true && !(await isMeant(userId))) {
        process.exitCode = 1;
        return;
      }
      const [{ openDatabase }, { openErasing }] = await Promise.all([
        import('../compose.ts'),
        import('../compose-redis.ts'),
      ]);
      await using database = openDatabase(environment);
      await using erasing = await openErasing(environment, database);
      // What is under way is finished by whoever is asked next.
      const interrupted = new AbortController();
      process.once('SIGINT', () => interrupted.abort());
      const report = await eraseUser(erasing.ports, {
        userId,
        actor: { kind: 'system' },
        decisionMsMax,
        signal: interrupted.signal,
        onEvent: (event) => print(json === true ? JSON.stringify({ type: 'event', ...event }) : lineOf(event)),
      });
      print(json === true ? JSON.stringify(summaryOf(report)) : sumOf(report));
      if (!report.complete) process.exitCode = 1;
    });
}

function parsedUserId(text: string): UserId {
  const userId = parseUserId(text);
  if (userId === undefined) throw new UsageError(`--user is "${text}", which is no id of a user`);
  if (isErasedId(userId)) throw new UsageError(`${userId} stands for somebody who was erased`);
  return userId;
}

/** @throws UsageError when nobody can be asked. */
async function isMeant(userId: UserId): Promise<boolean> {
  if (!process.stdin.isTTY) throw new UsageError('there is nobody to ask whether this is meant: say --yes');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`Erase ${userId} from all events? This can not be undone. Type yes: `);
    return answer.trim() === 'yes';
  } finally {
    terminal.close();
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);

const several = (count: number, what: string) => `${count} ${what}${count === 1 ? '' : 's'}`;

const lineOf = ({ eventId, registrations, left }: ErasedEvent): string =>
  `${eventId} ${several(registrations, 'registration')}${left ? ', and something is left' : ''}`;

function summaryOf({ events, deadLetters, complete }: EraseReport) {
  const registrations = events.reduce((sum, event) => sum + event.registrations, 0);
  return { type: 'summary', events: events.length, registrations, deadLetters, complete } as const;
}

function sumOf(report: EraseReport): string {
  const { events, registrations, deadLetters, complete } = summaryOf(report);
  const what = [several(events, 'event'), several(registrations, 'registration'), several(deadLetters, 'dead letter')];
  return `${what.join(', ')}: ${complete ? 'nothing is left' : 'something is left; do workers run? Then say it again'}`;
}
