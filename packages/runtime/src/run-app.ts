import closeWithGrace from 'close-with-grace';
import type { Logger } from './logger.ts';

export interface RunningApp {
  /** Stops taking work, finishes what is under way, and lets go of everything. */
  close(): Promise<void>;
}

export interface RunAppOptions {
  readonly logger: Logger;
  /** How long `close` may take before the process exits with 1, in ms. */
  readonly shutdownMsMax: number;
  readonly start: () => Promise<RunningApp>;
}

/** Starts an app and stops it on SIGTERM or SIGINT, or on a fault that nobody caught; a second signal ends it at once. */
export async function runApp({ logger, shutdownMsMax, start }: RunAppOptions): Promise<void> {
  try {
    const app = await start();
    closeWithGrace(
      { delay: shutdownMsMax, logger: { error: (message?: unknown) => logger.error(String(message)) } },
      async ({ err, signal }) => {
        if (err === undefined) logger.info({ signal }, 'shutting down');
        else logger.fatal({ err }, 'shutting down after a fault');
        await app.close();
        logger.info('stopped');
        await flushed(logger);
      },
    );
  } catch (error) {
    logger.fatal({ err: error }, 'could not start');
    await flushed(logger);
    process.exit(1);
  }
}

function flushed(logger: Logger): Promise<void> {
  return new Promise((resolve) => {
    logger.flush(() => resolve());
  });
}
