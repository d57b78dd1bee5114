import type { Exchanges } from '../generator/task.ts';
import { userIdOf } from '../generator/task.ts';
import type { DecisionReport, ReportRequest } from '../servers/report.ts';
import type { Stage } from '../stage.ts';
import { baselineBody, signUpPath, startBaselineProcess, startBaselineServer } from './baseline.ts';
import { checkSeats, newSeats } from './seats.ts';
import type { Contender, Following, Setting } from './side.ts';

/** Jobs that are worked on at once, and how long a job waits before it tries for the lock again, in ms. */
export const jobSettings = [
  { concurrency: 2, lockRetryMs: 1, lockRetryJitterMs: 1 },
  { concurrency: 4, lockRetryMs: 2, lockRetryJitterMs: 2 },
  { concurrency: 16, lockRetryMs: 10, lockRetryJitterMs: 10 },
] as const satisfies readonly Setting[];

/** (c) A BullMQ job per signup; its worker takes a Redlock lock, counts, inserts. */
export async function startJobPerSignup(stage: Stage, setting: Setting): Promise<Contender> {
  const server = await startBaselineServer(stage, 'job-api', setting);
  const worker = startBaselineProcess(stage, 'job-worker', setting);
  let onReport: ((report: DecisionReport) => void) | undefined;
  worker.onMessage((report) => onReport?.(report as DecisionReport));

  async function follow(firstUser: number, count: number): Promise<Following> {
    const { promise, resolve } = Promise.withResolvers<DecisionReport>();
    onReport = resolve;
    worker.send({ count } satisfies ReportRequest);
    return {
      async decided(_exchanges: Exchanges) {
        const { userIds, decidedAt } = await promise;
        const places = new Map(userIds.map((userId, index) => [userId, index]));
        return Float64Array.from({ length: count }, (_, place) => {
          const index = places.get(userIdOf(firstUser + place));
          return (index === undefined ? undefined : decidedAt[index]) ?? Number.NaN;
        });
      },
    };
  }

  return {
    side: 'jobPerSignup',
    setting,
    processes: [
      { name: 'api', pid: server.process.pid },
      { name: 'worker', pid: worker.pid },
    ],
    async newEvent(capacity) {
      const eventId = await newSeats(stage, capacity);
      return {
        origin: server.origin,
        path: signUpPath(eventId),
        body: baselineBody,
        status: 202,
        follow,
        check: (signups) => checkSeats(stage, eventId, capacity, signups),
      };
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([server.process.stop(), worker.stop()]);
    },
  };
}
