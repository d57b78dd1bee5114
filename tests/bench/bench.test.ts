import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findPostgres } from './postgres/find.ts';
import type { BenchReport } from './report.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
// PostgreSQL refuses to be root, and has to get in as somebody else.
chmodSync(dataDir, 0o711);
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

/** @returns what it printed. @throws Error with that if it ends otherwise than expected. */
async function runBench(args: readonly string[], exitCode = 0): Promise<string> {
  const { code, output } = await run(args);
  if (code !== exitCode) throw new Error(`exit code ${code}:\n${output}`);
  return output;
}

function run(args: readonly string[]): Promise<{ readonly code: number | null; readonly output: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ code: number | null; output: string }>();
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), '--data', dataDir, ...args], {
    // Servers of its own: those of the test run keep nothing on disk.
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.on('error', reject);
  child.on('close', (code) => resolve({ code, output }));
  return promise;
}

const readReport = (): BenchReport => JSON.parse(readFileSync(join(dataDir, 'bench.json'), 'utf8')) as BenchReport;

test('a quick run compares all sides and leaves nothing behind but its result', async () => {
  // As on a machine without PostgreSQL; what it has where it is comes below.
  const output = await runBench(['--quick', '--signups', '300', '--postgres', '/nowhere']);
  const { medians, ratios, sides, leftOut, trials, settings, faults } = readReport();
  for (const side of ['ceiling', 'rollcall', 'jobPerSignup', 'mongoCounter', 'legacy'] as const) {
    expect(medians[side]).toBeGreaterThan(0);
    expect(sides[side]?.signups).toBe(side === 'ceiling' || side === 'rollcall' ? 300 : 30);
    expect(sides[side]?.processes.map(({ name }) => name)).toEqual(expect.arrayContaining(['generator', 'api']));
  }
  expect(medians.postgresCounter).toBeNull();
  expect(leftOut).toEqual({ postgresCounter: 'there is no initdb in /nowhere' });
  expect(output).toContain('postgresCounter was left out: there is no initdb in /nowhere');
  expect(ratios).toEqual({
    ceiling: expect.any(Number),
    jobPerSignup: expect.any(Number),
    mongoCounter: expect.any(Number),
    postgresCounter: null,
    legacy: expect.any(Number),
    at1m: null,
    events1000: null,
  });
  // However wrong the rest is, none of those who were answered is missing.
  expect(sides.legacy?.checks).toMatchObject([{ facts: { capacity: 15, registrations: 30 } }]);
  expect(trials.jobPerSignup).toHaveLength(3);
  expect(trials.mongoCounter).toHaveLength(3);
  expect(settings).toMatchObject({ workers: 1, servers: { appendfsync: 'always' } });
  expect(faults).toEqual([]);
  expect(sides.rollcall?.checks.map(({ facts }) => facts)).toEqual([
    { capacity: 150, confirmed: 150, registrations: 300, decisions: 300, version: 302 },
  ]);
  expect(output).toContain('no seat given twice');
  expect(readdirSync(join(dataDir, 'bench'))).toEqual([]);
});

const hasPostgres = typeof findPostgres(dataDir) !== 'string';

test.runIf(hasPostgres)(
  'where PostgreSQL is on the machine, its counter is a side, and nothing of it is left',
  async () => {
    await runBench(['--quick', '--only', 'ceiling,postgresCounter', '--signups', '300']);
    const { leftOut, sides, trials, settings } = readReport();
    expect(leftOut).toEqual({});
    expect(trials.postgresCounter).toHaveLength(3);
    expect(sides.postgresCounter?.checks).toEqual([
      { facts: { capacity: 15, confirmed: 15, registrations: 30 }, faults: [] },
    ]);
    expect(sides.postgresCounter?.processes.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['api', 'postgres']),
    );
    expect(settings).toMatchObject({ servers: { fsync: 'on', synchronous_commit: 'on' } });
    expect(readdirSync(join(dataDir, 'bench'))).toEqual([]);
  },
);

test('the long parts measure latency, growth and memory', async () => {
  const small = ['--registrations', '2000', '--waits', '200', '--seconds', '1', '--events', '20', '--overload', '2'];
  await runBench(['--only', 'rollcall', '--signups', '300', '--rounds', '1', ...small]);
  const report = readReport();
  const { medians, ratios, openLoop, idle, coldStart, soldOut, growth, openWaits, manyEvents, faults } = report;
  expect(faults).toEqual([]);
  expect(ratios).toMatchObject({ ceiling: null, at1m: expect.any(Number), events1000: null });
  expect(medians).toMatchObject({ at1m: growth?.many.median, events1000: manyEvents?.decisionsPerSecond.median });
  expect(openLoop?.latency).toEqual({
    p50: expect.any(Number),
    p99: expect.any(Number),
    p999: expect.any(Number),
    max: expect.any(Number),
  });
  expect(idle?.latency.p50).toBeGreaterThan(0);
  expect(coldStart).toMatchObject({ api: { median: expect.any(Number) }, worker: { median: expect.any(Number) } });
  expect(soldOut).toMatchObject({ seats: 3, signups: 300 });
  expect(soldOut?.checks.at(-1)?.facts).toEqual({
    capacity: 3,
    confirmed: 3,
    registrations: 3,
    decisions: 300,
    version: 302,
  });
  expect(manyEvents).toMatchObject({ events: 20, signups: 300, decision: { p99: expect.any(Number) } });
  expect(report.scaleOut?.map(({ apis, workers }) => [apis, workers])).toEqual([
    [1, 1],
    [1, 2],
    [1, 4],
    [2, 2],
  ]);
  const { statuses, unsent, withoutRetryAfter, check, offeredRate } = report.overload!;
  expect(Object.values(statuses).reduce((a, b) => a + b, unsent)).toBe(2 * offeredRate);
  expect(withoutRetryAfter).toBe(0);
  expect(check.facts['decisions']).toBeGreaterThanOrEqual(check.facts['accepted'] ?? Infinity);
  expect(growth).toMatchObject({ registrationsFew: 200, registrationsMany: 2000 });
  expect(openWaits).toMatchObject({ openWaits: 200, registrations: 2800 });
});

test('what it does not know it refuses', async () => {
  const output = await runBench(['--only', 'fastest'], 1);
  expect(output).toContain('there is no side "fastest"');
  expect(output).toContain('usage: npm run bench');
});
