import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from './usage-error.ts';

/** What a running `npm start` says of itself, as far as it is needed here. */
interface StackFile {
  readonly url?: string;
  readonly mongodbUrl?: string;
  readonly mongodbDatabase?: string;
  readonly redisUrl?: string;
  readonly redisKeyPrefix?: string;
  readonly authSecretFile?: string;
  readonly authIssuer?: string;
  readonly authAudience?: string;
}

export interface TokenSettings {
  readonly secret: string;
  readonly issuer: string;
  readonly audience: string;
}

/** Where things are: the environment says it, or else the `npm start` that runs in this folder. */
export interface Environment {
  /** @throws UsageError when nobody says it; the same for the others. */
  url(): string;
  mongodb(): { readonly url: string; readonly database: string };
  /** Where the system is that Rollcall replaces. */
  legacy(): { readonly url: string };
  /** Where tests have the process killed; empty: nowhere. */
  crashAt(): string;
  /** Where the count cache is. */
  counts(): { readonly url: string; readonly keyPrefix: string };
  tokens(): TokenSettings;
  /** Where the mailboxes are. */
  mailboxes(): { readonly url: string; readonly keyPrefix: string };
}

const stackFile = join(resolve(import.meta.dirname, '../../..'), '.data', 'stack.json');

const missing = (name: string) => new UsageError(`set ${name}, or run npm start in this folder first`);

export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const stack = readStack();
  const given = (name: string): string | undefined => {
    const value = variables[name];
    return value === '' ? undefined : value;
  };

  const keyPrefix = () => given('REDIS_KEY_PREFIX') ?? stack.redisKeyPrefix ?? '';

  return {
    url() {
      const url = given('ROLLCALL_URL') ?? stack.url;
      if (url === undefined) throw missing('ROLLCALL_URL');
      return url;
    },
    mongodb() {
      const url = given('MONGODB_URL') ?? stack.mongodbUrl;
      if (url === undefined) throw missing('MONGODB_URL');
      return { url, database: given('MONGODB_DATABASE') ?? stack.mongodbDatabase ?? 'rollcall' };
    },
    legacy() {
      const url = given('LEGACY_MONGODB_URL') ?? given('MONGODB_URL') ?? stack.mongodbUrl;
      if (url === undefined) throw missing('LEGACY_MONGODB_URL');
      return { url };
    },
    crashAt: () => given('CRASH_AT') ?? '',
    counts() {
      const url = given('REDIS_CACHE_URL') ?? given('REDIS_URL') ?? stack.redisUrl;
      if (url === undefined) throw missing('REDIS_URL');
      return { url, keyPrefix: keyPrefix() };
    },
    mailboxes() {
      const url = given('REDIS_URL') ?? stack.redisUrl;
      if (url === undefined) throw missing('REDIS_URL');
      return { url, keyPrefix: keyPrefix() };
    },
    tokens() {
      const secret = given('AUTH_JWT_SECRET') ?? readSecret(stack.authSecretFile);
      if (secret === undefined) throw missing('AUTH_JWT_SECRET');
      return {
        secret,
        issuer: given('AUTH_ISSUER') ?? stack.authIssuer ?? 'rollcall-dev',
        audience: given('AUTH_AUDIENCE') ?? stack.authAudience ?? 'rollcall',
      };
    },
  };
}

function readStack(): StackFile {
  try {
    return JSON.parse(readFileSync(stackFile, 'utf8')) as StackFile;
  } catch {
    return {};
  }
}

function readSecret(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new UsageError(`the secret of the running npm start can not be read from ${file}`, { cause: error });
  }
}
