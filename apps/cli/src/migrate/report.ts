import { open } from 'node:fs/promises';
import type { WriteStream } from 'node:fs';
import { once } from 'node:events';
import type { ProgressBar } from '../progress.ts';
import { messageOf } from '../texts.ts';
import { UsageError } from '../usage-error.ts';

/** What a report says line by line; `type` first. */
type ReportLine = Readonly<Record<string, unknown>> & { readonly type: string };

export interface MigrationReport {
  /** A line for machines, and, unless they alone read it, one for people. */
  line(line: ReportLine, text?: string): void;
  /** Only for people. */
  say(text: string): void;
  /** The last line. It says whether the step came to its end; a report without it is of one that was killed. */
  end(summary: Readonly<Record<string, unknown>> & { readonly complete: boolean }): Promise<void>;
}

interface Output {
  write(text: string): unknown;
}

export interface MigrationReportOptions {
  readonly step: string;
  readonly output: Output;
  readonly bar: ProgressBar;
  readonly isJson: boolean;
  /** A file that takes the same lines. */
  readonly file: string | undefined;
  readonly now: () => number;
}

/**
 * JSON lines: a migration may have a million events, and what is written before a kill stays.
 *
 * @throws UsageError where the file can't be written, before anything is done that it should tell of.
 */
export async function createMigrationReport({
  step,
  output,
  bar,
  isJson,
  file,
  now,
}: MigrationReportOptions): Promise<MigrationReport> {
  const startedAt = now();
  const stream = file === undefined ? undefined : await appending(file);
  let failure: unknown;
  stream?.on('error', (error) => {
    failure = error;
  });
  const write = (line: ReportLine): void => {
    const text = `${JSON.stringify(line)}\n`;
    stream?.write(text);
    if (isJson) output.write(text);
  };
  const say = (text: string): void => {
    if (isJson) return;
    bar.clear();
    output.write(`${text}\n`);
  };
  write({ type: 'started', step, at: new Date(startedAt).toISOString() });
  return {
    line(line, text) {
      write(line);
      if (text !== undefined) say(text);
    },
    say,
    async end(summary) {
      bar.clear();
      const endedAt = now();
      write({
        type: 'summary',
        step,
        ...summary,
        at: new Date(endedAt).toISOString(),
        seconds: (endedAt - startedAt) / 1_000,
      });
      await closed(stream).catch((error: unknown) => {
        failure ??= error;
      });
      if (failure !== undefined)
        throw new Error(`the report could not be written to ${file ?? ''}`, { cause: failure });
    },
  };
}

async function appending(file: string): Promise<WriteStream> {
  try {
    return (await open(file, 'a')).createWriteStream();
  } catch (error) {
    throw new UsageError(`the report can not be written to ${file}: ${messageOf(error)}`, { cause: error });
  }
}

async function closed(stream: WriteStream | undefined): Promise<void> {
  if (stream === undefined || stream.destroyed) return;
  stream.end();
  await once(stream, 'close');
}
