/**
 * Public reads against a bare Fastify that sends the same bytes: rates and CPU time per request, round by round and their
 * medians. `npm run bench:availability`
 */
import { join } from 'node:path';
import type { Child } from './child.ts';
import { removeLeftovers } from './leftovers.ts';
import { Watch } from './measure.ts';
import type { ReadReply, ReadResult, ReadTask } from './reading/task.ts';
import { openedEvent } from './sides/organizer.ts';
import { Stage } from './stage.ts';
import { medianOf } from './stats.ts';

const rounds = 5;
const seconds = 4;
const connections = 64;
const eventCount = 20;
const roleNames = ['Cooks', 'Drivers', 'Stewards'];

const here = import.meta.dirname;

interface Server {
  readonly child: Child;
  readonly port: number;
}

interface Measured {
  readonly rate: number;
  /** CPU time of the server, in µs per request. */
  readonly micros: number;
}

async function startApi(stage: Stage): Promise<Server> {
  stage.startChild('worker', join(here, '../../apps/worker/src/main.ts'), stage.storeEnv());
  const port = await stage.freePort();
  const child = stage.startChild('api', join(here, '../../apps/api/src/main.ts'), {
    ...stage.apiEnv(port),
    // All of them come from one address; it is counted all the same.
    ANONYMOUS_READS_PER_MINUTE: '10000000',
  });
  await stage.untilAnswers(`http://127.0.0.1:${port}`, '/health/ready', 200);
  return { child, port };
}

async function startBare(stage: Stage, name: string, body: string): Promise<Server> {
  const port = await stage.freePort();
  const child = stage.startChild(name, join(here, 'servers/bare.ts'), { API_PORT: String(port), BENCH_BODY: body });
  await stage.untilAnswers(`http://127.0.0.1:${port}`, '/', 200);
  return { child, port };
}

function read(reader: Child, task: ReadTask): Promise<ReadResult> {
  return new Promise((resolve, reject) => {
    reader.onNextMessage((message) => {
      const reply = message as ReadReply;
      if ('error' in reply) reject(new Error(reply.error));
      else resolve(reply.result);
    });
    reader.send(task);
  });
}

async function measure(reader: Child, { child, port }: Server, path: string, bodyBytes: number): Promise<Measured> {
  const watch = new Watch([{ name: child.name, pid: child.pid }]);
  const result = await read(reader, { port, path, connections, seconds });
  const [use] = watch.stop();
  if (result.bodyBytes !== bodyBytes) throw new Error(`${result.bodyBytes} bytes where ${bodyBytes} were expected`);
  return { rate: result.answers / result.seconds, micros: (use?.cpuMicros ?? Number.NaN) / result.answers };
}

const whole = (value: number) => Math.round(value).toLocaleString('en');

function print(title: string, rows: readonly (readonly [bare: Measured, api: Measured])[]): void {
  const median = (place: 0 | 1, field: keyof Measured) => medianOf(rows.map((row) => row[place][field]));
  const line = (name: string, place: 0 | 1) =>
    `  ${name.padEnd(14)} ${whole(median(place, 'rate')).padStart(8)}/s ${median(place, 'micros').toFixed(1).padStart(7)} µs CPU`;
  const ratio = medianOf(rows.map(([bare, api]) => api.rate / bare.rate));
  const share = medianOf(rows.map(([bare, api]) => bare.micros / api.micros));
  console.log(title);
  console.log(`${line('bare Fastify', 0)}\n${line('Rollcall', 1)}`);
  console.log(`  ${'ratio'.padEnd(14)} ${ratio.toFixed(2)} by rate, ${share.toFixed(2)} by CPU`);
}

async function compare(stage: Stage, reader: Child, api: Server, name: string, path: string): Promise<void> {
  const body = await (await fetch(`http://127.0.0.1:${api.port}${path}`)).text();
  const bodyBytes = Buffer.byteLength(body);
  const bare = await startBare(stage, `bare-${name}`, body);
  const rows: (readonly [Measured, Measured])[] = [];
  // The first round warms both up.
  for (let round = 0; round <= rounds; round += 1) {
    const row = [await measure(reader, bare, '/', bodyBytes), await measure(reader, api, path, bodyBytes)] as const;
    if (round > 0) rows.push(row);
  }
  await bare.child.stop();
  print(`${name}, ${whole(bodyBytes)} bytes, ${connections} connections`, rows);
}

async function main(): Promise<void> {
  const benchDir = join(here, '../../.data/bench');
  await removeLeftovers(benchDir);
  await using stage = new Stage(benchDir);
  await stage.open();
  const api = await startApi(stage);
  const origin = `http://127.0.0.1:${api.port}`;
  const eventIds = [];
  for (let n = 0; n < eventCount; n += 1)
    eventIds.push((await openedEvent(origin, stage.tokens, 100, { roleNames })).eventId);
  const reader = stage.startChild('reader', join(here, 'reading/main.ts'), {});
  const [eventId = ''] = eventIds;
  await compare(stage, reader, api, 'availability', `/v1/events/${eventId}/availability`);
  await compare(stage, reader, api, 'event', `/v1/events/${eventId}`);
  await compare(stage, reader, api, 'list', `/v1/events?limit=${eventCount}`);
}

await main();
process.exit(0);
