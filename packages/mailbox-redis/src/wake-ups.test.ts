import { wakeUpsContract } from '@rollcall/testkit';
import { describe } from 'vitest';
import { redisKinds, testRedis } from './testing.ts';
import { createWakeUps, startWakeUpWorker } from './wake-ups.ts';

describe.each(redisKinds)('on $kind', ({ url }) => {
  wakeUpsContract('BullMQ', async () => {
    const server = testRedis(url);
    const ignore = () => undefined;
    const wakeUps = createWakeUps(await server.connect('queue'), server.keyspace, ignore);
    const workers: AsyncDisposable[] = [];
    return {
      wakeUps,
      async consume(handler) {
        workers.push(
          startWakeUpWorker({
            ...(await server.jobOptions(ignore)),
            concurrency: 4,
            onWakeUp: async (eventId) => {
              await handler(eventId);
              return 'done';
            },
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
});
