import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { commandLineOf, isAlive, send } from './processes.ts';
import { freePort, waitUntil } from './servers/ports.ts';
import type { StackRecord } from './stack-file.ts';
import { makeFakeTree } from './testing/fake-tree.ts';
import { localOrigin } from './testing/local-origin.ts';

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
  output: string;
}

let tree: ReturnType<typeof makeFakeTree>;
let ports: Record<string, string>;
const runs: Run[] = [];

beforeEach(async () => {
  tree = makeFakeTree();
  const [api, mongod, redis] = await Promise.all([freePort(), freePort(), freePort()]);
  ports = { API_PORT: String(api), ROLLCALL_MONGOD_PORT: String(mongod), ROLLCALL_REDIS_PORT: String(redis) };
});

afterEach(async () => {
  for (const { child, ended } of runs.splice(0)) {
    child.kill('SIGTERM');
    await ended;
  }
  const left = leftovers();
  tree.remove();
  if (left.length > 0) throw new Error(`still running: ${left.join()}`);
});

test('comes up, tells scripts how to use it, and Ctrl-C ends every process in order', async () => {
  const run = start();
  const demo = await untilReady(run);
  expect(demo).toEqual({
    url: `http://127.0.0.1:${ports['API_PORT']}`,
    eventId: 'e1',
    roleId: 'r1',
    tokens: { organizer: 'o', alice: 'a', bob: 'b' },
  });
  expect(run.output.match(/^curl .*$/gm)).toHaveLength(4);
  const { mongodbUrl, redisUrl, children, authSecretFile } = stackRecord();
  expect(children.map((child) => child.name)).toEqual(['api', 'worker-1', 'worker-2']);
  expect(statSync(authSecretFile).mode & 0o777).toBe(0o600);
  // A worker has no business with the secret that signs tokens.
  expect(logOf('worker-1')).toContain(`connected to ${mongodbUrl} ${redisUrl} secret: undefined`);

  // As a terminal does it: the same Ctrl-C, more than once.
  run.child.kill('SIGINT');
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(0);
  expect(leftovers()).toEqual([]);
  expect(['api', 'worker-1', 'worker-2'].filter((name) => logOf(name).includes('stopped in order'))).toHaveLength(3);
  expect(existsSync(file('stack.json'))).toBe(false);
  expect(existsSync(file('demo.json'))).toBe(false);
});

test('a second start in the same folder is refused and does no harm to the first', async () => {
  await untilReady(start());
  const second = start();
  expect(await second.ended).toBe(1);
  expect(second.output).toMatch(/already runs in this folder \(process \d+, at http/);
  expect(existsSync(file('demo.json'))).toBe(true);
  expect(stackRecord().children.every(({ pid }) => isAlive(pid))).toBe(true);
});

test('what a killed start left behind is ended by the next, which finds the data again', async () => {
  const crashed = start();
  await untilReady(crashed);
  const { children } = stackRecord();
  crashed.child.kill('SIGKILL');
  await crashed.ended;
  expect(children.every(({ pid }) => isAlive(pid))).toBe(true);
  const next = start();
  await untilReady(next);
  expect(next.output).toContain('ended 3 processes left over');
  expect(children.some(({ pid }) => isAlive(pid))).toBe(false);
});

test('a worker that dies ends everything, and its last words are shown', async () => {
  const run = start();
  await untilReady(run);
  const worker = stackRecord().children.find((child) => child.name === 'worker-2');
  send(worker!.pid, 'SIGKILL');
  expect(await run.ended).toBe(1);
  expect(run.output).toContain('worker-2 ended (SIGKILL)');
  expect(run.output).toContain('connected to mongodb://');
});

test('a second Ctrl-C ends at once what does not want to stop', async () => {
  writeFileSync(
    join(tree.root, 'apps/worker/src/main.ts'),
    `process.on('SIGTERM', () => {}); setInterval(() => {}, 1_000)`,
  );
  const run = start();
  await untilReady(run);
  run.child.kill('SIGINT');
  await waitUntil('the stop', 5_000, () => Promise.resolve(run.output.includes('stopping')));
  await sleep(1_100);
  run.child.kill('SIGINT');
  expect(await run.ended).toBe(130);
  expect(leftovers()).toEqual([]);
});

test('mongod dying is noticed too', async () => {
  const run = start();
  await untilReady(run);
  send(Number(readFileSync(file('mongo/server.pid'), 'utf8')), 'SIGKILL');
  expect(await run.ended).toBe(1);
  expect(run.output).toContain('mongod ended (SIGKILL)');
});

test.each(['API_PORT', 'ROLLCALL_MONGOD_PORT', 'ROLLCALL_REDIS_PORT'])(
  'a taken port is named with %s, the setting that moves it',
  async (setting) => {
    const blocker = createServer().listen(Number(ports[setting]), '127.0.0.1');
    const run = start();
    expect(await run.ended).toBe(1);
    blocker.close();
    expect(run.output).toContain(`port ${ports[setting]} is taken`);
    expect(run.output).toContain(`${setting}=`);
  },
);

test('a command that fails is shown with what it said', async () => {
  writeFileSync(join(tree.root, 'apps/cli/src/main.ts'), `console.error('no such index'); process.exit(3)`);
  const run = start();
  expect(await run.ended).toBe(1);
  expect(run.output).toContain('rollcall schema failed: \nno such index');
});

function start(): Run {
  const child = spawn(process.execPath, [join(tree.root, 'infra/devstack/start.ts')], {
    env: { ...process.env, ROLLCALL_SERVERS: localOrigin, ROLLCALL_LAUNCHER_PID: '', ...ports },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const run: Run = { child, ended, output: '' };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => void (run.output += String(chunk)));
  runs.push(run);
  return run;
}

async function untilReady(run: Run): Promise<unknown> {
  await waitUntil('the start', 60_000, () => {
    if (run.child.exitCode !== null) throw new Error(`start ended:\n${run.output}`);
    return Promise.resolve(run.output.includes('Ctrl-C stops'));
  });
  return JSON.parse(readFileSync(file('demo.json'), 'utf8'));
}

const file = (name: string): string => join(tree.root, '.data', name);
const logOf = (name: string): string => readFileSync(file(`logs/${name}.log`), 'utf8');
const stackRecord = (): StackRecord => JSON.parse(readFileSync(file('stack.json'), 'utf8')) as StackRecord;

/** Every process of this tree has its folder in its command line. */
function leftovers(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && isAlive(Number(name)))
    .map((name) => commandLineOf(Number(name)))
    .filter((line) => line.includes(tree.root));
}
