import { wakeUpsContract } from '@rollcall/testkit';
import { inject } from 'vitest';
import { testRedis } from './testing.ts';
import { createWakeUps, startWakeUpWorker } from './wake-ups.ts';

wakeUpsContract('BullMQ', async () => {
  const server = testRedis(inject('redisUrl'));
  const ignore = () => undefined;
  const wakeUps = createWakeUps(await server.connect('queue'), server.keyspace, ignore);
  const workers: AsyncDisposable[] = [];
  return {
    wakeUps,
    async consume(handler) {
      workers.push(
        startWakeUpWorker({
          redis: await server.connect('blocking'),
          keyspace: server.keyspace,
          concurrency: 4,
          jobLockMs: 5_000,
          stalledEveryMs: 2_000,
          onWakeUp: async (eventId) => {
            await handler(eventId);
            return 'done';
          },
          onError: ignore,
        }),
      );
    },
    async close() {
      for (const worker of workers) await worker[Symbol.asyncDispose]();
      await wakeUps[Symbol.asyncDispose]();
      server.close();
    },
  };
});
