import { SetupError } from './setup-error.ts';

export type ServerKind = 'mongo' | 'redis';
export type ServerOrigin = 'url' | 'path' | 'docker' | 'wheel';
export type Env = Readonly<Record<string, string | undefined>>;

export type ServerSource =
  | { readonly origin: 'url'; readonly url: string }
  | { readonly origin: 'path'; readonly binary: string }
  | { readonly origin: 'docker' }
  | { readonly origin: 'wheel' };

/** What is known about a machine before a source is chosen. */
export interface ServerFacts {
  readonly env: Env;
  /** The server's program on the PATH, if there is one. */
  readonly onPath: string | undefined;
  readonly dockerAvailable: boolean;
  readonly wheelsSupported: boolean;
}

const origins: readonly ServerOrigin[] = ['url', 'path', 'docker', 'wheel'];

export const serverNames = {
  mongo: { setting: 'MONGODB_URL', program: 'mongod', install: 'mongod 6 or later' },
  redis: {
    setting: 'REDIS_URL',
    program: 'redis-server or valkey-server',
    install: 'redis-server 7 or valkey-server 8, or later',
  },
} as const;

/**
 * Where a server comes from: a URL in the environment, else a program on the PATH, else Docker, else a PyPI wheel. The setting
 * ROLLCALL_SERVERS names one of these and leaves no other choice (CI uses it to prove a particular one).
 * @throws SetupError if nothing can serve.
 */
export function chooseServerSource(kind: ServerKind, facts: ServerFacts): ServerSource {
  const forced = facts.env['ROLLCALL_SERVERS'] ?? '';
  if (forced !== '') return forcedSource(kind, forced, facts);
  const found = origins.map((origin) => sourceOf(origin, kind, facts)).find((source) => source !== undefined);
  if (found !== undefined) return found;
  const { install, program, setting } = serverNames[kind];
  throw new SetupError(`there is no ${program} for this machine`, [
    `install ${install} and put it on the PATH`,
    'or start Docker',
    `or give the URL of a running one: ${setting}=…`,
  ]);
}

function forcedSource(kind: ServerKind, forced: string, facts: ServerFacts): ServerSource {
  const origin = origins.find((known) => known === forced);
  if (origin === undefined) {
    throw new SetupError(`ROLLCALL_SERVERS is "${forced}"`, [
      `it can be one of: ${origins.join(', ')}; or leave it out`,
    ]);
  }
  const source = sourceOf(origin, kind, facts);
  if (source !== undefined) return source;
  throw new SetupError(`ROLLCALL_SERVERS=${origin} leaves no ${serverNames[kind].program} on this machine`, [
    missing[origin](kind),
    'or leave ROLLCALL_SERVERS out, so that every other source is tried',
  ]);
}

const missing: Record<ServerOrigin, (kind: ServerKind) => string> = {
  url: (kind) => `set ${serverNames[kind].setting}`,
  path: (kind) => `put ${serverNames[kind].program} on the PATH`,
  docker: () => 'start Docker and see that `docker info` works for this user',
  wheel: () => 'there are wheels for Linux with glibc on x64 and arm64 only',
};

function sourceOf(origin: ServerOrigin, kind: ServerKind, facts: ServerFacts): ServerSource | undefined {
  switch (origin) {
    case 'url': {
      const url = facts.env[serverNames[kind].setting] ?? '';
      return url === '' ? undefined : { origin, url };
    }
    case 'path':
      return facts.onPath === undefined ? undefined : { origin, binary: facts.onPath };
    case 'docker':
      return facts.dockerAvailable ? { origin } : undefined;
    case 'wheel':
      return facts.wheelsSupported ? { origin } : undefined;
  }
}
