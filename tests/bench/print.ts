import { nameOf } from './parts/rounds.ts';
import type { BenchReport, SideFigures } from './report.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const tenths = (value: number): string => value.toFixed(1);
const mebibytes = (bytes: number | undefined): string => (bytes === undefined ? '?' : whole(bytes / 2 ** 20));

/** The result for people to read. */
export function printed(report: BenchReport): string {
  return [
    ...sideLines(report),
    '',
    ...costLines(report),
    '',
    ...ratioLines(report),
    ...partLines(report),
    ...faultLines(report),
  ].join('\n');
}

function sideLines({ sides, leftOut }: BenchReport): string[] {
  const rows = Object.values(sides).map((figures) => {
    const { decisionsPerSecond: rate, accept, decision } = figures;
    return [
      nameOf(figures),
      whole(rate.median),
      `${whole(rate.min)} to ${whole(rate.max)}`,
      `${tenths(accept.p50)} / ${tenths(accept.p99)}`,
      `${tenths(decision.p50)} / ${tenths(decision.p99)}`,
      faultText(figures),
    ];
  });
  return [
    ...table([['side', 'decisions/s', 'rounds', 'accept ms p50 / p99', 'decision ms p50 / p99', ''], ...rows]),
    ...Object.entries(leftOut).map(([side, why]) => `${side} was left out: ${why}`),
  ];
}

function faultText({ side, checks }: SideFigures): string {
  const faults = checks.flatMap((check) => check.faults);
  return side === 'rollcall' || faults.length === 0 ? '' : `WRONG: ${faults.join('; ')}`;
}

function costLines({ sides }: BenchReport): string[] {
  const rows = Object.values(sides).flatMap(({ side, processes }) =>
    processes.map(({ name, cpuMicrosPerDecision, peakRssMiB }) => [
      side,
      name,
      whole(cpuMicrosPerDecision),
      whole(peakRssMiB),
    ]),
  );
  return table([['side', 'process', 'CPU µs/decision', 'peak MiB'], ...rows]);
}

function ratioLines({ ratios }: BenchReport): string[] {
  const texts = {
    ceiling: 'of the ceiling',
    jobPerSignup: 'times job-per-signup',
    mongoCounter: 'times the MongoDB counter',
    postgresCounter: 'times the PostgreSQL row counter',
    at200k: 'of itself, with many registrations in the event instead of few',
    manyEvents: 'of the ceiling, with signups spread over many events',
  } as const;
  return Object.entries(texts).flatMap(([name, text]) => {
    const ratio = ratios[name as keyof typeof texts];
    return ratio === null ? [] : [`Rollcall decides ${ratio.toFixed(2)} ${text}`];
  });
}

function partLines({ openLoop, growth, openWaits, manyEvents }: BenchReport): string[] {
  const lines: string[] = [];
  if (growth !== null) {
    const { registrationsFew, registrationsMany, few, many } = growth;
    lines.push(
      `With ${whole(registrationsFew)} registrations ${whole(few.median)} decisions/s, with ${whole(registrationsMany)} ${whole(many.median)}`,
    );
  }
  if (openLoop !== null) {
    const { ratePerSecond, latency, sendLag } = openLoop;
    lines.push(
      `Open loop at ${whole(ratePerSecond)}/s, from due to decision: p50 ${tenths(latency.p50)} ms, p99 ${tenths(latency.p99)} ms, ` +
        `p99.9 ${tenths(latency.p999)} ms (sent late by: p50 ${tenths(sendLag.p50)} ms, p99 ${tenths(sendLag.p99)} ms)`,
    );
  }
  if (manyEvents !== null) {
    const { events, decisionsPerSecond, decision, cpuMicrosPerDecision, operations } = manyEvents;
    const calls = Object.entries(operations).map(([name, each]) => `${name} ${each.toFixed(2)}`);
    const costs = Object.entries(cpuMicrosPerDecision).map(([name, micros]) => `${name} ${whole(micros)}`);
    lines.push(
      `Spread over ${whole(events)} events ${whole(decisionsPerSecond.median)} decisions/s (${whole(decisionsPerSecond.min)} to ${whole(decisionsPerSecond.max)}), ` +
        `from request to decision p50 ${tenths(decision.p50)} ms, p99 ${tenths(decision.p99)} ms; CPU µs/decision: ${costs.join(', ')}`,
      `Calls per decision: ${calls.join(', ')}`,
    );
  }
  if (openWaits !== null) {
    const { registrations, apiRssBefore, apiRssWithOpenWaits, apiRssPeak, workerRss, workerRssPeak } = openWaits;
    lines.push(
      `Memory with ${whole(registrations)} registrations and ${whole(openWaits.openWaits)} open waits: ` +
        `API ${mebibytes(apiRssWithOpenWaits)} MiB (before ${mebibytes(apiRssBefore)}, peak ${mebibytes(apiRssPeak)}), ` +
        `worker ${mebibytes(workerRss)} MiB (peak ${mebibytes(workerRssPeak)})`,
    );
  }
  return lines;
}

function faultLines({ faults, sides }: BenchReport): string[] {
  if (sides.rollcall === undefined) return [];
  if (faults.length > 0) return ['', 'Rollcall is WRONG:', ...faults.map((fault) => `  - ${fault}`)];
  return ['Rollcall: no seat given twice, no gap in the journal, one decision per signup'];
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('   ')
      .trimEnd(),
  );
}
