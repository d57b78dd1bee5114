import type { Command } from 'commander';
import type { Environment } from '../environment.ts';
import { UsageError } from '../usage-error.ts';

export function addDemoCommand(program: Command, environment: Environment): void {
  program
    .command('demo')
    .description('make the demo event through the API, or find it again, and tokens to try it with')
    .option('--json', 'print JSON only')
    .action(async ({ json }: { json?: true }) => {
      const { prepareDemo } = await import('../demo.ts');
      const url = environment.url();
      const demo = await prepareDemo(url, environment.tokens()).catch((error: unknown) => {
        // What fetch throws when nobody answers.
        if (error instanceof TypeError) throw new UsageError(`no API answers at ${url}`, { cause: error });
        throw error;
      });
      if (json === true) {
        process.stdout.write(`${JSON.stringify(demo, null, 2)}\n`);
        return;
      }
      const { eventId, roleId, tokens } = demo;
      const lines = [
        `event      ${url}/v1/events/${eventId}`,
        `role       ${roleId}`,
        ...Object.entries(tokens).map(([name, token]) => `${name.padEnd(10)} ${token}`),
      ];
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
