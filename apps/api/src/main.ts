import { createLogger, readSettings, runApp } from '@rollcall/runtime';
import { startApi } from './compose.ts';
import { apiSettings } from './config.ts';

const settings = readSettings(apiSettings, process.env);
const logger = createLogger({ name: 'api', level: settings.LOG_LEVEL });
await runApp({ logger, shutdownMsMax: settings.SHUTDOWN_MS_MAX, start: () => startApi(settings, logger) });
