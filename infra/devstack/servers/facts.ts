import { accessSync, constants, statSync } from 'node:fs';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Env, ServerFacts, ServerKind } from './source.ts';

const programs: Record<ServerKind, readonly string[]> = { mongo: ['mongod'], redis: ['redis-server', 'valkey-server'] };
const dockerAnswerMsMax = 1_000;

export async function gatherFacts(kind: ServerKind, env: Env): Promise<ServerFacts> {
  return {
    env,
    onPath: findOnPath(programs[kind], env['PATH'] ?? ''),
    dockerAvailable: await answersAsDocker(env),
    wheelsSupported: hasWheels(kind),
  };
}

/** The full path of the first of these programs on a PATH. */
export function findOnPath(names: readonly string[], path: string): string | undefined {
  const candidates = names.flatMap((name) =>
    path
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => join(folder, name)),
  );
  return candidates.find(isProgram);
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** A `docker` command proves nothing, it may be a client without an engine: only an engine answers a ping. */
async function answersAsDocker(env: Env): Promise<boolean> {
  const host = env['DOCKER_HOST'] ?? '';
  if (host.startsWith('tcp://')) return await ping({ host: new URL(host).hostname, port: new URL(host).port });
  const sockets = host.startsWith('unix://')
    ? [host.slice('unix://'.length)]
    : [
        '/var/run/docker.sock',
        join(homedir(), '.docker/run/docker.sock'),
        join(env['XDG_RUNTIME_DIR'] ?? '/run/user/none', 'docker.sock'),
      ];
  for (const socketPath of sockets) if (await ping({ socketPath })) return true;
  return false;
}

function ping(target: { host: string; port: string } | { socketPath: string }): Promise<boolean> {
  return new Promise((settle) => {
    const call = request({ ...target, path: '/_ping', timeout: dockerAnswerMsMax }, (response) => {
      response.resume();
      settle(response.statusCode === 200);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => settle(false));
    call.end();
  });
}

function hasWheels(kind: ServerKind): boolean {
  if (process.arch !== 'x64' && process.arch !== 'arm64') return false;
  return kind === 'redis' && process.platform === 'darwin' ? true : process.platform === 'linux' && hasGlibc();
}

function hasGlibc(): boolean {
  const report: unknown = process.report.getReport();
  const header = (report as { header: { glibcVersionRuntime?: string } }).header;
  return header.glibcVersionRuntime !== undefined;
}
