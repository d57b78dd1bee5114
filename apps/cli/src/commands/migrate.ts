import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Environment } from '../environment.ts';
import type { Step, StepOptions } from '../migrate/stage.ts';
import type * as steps from '../migrate/steps/index.ts';
import { UsageError } from '../usage-error.ts';

type Steps = typeof steps;

/** Chooses the step of those that are loaded only now. */
type Chosen<Options> = (steps: Steps, options: Options) => Step;

export function addMigrateCommand(program: Command, environment: Environment): void {
  const migrate = program
    .command('migrate')
    .description(
      'move from a system that keeps signups twice, in its events and in registrations: docs/migration.md; LEGACY_MONGODB_URL says where that is',
    );

  const run = async <Options extends StepOptions>(options: Options, chosen: Chosen<Options>): Promise<void> => {
    const [{ runStep }, loaded] = await Promise.all([
      import('../migrate/stage.ts'),
      import('../migrate/steps/index.ts'),
    ]);
    await runStep(environment, options, chosen(loaded, options));
  };

  stepOf(migrate, 'assess', 'count what contradicts itself in the old system, and by which rules it is settled').action(
    (options: StepOptions) => run(options, ({ assessStep }) => assessStep),
  );

  stepOf(migrate, 'backup', 'copy the old collections into a folder, with checksums, and read it again')
    .requiredOption('--folder <folder>', 'a new folder, or that of a backup: then it is read again')
    .action((options: StepOptions & { folder: string }) =>
      run(options, ({ backupStep }, { folder }) => backupStep(folder)),
    );

  stepOf(migrate, 'restore', 'put a backup into a database')
    .requiredOption('--folder <folder>', 'of the backup')
    .requiredOption('--into-database <name>', 'where to')
    .option('--drop', 'replace the collections that are there')
    .action((options: StepOptions & { folder: string; intoDatabase: string; drop?: true }) =>
      run(options, ({ restoreStep }, { folder, intoDatabase, drop }) =>
        restoreStep(folder, intoDatabase, drop === true),
      ),
    );

  stepOf(migrate, 'backfill', 'bring all events over; again: what has changed since').action((options: StepOptions) =>
    run(options, ({ backfillStep }) => backfillStep),
  );

  stepOf(migrate, 'shadow', 'follow the old system and compare both, until Ctrl-C')
    .option('--until-equal', 'end after the first round in which everything is the same')
    .addOption(
      milliseconds('--settle-ms <n>', 'how long the old application has for the second of its two writes', 100),
    )
    .addOption(milliseconds('--lag-ms <n>', 'how old a difference must be before lag does not explain it', 5_000))
    .addOption(milliseconds('--pause-ms <n>', 'pause between two rounds of comparisons', 1_000))
    .action((options: StepOptions & { untilEqual?: true; settleMs: number; lagMs: number; pauseMs: number }) =>
      run(options, ({ shadowStep }, { untilEqual, settleMs, lagMs, pauseMs }) =>
        shadowStep({ untilEqual: untilEqual === true, settleMs, lagMs, roundPauseMs: pauseMs }),
      ),
    );

  stepOf(migrate, 'cutover', 'freeze events in the old system, compare once more, and open them in Rollcall')
    .option('--all', 'all events that were brought over')
    .option('--abort', 'give back what was begun and is not at its end')
    .addOption(wholeNumber('--together <n>', 'events that are frozen together', 10, 1, 1_000))
    .action((options: StepOptions & { all?: true; abort?: true; together: number }) => {
      if (options.abort === true) return run(options, ({ abortStep }) => abortStep);
      requireSome(options);
      return run(options, ({ cutoverStep }, { together }) => cutoverStep(together));
    });

  stepOf(migrate, 'mirror', 'write the lists of signups back into the old events, for readers that have not moved yet')
    .option('--once', 'end when all events have been written')
    .action((options: StepOptions & { once?: true }) =>
      run(options, ({ mirrorStep }, { once }) => mirrorStep(once === true)),
    );

  stepOf(
    migrate,
    'cleanup',
    'remove the old lists of signups: needs a backup, all events cut over, and all of them sound',
  )
    .option('--yes', 'really')
    .action((options: StepOptions & { yes?: true }) => {
      if (options.yes !== true && options.dryRun !== true)
        throw new UsageError('say --yes, or --dry-run to see what speaks against it');
      return run(options, ({ cleanupStep }) => cleanupStep);
    });

  stepOf(migrate, 'rollback', 'give events back to the old system, with all that has happened since')
    .option('--all', 'all events')
    .option('--remove', 'also take them out of Rollcall')
    .option('--folder <folder>', 'of the backup; after a cleanup, where another one than the last is meant')
    .action((options: StepOptions & { all?: true; remove?: true; folder?: string }) => {
      requireSome(options);
      return run(options, ({ rollbackStep }, { remove, folder }) => rollbackStep(remove === true, folder));
    });

  stepOf(migrate, 'status', 'say how far the events have come').action((options: StepOptions) =>
    run(options, ({ statusStep }) => statusStep),
  );
}

/** A step with the options that all of them have. */
function stepOf(migrate: Command, name: string, description: string): Command {
  return migrate
    .command(name)
    .description(description)
    .option('--mapping <file>', 'what the old system calls what, and the rules: docs/migration-mapping.md')
    .option('--event <id>', "the old system's id of an event; more than once for several", collected)
    .option('--dry-run', 'change nothing, and say what would be done')
    .option('--json', 'print JSON lines only')
    .option('--report <file>', 'write the same JSON lines there, at its end')
    .option('--log <file>', 'write a log there, as JSON lines')
    .addOption(
      new Option('--metrics-port <n>', 'serve /metrics there as long as it runs; 0: any').argParser(wholeIn(0, 65_535)),
    )
    .addOption(
      wholeNumber('--events-at-once <n>', 'events, or groups of small ones, that are worked on at once', 4, 1, 64),
    );
}

function requireSome({ all, event }: StepOptions & { readonly all?: true }): void {
  if ((all === undefined) === (event === undefined)) throw new UsageError('say either --event or --all');
}

const collected = (id: string, before: readonly string[] = []): readonly string[] => [...before, id];

const wholeIn = (minimum: number, maximum: number) => (text: string) => {
  const value = Number(text);
  if (Number.isInteger(value) && value >= minimum && value <= maximum) return value;
  throw new InvalidArgumentError(`a whole number from ${minimum} to ${maximum} is wanted`);
};

const wholeNumber = (flags: string, what: string, fallback: number, minimum: number, maximum: number) =>
  new Option(flags, `${what}, ${minimum} to ${maximum}`).default(fallback).argParser(wholeIn(minimum, maximum));

const milliseconds = (flags: string, what: string, fallback: number) =>
  new Option(flags, `${what}, in ms`).default(fallback).argParser(wholeIn(0, 600_000));
