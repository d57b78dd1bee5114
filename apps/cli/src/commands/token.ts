import type { Command } from 'commander';
import type { Environment } from '../environment.ts';

interface TokenOptions {
  readonly sub: string;
  readonly name?: string;
  readonly email?: string;
  readonly org?: readonly string[];
  readonly grant?: readonly string[];
  readonly ttl: string;
}

const list = (text: string) => text.split(',').filter((part) => part !== '');

export function addTokenCommand(program: Command, environment: Environment): void {
  program
    .command('token')
    .description('print a bearer token signed with the shared secret; for development')
    .requiredOption('--sub <user>', 'whose it is')
    .option('--name <name>', 'what they are called')
    .option('--email <address>', 'their address')
    .option('--org <ids>', 'organizers they belong to, comma-separated', list)
    .option('--grant <grants>', 'what they may do: organizer, erase; comma-separated', list)
    .option('--ttl <time>', 'how long it is valid, as 30m, 12h or 7d', '12h')
    .action(async ({ sub, name, email, org = [], grant = [], ttl }: TokenOptions) => {
      const { signToken } = await import('../tokens.ts');
      const token = await signToken(environment.tokens(), { sub, name, email, org, grants: grant, ttl });
      process.stdout.write(`${token}\n`);
    });
}
