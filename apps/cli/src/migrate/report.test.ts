import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { createFindings } from './found.ts';
import { startMigrationMetrics } from './metrics.ts';
import { createMigrationReport } from './report.ts';
import { tableOf } from './table.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rollcall-report-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const bar = { show: () => undefined, clear: () => undefined };

async function reportTo(file: string | undefined, isJson = false) {
  const shown: string[] = [];
  let now = 0;
  const report = await createMigrationReport({
    step: 'backfill',
    output: { write: (text) => shown.push(text) },
    bar,
    isJson,
    file,
    now: () => (now += 1_000),
  });
  return { report, shown };
}
const linesOf = async (file: string): Promise<readonly object[]> =>
  (await readFile(file, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);

describe('a report', () => {
  it('has a line for each thing, is added to what is there, and ends with a summary', async () => {
    const file = join(folder, 'report.jsonl');
    for (const complete of [false, true]) {
      const { report, shown } = await reportTo(file);
      report.line({ type: 'event', legacyId: 'a' }, 'event a');
      report.line({ type: 'event', legacyId: 'b' });
      report.say('by the way');
      await report.end({ complete });
      expect(shown).toEqual(['event a\n', 'by the way\n']);
    }
    const lines = await linesOf(file);
    expect(lines).toMatchObject([
      { type: 'started', step: 'backfill' },
      { type: 'event', legacyId: 'a' },
      { type: 'event', legacyId: 'b' },
      { type: 'summary', complete: false, seconds: 1 },
      { type: 'started' },
      {},
      {},
      { type: 'summary', complete: true },
    ]);
  });

  it('for machines has nothing else in it', async () => {
    const { report, shown } = await reportTo(undefined, true);
    report.line({ type: 'event' }, 'for people');
    report.say('for people');
    await report.end({ complete: true });
    expect(shown.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual(['started', 'event', 'summary']);
  });

  it('that can not be written is said before anything is done', async () => {
    await expect(reportTo(folder)).rejects.toBeInstanceOf(UsageError);
    await expect(reportTo(join(folder, 'none', 'report'))).rejects.toThrow('the report can not be written to');
  });
});

describe('a table', () => {
  it('lines up, numbers to the right', () => {
    const rows = [
      ['a', 1, 'x'],
      ['longer', 1_234, ''],
    ];
    expect(tableOf(['name', 'count', 'more'], rows)).toBe(
      ['name    count  more', 'a           1  x', 'longer  1,234'].join('\n'),
    );
  });

  it('of nothing is its head', () => {
    expect(tableOf(['name', 'count'], [])).toBe('name  count');
  });
});

describe('findings', () => {
  it('are counted by kind, with a few examples', () => {
    const findings = createFindings(1);
    const one = { kind: 'array-only', rule: 'confirm', count: 2, examples: [{ roleId: 'r' }] } as const;
    findings.add('a', [one, { kind: 'unknown-role', rule: 'stop', count: 5, examples: [] }]);
    findings.add('b', [one]);
    expect(findings.byKind).toEqual({ 'array-only': 4, 'unknown-role': 5 });
    expect(findings.summary()).toMatchObject([
      { kind: 'array-only', count: 4, events: 2, rule: 'confirm', examples: ['event a, roleId r'] },
      { kind: 'unknown-role', count: 5, events: 1, rule: 'stop', examples: ['event a'] },
    ]);
    const [, first, second] = findings.table().split('\n');
    expect(first).toMatch(/^unknown-role +5 +1 +stop +drop, add-role +event a$/);
    expect(second).toMatch(/^array-only +4 +2 +confirm +drop, stop +event a, roleId r$/);
  });
});

describe('metrics', () => {
  it('are served on the port that is named, which nobody else may have', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as AddressInfo;
    probe.close();
    await once(probe, 'close');
    await using metrics = await startMigrationMetrics(port);
    metrics.event('imported');
    metrics.found('array-only', 3);
    const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    expect(text).toContain('rollcall_migration_events_total{outcome="imported"} 1');
    expect(text).toContain('rollcall_migration_findings_total{kind="array-only"} 3');
    await expect(startMigrationMetrics(port)).rejects.toThrow('EADDRINUSE');
  });
});
