import { createLogger, readSettings, runApp } from '@rollcall/runtime';
import { startWorker } from './compose.ts';
import { workerSettings } from './config.ts';

const settings = readSettings(workerSettings, process.env);
const logger = createLogger({ name: 'worker', level: settings.LOG_LEVEL });
await runApp({ logger, shutdownMsMax: settings.SHUTDOWN_MS_MAX, start: () => startWorker(settings, logger) });
