import { eventIdFor } from '@rollcall/domain';
import { newCommandId, wakeUpsContract } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { connectRedis } from './connect.ts';
import { createKeyspace } from './keyspace.ts';
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

it('does not keep whoever wakes waiting while there is no server', async () => {
  const nowhere = connectRedis({
    url: 'redis://127.0.0.1:1',
    use: 'queue',
    commandTimeoutMs: 200,
    onError: () => undefined,
  });
  const wakeUps = createWakeUps(nowhere, createKeyspace(''), () => undefined);
  const eventId = eventIdFor(newCommandId());
  for (let n = 0; n < 3; n += 1) await expect(wakeUps.add(eventId)).rejects.toThrow(/ECONNREFUSED|aborted/);
  await wakeUps[Symbol.asyncDispose]();
  nowhere.disconnect();
});
