import { once } from 'node:events';
import { Queue } from 'bullmq';
import type { RedisClient } from './client.ts';
import type { Keyspace } from './keyspace.ts';

export interface LazyQueueOptions {
  readonly redis: RedisClient;
  readonly keyspace: Keyspace;
  readonly name: string;
  readonly onError: (error: unknown) => void;
}

export interface LazyQueue<Data> extends AsyncDisposable {
  /** @throws when Redis is not there; the next call tries again. */
  open(): Promise<Queue<Data>>;
}

/** How long a queue that is opened waits for its connection, in ms: who adds to it has others to see to. */
const openMsMax = 1_000;

/** A BullMQ queue that is opened when it is first used: one whose connection was not there at first never works. */
export function createLazyQueue<Data>({ redis, keyspace, name, onError }: LazyQueueOptions): LazyQueue<Data> {
  let opened: Promise<Queue<Data>> | undefined;

  async function open(): Promise<Queue<Data>> {
    if (redis.status !== 'ready') await once(redis, 'ready', { signal: AbortSignal.timeout(openMsMax) });
    const queue = new Queue<Data>(name, {
      connection: redis,
      prefix: keyspace.queuePrefix,
      defaultJobOptions: { removeOnComplete: true, removeOnFail: true },
    });
    queue.on('error', onError);
    try {
      await queue.waitUntilReady();
      return queue;
    } catch (error) {
      await queue.close().catch(onError);
      throw error;
    }
  }

  return {
    open() {
      opened ??= open().catch((error: unknown) => {
        opened = undefined;
        throw error;
      });
      return opened;
    },
    async [Symbol.asyncDispose]() {
      const queue = await opened?.catch(() => undefined);
      await queue?.close();
    },
  };
}
