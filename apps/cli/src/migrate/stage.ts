import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  fingerprintOf,
  LegacyProblem,
  parseMapping,
  defaultMapping,
  StepRefusedError,
  type LegacyId,
  type LegacyRight,
  type Mapping,
  type MigrationLimits,
  type MigrationPorts,
} from '@rollcall/migration';
import { createFileLogger, type Logger } from '@rollcall/runtime';
import { openMigration } from '../compose-migrate.ts';
import type { Environment } from '../environment.ts';
import { createProgressBar } from '../progress.ts';
import { messageOf } from '../texts.ts';
import { UsageError } from '../usage-error.ts';
import { startMigrationMetrics, type MigrationMetrics } from './metrics.ts';
import { createMigrationReport, type MigrationReport } from './report.ts';

/** What every step can be told. */
export interface StepOptions {
  readonly mapping?: string;
  readonly event?: readonly string[];
  readonly dryRun?: true;
  readonly json?: true;
  readonly report?: string;
  readonly log?: string;
  readonly metricsPort?: number;
  readonly eventsAtOnce: number;
}

export interface Stage {
  readonly ports: MigrationPorts;
  readonly mapping: Mapping;
  readonly limits: MigrationLimits;
  readonly report: MigrationReport;
  readonly metrics: MigrationMetrics;
  readonly logger: Logger | undefined;
  /** The events that were named; undefined: all. */
  readonly only: readonly LegacyId[] | undefined;
  readonly dryRun: boolean;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  readonly database: Awaited<ReturnType<typeof openMigration>>['database'];
  readonly objectIdOf: (hex: string) => unknown;
}

/** How a step ended. */
interface StepEnd {
  /** Whether there is nothing left for somebody to look at. */
  readonly ok: boolean;
  readonly summary: Readonly<Record<string, unknown>>;
  readonly text: string;
}

export interface Step {
  readonly name: string;
  /** The rights that it needs in the old system's database. */
  readonly needs: readonly LegacyRight[];
  /** Whether what was imported before must have been imported by the same mapping. */
  readonly sameMapping: boolean;
  /** Whether it writes to Rollcall's database, which is brought to the schema of this version before. */
  readonly changes: boolean;
  /** It goes on until somebody ends it: that is its end, and no abort. */
  readonly endless?: true;
  readonly run: (stage: Stage) => Promise<StepEnd>;
}

const limits: Omit<MigrationLimits, 'eventsAtOnce'> = {
  eventsPerRead: 20,
  bytesPerRead: 500_000,
  attemptsMax: 50,
  examplesMax: 3,
};

/** Runs a step with its report, metrics and log around it; the report's last line is written whatever happens. */
export async function runStep(environment: Environment, options: StepOptions, step: Step): Promise<void> {
  const bar = createProgressBar(process.stderr, Date.now);
  const logger =
    options.log === undefined ? undefined : createFileLogger({ name: 'rollcall-migrate', file: options.log });
  const report = await createMigrationReport({
    step: step.name,
    output: process.stdout,
    bar,
    isJson: options.json === true,
    file: options.report,
    now: Date.now,
  });
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  process.once('SIGINT', onSignal).once('SIGTERM', onSignal);
  logger?.info({ step: step.name, dryRun: options.dryRun === true }, 'begins');
  try {
    const mapping = await readMapping(options.mapping);
    await using metrics = await startMetrics(options.metricsPort);
    await using migration = await openMigration(environment, mapping);
    await migration.legacy.check(options.dryRun === true ? ['read'] : step.needs);
    // Only now: where the two systems' collections are the same it would change those of the old one.
    if (options.dryRun !== true && step.changes) await migration.prepare();
    const ports: MigrationPorts = {
      ...migration,
      observer: {
        progress: (progress) => bar.show({ label: step.name, ...progress }),
        warned(message, legacyId, error) {
          report.line(
            { type: 'warning', message, legacyId, error: messageOf(error) },
            `${message}: ${messageOf(error)}`,
          );
          logger?.warn({ legacyId, err: error }, message);
        },
      },
      now: Date.now,
      pause: async (ms, signal) => {
        await delay(ms, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      },
    };
    if (step.sameMapping) await refuseOtherMapping(ports, mapping);
    const end = await step.run({
      ports,
      mapping,
      limits: { ...limits, eventsAtOnce: options.eventsAtOnce },
      report,
      metrics,
      logger,
      only: options.event && [...new Set(options.event.map((id) => id as LegacyId))],
      dryRun: options.dryRun === true,
      signal: stop.signal,
      database: migration.database,
      objectIdOf: migration.objectIdOf,
    });
    report.say(end.text);
    await report.end({
      complete: !stop.signal.aborted || step.endless === true,
      ...end.summary,
    });
    logger?.info({ step: step.name, ...end.summary }, end.ok ? 'ended' : 'ended, and there is something to look at');
    if (!end.ok) process.exitCode = 1;
  } catch (error) {
    // What went wrong first is what is to be told, also where the report can't be written any more.
    await report.end({ complete: false, error: messageOf(error) }).catch(() => undefined);
    logger?.error({ step: step.name, err: error }, 'failed');
    throw error instanceof StepRefusedError || error instanceof LegacyProblem
      ? new UsageError(error.message, { cause: error })
      : error;
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

async function startMetrics(port: number | undefined): Promise<MigrationMetrics> {
  try {
    return await startMigrationMetrics(port);
  } catch (error) {
    throw new UsageError(`--metrics-port ${port ?? ''}: ${messageOf(error)}`, { cause: error });
  }
}

/** @throws UsageError that says what is wrong with the file. */
async function readMapping(file: string | undefined): Promise<Mapping> {
  if (file === undefined) return defaultMapping;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    throw new UsageError(`the mapping ${file} can not be read: ${messageOf(error)}`, { cause: error });
  }
  try {
    return parseMapping(JSON.parse(text));
  } catch (error) {
    throw new UsageError(`the mapping ${file}: ${messageOf(error)}`, { cause: error });
  }
}

/** What one mapping has imported, another one would find to be different. */
async function refuseOtherMapping({ state }: MigrationPorts, mapping: Mapping): Promise<void> {
  const { mappingFingerprint } = await state.readRun();
  if (mappingFingerprint === undefined || mappingFingerprint === fingerprintOf(mapping)) return;
  throw new StepRefusedError(
    'events were imported by another mapping: run rollcall migrate backfill with this one first',
  );
}
