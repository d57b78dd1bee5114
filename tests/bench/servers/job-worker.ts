// (c), second half: each job takes the lock of its event and role, counts who has a seat, and inserts.
import { Worker } from 'bullmq';
import Redlock from 'redlock';
import { environment } from './environment.ts';
import { queueName, queuePrefix, type SignUpJob } from './job.ts';
import { Reporter } from './report.ts';
import { registrationDocument } from './seats.ts';
import { settingOf } from './setting.ts';
import { openRedis, openStore } from './stores.ts';

const lockTtlMs = 5_000;

const { registrations, seats } = openStore('bench-job-worker');
const lockOptions = {
  retryCount: 1_000,
  retryDelay: settingOf('lockRetryMs'),
  retryJitter: settingOf('lockRetryJitterMs'),
  driftFactor: 0.01,
};
const redlock = new Redlock([await openRedis('commands')], lockOptions);
const reporter = new Reporter();
const capacities = new Map<string, number>();

async function capacityOf(eventId: string): Promise<number> {
  const known = capacities.get(eventId);
  if (known !== undefined) return known;
  const found = await seats.findOne({ _id: eventId });
  if (found === null) throw new Error(`nobody made seats for ${eventId}`);
  capacities.set(eventId, found.capacity);
  return found.capacity;
}

async function decide({ commandId, request }: SignUpJob, sequence: number): Promise<void> {
  const { eventId, roleId } = request;
  const capacity = await capacityOf(eventId);
  const lock = await redlock.lock(`${environment.redisKeyPrefix}bench-lock:${eventId}:${roleId}`, lockTtlMs);
  try {
    const confirmed = await registrations.countDocuments({ eventId, roleId, status: 'confirmed' });
    const status = confirmed < capacity ? 'confirmed' : 'waitlist';
    await registrations.insertOne(registrationDocument(request, { commandId, status, sequence }));
  } finally {
    await lock.unlock();
  }
}

const worker = new Worker<SignUpJob>(
  queueName,
  async ({ id, data }) => {
    await decide(data, Number(id));
    reporter.decided(data.request.identity.userId);
  },
  { connection: await openRedis('blocking'), prefix: queuePrefix, concurrency: settingOf('concurrency') },
);
worker.on('error', console.error);
worker.on('failed', (_job, error) => console.error(error));
