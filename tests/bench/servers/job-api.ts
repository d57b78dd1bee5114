// (c), first half: each signup becomes a job.
import { Queue } from 'bullmq';
import { serveSignUps } from './baseline.ts';
import { jobOptions, queueName, queuePrefix, type SignUpJob } from './job.ts';
import { newCommandId } from './seats.ts';
import { openRedis } from './stores.ts';

const queue = new Queue<SignUpJob>(queueName, { connection: await openRedis('queue'), prefix: queuePrefix });

await serveSignUps(async (request) => {
  const commandId = newCommandId();
  await queue.add('signup', { commandId, request }, jobOptions);
  return { status: 202, body: { commandId, eventId: request.eventId, status: 'pending', ahead: 0 } };
});
