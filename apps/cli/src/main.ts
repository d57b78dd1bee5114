import { Command, CommanderError } from 'commander';
import { addDemoCommand } from './commands/demo.ts';
import { addEraseCommand } from './commands/erase.ts';
import { addHistoryCommand } from './commands/history.ts';
import { addLoadCommand } from './commands/load.ts';
import { addMigrateCommand } from './commands/migrate.ts';
import { addRebuildCommand } from './commands/rebuild.ts';
import { addSchemaCommand } from './commands/schema.ts';
import { addTokenCommand } from './commands/token.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { readEnvironment } from './environment.ts';
import { messageOf } from './texts.ts';
import { UsageError } from './usage-error.ts';

/** 0: done; 1: it failed; 2: called in a way that can't work. */
const exitCodes = { done: 0, failed: 1, usage: 2 } as const;

// Each command loads what it needs when it is called: all of it would take a second for a token.
const environment = readEnvironment(process.env);
const program = new Command('rollcall').description('Tools around a Rollcall').exitOverride();
addTokenCommand(program, environment);
addSchemaCommand(program, environment);
addDemoCommand(program, environment);
addVerifyCommand(program, environment);
addRebuildCommand(program, environment);
addHistoryCommand(program, environment);
addEraseCommand(program, environment);
addMigrateCommand(program, environment);
addLoadCommand(program, environment);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = complain(error);
}

function complain(error: unknown): number {
  // Commander has said what is wrong; asking for help is no mistake.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.done : exitCodes.usage;
  process.stderr.write(`rollcall: ${messageOf(error)}\n`);
  return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
}
