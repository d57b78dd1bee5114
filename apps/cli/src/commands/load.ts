import { readFileSync, writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { commonSettings, scenarios, type Scenario } from '@rollcall/load/scenarios';
import type { LoadResult } from '@rollcall/load';
import type { Environment } from '../environment.ts';
import { addLoadOptions, settingsOf, type LoadOptions } from '../load/options.ts';
import { messageOf } from '../texts.ts';
import { UsageError } from '../usage-error.ts';

interface Outputs {
  readonly json?: string;
  readonly html?: string;
}

export function addLoadCommand(program: Command, environment: Environment): void {
  const load = program
    .command('load')
    .description('send load to a Rollcall over HTTP, measure it, and check that every answer was true');
  for (const scenario of scenarios) {
    addLoadOptions(load.command(scenario.name).description(scenario.about), {
      ...commonSettings,
      ...scenario.defaults,
    }).action((options: LoadOptions) => play(scenario, options, environment));
  }
  load
    .command('merge')
    .description('join the results of processes that shared a run')
    .argument('<files...>', 'what they wrote with --json')
    .option('--json <file>', 'write the joined result')
    .option('--html <file>', 'write a report')
    .action(async (files: string[], outputs: Outputs) => {
      const { mergeResults } = await import('@rollcall/load');
      await tell(mergeResults(await Promise.all(files.map(readResult))), outputs);
    });
}

async function play(scenario: Scenario, options: LoadOptions, environment: Environment): Promise<void> {
  const { share, event = [], startAt } = options;
  if (share.of > 1 && options.run === undefined && event.length === 0) {
    throw new UsageError('processes that share a run need its name: --run');
  }
  const settings = settingsOf(options);
  const registered = settings.seats * settings.events + settings.waiting;
  if (settings.waiting > 0 && settings.users < registered) {
    throw new UsageError(`--users must be at least ${registered}: as many have signed up before the first arrival`);
  }
  const { runLoad } = await import('@rollcall/load');
  const { loadTokens } = await import('../load/tokens.ts');
  const { createStatusLine } = await import('../load/status-line.ts');
  const { progressLine } = await import('../load/print.ts');
  const status = createStatusLine(process.stderr);
  status.show('making tokens');
  const { people, staff, organizerId } = await loadTokens({
    users: settings.users,
    key: () => environment.tokens(),
    ...(options.tokens === undefined ? {} : { people: options.tokens }),
    ...(options.staffToken === undefined ? {} : { staff: options.staffToken }),
    ...(options.organizer === undefined ? {} : { organizer: options.organizer }),
  });
  const stop = new AbortController();
  // Whoever came goes on to the end, and it is judged; who interrupts again has it ended at once.
  process.once('SIGINT', () => stop.abort());
  const result = await runLoad({
    scenario,
    settings: { ...settings, users: people.length },
    urls: options.url ?? [environment.url()],
    run: options.run ?? Date.now().toString(36),
    organizerId,
    eventIds: event,
    tokens: people,
    staffToken: staff,
    ...(startAt === undefined ? {} : { startAt }),
    signal: stop.signal,
    onPhase: (phase) => status.show(phase),
    onProgress: (progress) => status.show(progressLine(progress)),
  });
  status.clear();
  await tell(result, options);
}

async function tell(result: LoadResult, { json, html }: Outputs): Promise<void> {
  const { resultText } = await import('../load/print.ts');
  process.stdout.write(resultText(result));
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result)}\n`);
  if (html !== undefined) writeFileSync(html, (await import('@rollcall/load')).reportHtml(result));
  if (result.verdict.violationsCount > 0) process.exitCode = 1;
}

async function readResult(file: string): Promise<LoadResult> {
  const { resultFormat } = await import('@rollcall/load');
  let result: Partial<LoadResult>;
  try {
    result = JSON.parse(readFileSync(file, 'utf8')) as Partial<LoadResult>;
  } catch (error) {
    throw new UsageError(`${file} can not be read: ${messageOf(error)}`, { cause: error });
  }
  if (result.format !== resultFormat) throw new UsageError(`${file} is no result of rollcall load`);
  return result as LoadResult;
}
