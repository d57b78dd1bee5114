import { type Document, MongoClient, MongoError, MongoServerError } from 'mongodb';
import { accepts, waitUntil } from './ports.ts';

export const replicaSetName = 'rs0';
const readyMsMax = 60_000;

/** Waits until the mongod on this port is the primary of its replica set, and makes that set first if there is none. */
export async function becomePrimary(port: number, signal?: AbortSignal): Promise<void> {
  await waitUntil(`mongod on port ${port}`, readyMsMax, async () => {
    signal?.throwIfAborted();
    return (await accepts(port)) && (await isPrimary(`127.0.0.1:${port}`));
  });
}

/** Each look has its own client: one whose first connection failed never recovers. */
async function isPrimary(host: string): Promise<boolean> {
  const client = new MongoClient(`mongodb://${host}/`, { directConnection: true, serverSelectionTimeoutMS: 2_000 });
  try {
    const admin = client.db('admin');
    const hello = await admin.command({ hello: 1 });
    if (hello['isWritablePrimary'] === true) return true;
    const config = await client.db('local').collection('system.replset').findOne();
    if (config === null) {
      await admin.command({ replSetInitiate: newConfig(host) });
    } else if (config['members']?.[0]?.host !== host) {
      // The data was made under another port: the member does not find itself in its own configuration until that is put right.
      const forced = { ...newConfig(host), version: Number(config['version']) + 1, settings: config['settings'] };
      await admin.command({ replSetReconfig: forced, force: true });
    }
    return false;
  } catch (error) {
    if (isPassing(error)) return false;
    throw error;
  } finally {
    await client.close();
  }
}

function newConfig(host: string): Document {
  // The default of 10 s is made for a network; a set of one member only waits for itself.
  return { _id: replicaSetName, version: 1, members: [{ _id: 0, host }], settings: { electionTimeoutMillis: 1_000 } };
}

/** A starting mongod breaks connections and refuses for a moment, or has meanwhile done what was asked: the next look tells. */
function isPassing(error: unknown): boolean {
  if (!(error instanceof MongoServerError)) return error instanceof MongoError;
  const passing = [
    'AlreadyInitialized',
    'NotYetInitialized',
    'ConfigurationInProgress',
    'InterruptedDueToReplStateChange',
  ];
  return passing.includes(error.codeName ?? '');
}
