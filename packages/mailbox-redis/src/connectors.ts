import { createConnection, type Socket } from 'node:net';
import { AbstractConnector, Redis } from 'ioredis';
import type { ClusterAddress } from './cluster-url.ts';

type Node = ClusterAddress['nodes'][number];
type Connector = new () => AbstractConnector;

/** How long a connection that is being closed may take for it, in ms. */
const disconnectMsMax = 2_000;
/** How long a node is given to say who has a slot, in ms. */
const askMsMax = 1_000;

/** Each connection is made to the next of these nodes. */
export function inTurn({ nodes }: ClusterAddress): Connector {
  const next = turns(nodes);
  return connectorTo(async () => next());
}

/** Each connection is made to the master that has the slot now; to any node while nobody says who that is, so that it is tried again. */
export function toOwnerOf(slot: number, address: ClusterAddress): Connector {
  const next = turns(address.nodes);
  return connectorTo(async () => {
    for (let n = 1; n < address.nodes.length; n += 1) {
      const owner = await askForOwner(slot, next(), address.login);
      if (owner !== undefined) return owner;
    }
    const last = next();
    return (await askForOwner(slot, last, address.login)) ?? last;
  });
}

function turns(nodes: readonly Node[]): () => Node {
  // So that those who start together do not all turn to the same one.
  let turn = Math.floor(Math.random() * nodes.length);
  return () => {
    turn += 1;
    const node = nodes[turn % nodes.length];
    if (node === undefined) throw new Error('a cluster has nodes');
    return node;
  };
}

function connectorTo(choose: () => Promise<Node>): Connector {
  return class extends AbstractConnector {
    constructor() {
      super(disconnectMsMax);
    }

    override async connect(): Promise<Socket> {
      this.connecting = true;
      const { host, port } = await choose();
      if (!this.connecting) throw new Error('Connection is closed.');
      const socket = createConnection({ host, port });
      socket.once('error', (error) => (this.firstError = error));
      this.stream = socket;
      return socket;
    }
  };
}

/** Undefined when it does not say. */
async function askForOwner(slot: number, node: Node, login: ClusterAddress['login']): Promise<Node | undefined> {
  const redis = new Redis({
    ...node,
    ...login,
    lazyConnect: true,
    retryStrategy: null,
    connectTimeout: askMsMax,
    commandTimeout: askMsMax,
  });
  // What it fails with is what the command fails with.
  redis.on('error', () => undefined);
  try {
    const ranges = await redis.cluster('SLOTS');
    const range = ranges.find(([first, last]) => first <= slot && slot <= last);
    const [host, port] = range?.[2] ?? [];
    if (port === undefined) return undefined;
    // One that does not know its own address means: where you found me.
    return { host: typeof host === 'string' && host !== '' ? host : node.host, port };
  } catch {
    return undefined;
  } finally {
    redis.disconnect();
  }
}
