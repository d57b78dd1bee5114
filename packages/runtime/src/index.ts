export { readSettings } from './config.ts';
export { createCrashPoints, type Reach } from './crash-points.ts';
export { createFileLogger, createLogger, type Logger } from './logger.ts';
export {
  Counter,
  createRegistry,
  Gauge,
  Histogram,
  Registry,
  startMetricsServer,
  type MetricsServer,
} from './metrics-server.ts';
export { runApp, type RunningApp } from './run-app.ts';
export { every, type Repeating } from './every.ts';
