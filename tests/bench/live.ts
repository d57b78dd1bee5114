/**
 * Live streams: 2,000 clients of one API process listen to an event while 1,000 people a second sign up for it, and 10,000
 * listen while nothing happens. Prints how long commits take to reach clients, and what streams cost. `npm run bench:live`, or one of them: `-- busy`, `-- quiet`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { EventId } from '@rollcall/domain';
import { SetupError } from '@rollcall/infra';
import { collectionsOf } from '@rollcall/store-mongo';
import { removeLeftovers } from './leftovers.ts';
import { commitToClient, type Commit } from './listeners/latency.ts';
import { startListeners, type Listeners } from './listeners/listeners.ts';
import { rssBytesOf, Watch } from './measure.ts';
import { startRollcall, type RollcallContender, type RollcallTarget } from './sides/rollcall.ts';
import { Stage } from './stage.ts';

const [busyListeners, quietListeners] = [2_000, 10_000];
const ratePerSecond = 1_000;
/** The first seconds are of processes that have done nothing before, and are not measured. */
const [warmUpSeconds, rushSeconds] = [5, 20];
const quietSeconds = 30;
/** Of each process, beside its streams. */
const otherFiles = 500;
const connections = 200;
/** From the versions that create and open an event to the first signup. */
const versionsBefore = 2;

const benchDir = join(import.meta.dirname, '../../.data/bench');
const megabytes = (bytes: number | undefined) => `${Math.round((bytes ?? Number.NaN) / 2 ** 20)} MiB`;

const asked = process.argv.slice(2);
/** Both unless one is named. */
const isAsked = (part: 'quiet' | 'busy') => asked.length === 0 || asked.includes(part);

function checkOpenFiles(): void {
  // Node has raised what it could when it started, as its children will.
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const allowed = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Infinity);
  const needed = quietListeners + otherFiles;
  if (allowed >= needed) return;
  throw new SetupError(
    `${quietListeners} streams need ${needed} open files per process, and ${allowed} are allowed here.`,
    [`run \`ulimit -n ${needed}\` in this shell first`, 'or allow more in /etc/security/limits.conf, and log in again'],
  );
}

/** Every commit of an event, with the time at which the server wrote it. */
async function followCommits(stage: Stage, eventId: EventId) {
  const commits: Commit[] = [];
  const { events } = collectionsOf(stage.mongo, stage.database);
  const changes = events.watch([{ $match: { 'documentKey._id': eventId } }]);
  // What is committed before the server has answered is not in it.
  await changes.tryNext();
  const following = (async () => {
    for await (const change of changes) {
      if (change.operationType !== 'update') continue;
      const version = change.updateDescription.updatedFields?.version;
      const at = change.wallTime?.getTime();
      if (version !== undefined && at !== undefined) commits.push({ version, at });
    }
  })();
  // It ends with an error when it is closed.
  following.catch(() => undefined);
  return { commits, close: () => changes.close() };
}

async function busy(stage: Stage, { api, workers, newEvent }: RollcallContender, listeners: Listeners): Promise<void> {
  const [warmUp, count] = [ratePerSecond * warmUpSeconds, ratePerSecond * rushSeconds];
  const event = await newEvent(count / 2);
  const url = `${event.origin}/v1/events/${event.eventId}`;
  await listeners.perform({ kind: 'open', url: `${url}/live`, count: busyListeners });
  const signUp = (target: ReturnType<typeof rushOf>) =>
    stage.generator.perform({ kind: 'openLoop', phases: [{ target, ratePerSecond }], connections });
  await signUp(rushOf(event, 0, warmUp));
  const before = await listeners.perform({ kind: 'until', version: warmUp + versionsBefore });
  const { commits, close } = await followCommits(stage, event.eventId);
  const watch = new Watch([
    { name: 'api', pid: api.pid },
    ...workers.map(({ pid }) => ({ name: 'worker', pid })),
    ...stage.shared,
    { name: 'listeners', pid: listeners.process.pid },
  ]);
  const [sent] = await signUp(rushOf(event, warmUp, count));
  const received = await listeners.perform({ kind: 'until', version: warmUp + count + versionsBefore });
  const use = watch.stop();
  await close();
  const { p50, p99 } = commitToClient(commits, received);
  const final = await finalState(url, warmUp + count + versionsBefore);
  const isRight = received.lastStates.length === 1 && received.lastStates[0] === final && received.lost === 0;
  const perSecond = (received.at.length - before.at.length) / busyListeners / rushSeconds;
  console.log(
    `${busyListeners} listen while ${ratePerSecond} a second sign up (${[...(sent?.statuses ?? [])].map(([status, n]) => `${n} answered ${status}`).join(', ')}): ` +
      `${commits.length} commits, ${perSecond.toFixed(1)} updates/s each; from commit to client p50 ${p50.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms`,
  );
  const cpu = use.map(({ name, cpuMicros }) => `${name} ${(cpuMicros / 1e6).toFixed(1)} s`);
  console.log(`CPU: ${cpu.join(', ')}`);
  console.log(
    isRight
      ? 'every client ended on the final counts'
      : `WRONG: ${received.lost} lost, ended on ${received.lastStates.join(' and ')}, not ${final}`,
  );
  if (!isRight) process.exitCode = 1;
  await listeners.perform({ kind: 'close' });
}

/** The count cache may be a moment behind. */
async function finalState(url: string, version: number): Promise<string> {
  for (;;) {
    const state = await (await fetch(`${url}/availability`)).text();
    if (state.includes(`"version":${version},`)) return state;
    await delay(20);
  }
}

const rushOf = ({ origin, path, body }: RollcallTarget, firstUser: number, count: number) => ({
  origin,
  path,
  body,
  firstUser,
  count,
});

async function quiet({ api, newEvent }: RollcallContender, listeners: Listeners): Promise<void> {
  const event = await newEvent(10);
  const before = rssBytesOf(api.pid);
  const startedAt = performance.now();
  const url = `${event.origin}/v1/events/${event.eventId}/live`;
  await listeners.perform({ kind: 'open', url, count: quietListeners });
  const openSeconds = (performance.now() - startedAt) / 1_000;
  const opened = rssBytesOf(api.pid);
  const watch = new Watch([{ name: 'api', pid: api.pid }]);
  await delay(quietSeconds * 1_000);
  const [use] = watch.stop();
  const { lost } = await listeners.perform({ kind: 'until', version: 0 });
  const cpuPercent = (use?.cpuMicros ?? Number.NaN) / (quietSeconds * 10_000);
  console.log(
    `${quietListeners} quiet streams, opened in ${openSeconds.toFixed(1)} s: API ${megabytes(before)} before, ${megabytes(opened)} when all were open, ` +
      `at most ${megabytes(use?.peakRssBytes)} in ${quietSeconds} s with heartbeats, for which it took ${cpuPercent.toFixed(1)} % of a core; ${lost} lost`,
  );
  if (lost > 0) process.exitCode = 1;
  await listeners.perform({ kind: 'close' });
}

async function main(): Promise<void> {
  checkOpenFiles();
  await removeLeftovers(benchDir);
  await using stage = new Stage(benchDir);
  await stage.open();
  const apiEnv = { LIVE_PER_ADDRESS_MAX: String(2 * quietListeners), ANONYMOUS_READS_PER_MINUTE: '10000000' };
  await using listeners = startListeners(stage);
  // Each with an API that has done nothing before.
  if (isAsked('quiet')) {
    await using rollcall = await startRollcall(stage, 1, apiEnv);
    await quiet(rollcall, listeners);
  }
  if (isAsked('busy')) {
    await using rollcall = await startRollcall(stage, 1, apiEnv);
    await busy(stage, rollcall, listeners);
  }
}

try {
  await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error([error.message, ...error.advice].join('\n- '));
  process.exitCode = 1;
}
process.exit();
