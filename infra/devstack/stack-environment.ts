import { join } from 'node:path';
import { dataDir } from './paths.ts';
import type { Env } from './servers/source.ts';
import { type StackSettings, developmentSecret } from './settings.ts';
import type { StackRecord } from './stack-file.ts';

export interface StackDescription {
  readonly url: string;
  readonly record: Omit<StackRecord, 'children'>;
  /** The environment of each kind of process. */
  readonly env: { readonly api: Env; readonly worker: Env; readonly cli: Env };
}

/** What each process is told, and what others are told about them all. */
export function describeStack(
  settings: StackSettings,
  { mongodbUrl, redisUrl }: { readonly mongodbUrl: string; readonly redisUrl: string },
): StackDescription {
  const { apiHost, apiPort, mongodbDatabase, redisKeyPrefix, authIssuer, authAudience } = settings;
  const url = `http://${apiHost === '0.0.0.0' ? '127.0.0.1' : apiHost}:${apiPort}`;
  const authSecretFile = join(dataDir, 'dev-secret');
  const worker = {
    ...process.env,
    MONGODB_URL: mongodbUrl,
    MONGODB_DATABASE: mongodbDatabase,
    REDIS_URL: redisUrl,
    REDIS_KEY_PREFIX: redisKeyPrefix,
    LOG_LEVEL: settings.logLevel,
    METRICS_PORT: '0',
  };
  const signed = {
    ...worker,
    AUTH_JWT_SECRET: developmentSecret(authSecretFile),
    AUTH_ISSUER: authIssuer,
    AUTH_AUDIENCE: authAudience,
  };
  const api = {
    ...signed,
    COMMAND_ID_SECRET: developmentSecret(join(dataDir, 'command-id-secret')),
    API_HOST: apiHost,
    API_PORT: String(apiPort),
  };
  return {
    url,
    record: {
      pid: process.pid,
      url,
      mongodbUrl,
      mongodbDatabase,
      redisUrl,
      redisKeyPrefix,
      authSecretFile,
      authIssuer,
      authAudience,
    },
    env: { api, worker, cli: { ...signed, ROLLCALL_URL: url } },
  };
}
