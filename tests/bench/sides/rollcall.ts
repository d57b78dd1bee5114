import { join } from 'node:path';
import { collectionsOf } from '@rollcall/store-mongo';
import { parseEventId, parseRoleId, type EventId, type RoleId } from '@rollcall/domain';
import type { Child } from '../child.ts';
import type { Stage } from '../stage.ts';
import { followVersion } from './follow-version.ts';
import { openedEvent } from './organizer.ts';
import { checkEvent } from './rollcall-check.ts';
import type { Contender, SignupTarget } from './side.ts';

const apiMain = join(import.meta.dirname, '../../../apps/api/src/main.ts');
const workerMain = join(import.meta.dirname, '../../../apps/worker/src/main.ts');

export interface RollcallContender extends Contender {
  readonly api: Child;
  readonly workers: readonly Child[];
  newEvent(capacity: number, waitlist?: 'auto' | 'off'): Promise<RollcallTarget>;
  /** An event that is there already. */
  targetOf(eventId: EventId, roleId: RoleId): RollcallTarget;
}

export interface RollcallTarget extends SignupTarget {
  readonly eventId: EventId;
}

/** `env`: settings that differ. */
export const startWorkerProcess = (stage: Stage, name: string, env: Readonly<Record<string, string>> = {}): Child =>
  stage.startChild(name, workerMain, { ...stage.storeEnv(), LOG_LEVEL: 'info', ...env });

/** Resolves when it is ready. `env`: as above. */
export async function startApi(
  stage: Stage,
  name: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly process: Child; readonly origin: string }> {
  const port = await stage.freePort();
  const process = stage.startChild(name, apiMain, { ...stage.apiEnv(port), ...env });
  const origin = `http://127.0.0.1:${port}`;
  await stage.untilAnswers(origin, '/health/ready', 200);
  return { process, origin };
}

/** (b) Rollcall as it is shipped: one API process and the worker processes. `apiEnv`: settings of the API that differ. */
export async function startRollcall(
  stage: Stage,
  workerCount: number,
  apiEnv: Readonly<Record<string, string>> = {},
): Promise<RollcallContender> {
  const workers = Array.from({ length: workerCount }, (_, index) =>
    startWorkerProcess(stage, `rollcall-worker-${index + 1}`),
  );
  const { process: api, origin } = await startApi(stage, 'rollcall-api', apiEnv);
  const collections = collectionsOf(stage.mongo, stage.database);
  const targetOf = (eventId: EventId, roleId: RoleId): RollcallTarget => ({
    eventId,
    origin,
    path: `/v1/events/${eventId}/registrations`,
    body: JSON.stringify({ roleId }),
    status: 202,
    follow: (firstUser, count) => followVersion(collections, eventId, firstUser, count),
    check: (signups) => checkEvent(collections, eventId, signups),
  });

  return {
    side: 'rollcall',
    setting: { workers: workerCount },
    api,
    workers,
    processes: [
      { name: 'api', pid: api.pid },
      ...workers.map(({ pid }, index) => ({ name: workerCount === 1 ? 'worker' : `worker-${index + 1}`, pid })),
    ],
    async newEvent(capacity, waitlist) {
      const opened = await openedEvent(origin, stage.tokens, capacity, { waitlist });
      const eventId = parseEventId(opened.eventId);
      const roleId = parseRoleId(opened.roleId);
      if (eventId === undefined || roleId === undefined) throw new Error('the event came without usable ids');
      return targetOf(eventId, roleId);
    },
    targetOf,
    async [Symbol.asyncDispose]() {
      await api.stop();
      await Promise.all(workers.map((worker) => worker.stop()));
    },
  };
}

const openedTogether = 16;

/** Many events, some at a time. */
export async function newEvents(
  rollcall: RollcallContender,
  count: number,
  capacity: number,
): Promise<readonly RollcallTarget[]> {
  const targets: RollcallTarget[] = [];
  while (targets.length < count) {
    const some = Math.min(openedTogether, count - targets.length);
    targets.push(...(await Promise.all(Array.from({ length: some }, () => rollcall.newEvent(capacity)))));
  }
  return targets;
}
