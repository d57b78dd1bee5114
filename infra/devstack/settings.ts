import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { SetupError } from './servers/setup-error.ts';
import type { Env } from './servers/source.ts';

/** The settings of `npm start`. Each is a variable of the environment under the name that messages give. */
export interface StackSettings {
  readonly apiHost: string;
  readonly apiPort: number;
  readonly mongodPort: number;
  readonly redisPort: number;
  readonly mongodbDatabase: string;
  readonly redisKeyPrefix: string;
  readonly authIssuer: string;
  readonly authAudience: string;
  readonly logLevel: string;
}

export function readStackSettings(env: Env): StackSettings {
  return Object.freeze({
    apiHost: text(env, 'API_HOST', '127.0.0.1'),
    apiPort: port(env, 'API_PORT', 3000),
    // Not the usual ports, where a developer's own servers may be.
    mongodPort: port(env, 'ROLLCALL_MONGOD_PORT', 27117),
    redisPort: port(env, 'ROLLCALL_REDIS_PORT', 6479),
    mongodbDatabase: text(env, 'MONGODB_DATABASE', 'rollcall'),
    redisKeyPrefix: text(env, 'REDIS_KEY_PREFIX', ''),
    authIssuer: text(env, 'AUTH_ISSUER', 'rollcall-dev'),
    authAudience: text(env, 'AUTH_AUDIENCE', 'rollcall'),
    logLevel: text(env, 'LOG_LEVEL', 'info'),
  });
}

function text(env: Env, name: string, fallback: string): string {
  const value = env[name] ?? '';
  return value === '' ? fallback : value;
}

function port(env: Env, name: string, fallback: number): number {
  const value = text(env, name, String(fallback));
  if (/^\d+$/.test(value) && Number(value) >= 1 && Number(value) <= 65_535) return Number(value);
  throw new SetupError(`${name} is "${value}"`, ['it must be a port, 1 to 65535']);
}

/** A secret for this machine only: random, made once and kept, readable by its owner alone. */
export function developmentSecret(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8').trim();
}
