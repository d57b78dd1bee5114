import { nameOf } from './parts/rounds.ts';
import type { OverloadFigures } from './parts/overload.ts';
import type { BenchReport, SideFigures } from './report.ts';
import type { Spread } from './stats.ts';

const whole = (value: number): string => Math.round(value).toLocaleString('en');
const tenths = (value: number): string => value.toFixed(1);
const mebibytes = (bytes: number | undefined): string => (bytes === undefined ? '?' : whole(bytes / 2 ** 20));

const rateText = ({ median, min, max }: Spread): string =>
  `${whole(median)} decisions/s (${whole(min)} to ${whole(max)})`;
const costText = (costs: Readonly<Record<string, number>>): string =>
  Object.entries(costs)
    .map(([name, micros]) => `${name} ${whole(micros)}`)
    .join(', ');

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
  const rows = Object.values(sides).flatMap(({ side, processes }) => {
    const ofSide = processes.filter(({ name }) => name !== 'generator');
    const together = ofSide.reduce((sum, { cpuMicrosPerDecision }) => sum + cpuMicrosPerDecision, 0);
    return [
      ...processes.map(({ name, cpuMicrosPerDecision, peakRssMiB }) => [
        side,
        name,
        whole(cpuMicrosPerDecision),
        whole(peakRssMiB),
      ]),
      [side, 'all but the generator', whole(together), ''],
    ];
  });
  return table([['side', 'process', 'CPU µs/decision', 'peak MiB'], ...rows]);
}

function ratioLines({ ratios, growth, manyEvents }: BenchReport): string[] {
  const texts = {
    ceiling: 'of the ceiling',
    jobPerSignup: 'times job-per-signup',
    mongoCounter: 'times the MongoDB counter',
    postgresCounter: 'times the PostgreSQL row counter',
    legacy: 'times the double write of the system before',
    at1m: `of itself, with ${whole(growth?.registrationsMany ?? 0)} registrations in the event instead of ${whole(growth?.registrationsFew ?? 0)}`,
    events1000: `of the ceiling, with signups spread over ${whole(manyEvents?.events ?? 0)} events`,
  } as const;
  return Object.entries(texts).flatMap(([name, text]) => {
    const ratio = ratios[name as keyof typeof texts];
    return ratio === null ? [] : [`Rollcall decides ${ratio.toFixed(2)} ${text}`];
  });
}

function partLines(report: BenchReport): string[] {
  const { openLoop, idle, coldStart, soldOut, growth, openWaits, manyEvents, scaleOut, overload } = report;
  const lines: string[] = [];
  if (growth !== null) {
    const { registrationsFew, registrationsMany, few, many, cpuMicrosPerDecision } = growth;
    lines.push(
      `With ${whole(registrationsFew)} registrations ${rateText(few)}; CPU µs/decision: ${costText(cpuMicrosPerDecision.few)}`,
      `With ${whole(registrationsMany)} registrations ${rateText(many)}; CPU µs/decision: ${costText(cpuMicrosPerDecision.many)}`,
    );
  }
  for (const [what, loop] of [
    ['Open loop', openLoop],
    ['Idle', idle],
  ] as const) {
    if (loop === null) continue;
    const { ratePerSecond, latency, sendLag } = loop;
    lines.push(
      `${what} at ${whole(ratePerSecond)}/s, from due to decision: p50 ${tenths(latency.p50)} ms, p99 ${tenths(latency.p99)} ms, ` +
        `p99.9 ${tenths(latency.p999)} ms (sent late by: p50 ${tenths(sendLag.p50)} ms, p99 ${tenths(sendLag.p99)} ms)`,
    );
  }
  if (coldStart !== null) {
    const { api, worker } = coldStart;
    lines.push(`From its start to its being ready: API ${whole(api.median)} ms, worker ${whole(worker.median)} ms`);
  }
  if (soldOut !== null) {
    const { seats, signups, decisionsPerSecond, decision, cpuMicrosPerDecision } = soldOut;
    lines.push(
      `Sold out, ${whole(signups)} signups for ${whole(seats)} seats and no waitlist: ${rateText(decisionsPerSecond)}, ` +
        `from request to decision p50 ${tenths(decision.p50)} ms, p99 ${tenths(decision.p99)} ms; CPU µs/decision: ${costText(cpuMicrosPerDecision)}`,
    );
  }
  if (manyEvents !== null) {
    const { events, decisionsPerSecond, decision, cpuMicrosPerDecision, operations } = manyEvents;
    const calls = Object.entries(operations).map(([name, each]) => `${name} ${each.toFixed(2)}`);
    lines.push(
      `Spread over ${whole(events)} events ${rateText(decisionsPerSecond)}, ` +
        `from request to decision p50 ${tenths(decision.p50)} ms, p99 ${tenths(decision.p99)} ms; CPU µs/decision: ${costText(cpuMicrosPerDecision)}`,
      `Calls per decision: ${calls.join(', ')}`,
    );
  }
  for (const { apis, workers, decisionsPerSecond, decision, cpuMicrosPerDecision } of scaleOut ?? []) {
    const together = Object.entries(cpuMicrosPerDecision).filter(([name]) => name !== 'generator');
    const sum = together.reduce((micros, [, own]) => micros + own, 0);
    lines.push(
      `The same with ${workers} workers and ${apis} APIs: ${rateText(decisionsPerSecond)}, ` +
        `p50 ${tenths(decision.p50)} ms, p99 ${tenths(decision.p99)} ms; ${whole(sum)} CPU µs/decision together`,
    );
  }
  if (overload !== null) lines.push(...overloadLines(overload));
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

function overloadLines(figures: OverloadFigures): string[] {
  const { offeredRate, saturatingRate, seconds, mailboxDepthMax, statuses, unsent } = figures;
  const { withoutRetryAfter, overload, calm } = figures;
  const answers = Object.entries(statuses).map(([status, times]) => `${whole(times)} times ${status}`);
  const peaks = Object.entries(figures.peakMiB).map(([name, peak]) => `${name} ${whole(peak)}`);
  const { normalAfterSeconds, slowestDecisionMs, fullMailboxMs } = figures;
  return [
    `Overload, ${whole(offeredRate)}/s for ${seconds} s where ${whole(saturatingRate)}/s are decided, mailbox of ${whole(mailboxDepthMax)}: ${answers.join(', ')}, ${whole(unsent)} not sent; ` +
      `${withoutRetryAfter} times 503 without Retry-After; answered after p50 ${tenths(overload.latency.p50)} ms, p99 ${tenths(overload.latency.p99)} ms ` +
      `(sent late by: p50 ${tenths(overload.sendLag.p50)} ms, p99 ${tenths(overload.sendLag.p99)} ms)`,
    `  the slowest decision ${whole(slowestDecisionMs)} ms after it was accepted (a full mailbox: ${whole(fullMailboxMs)} ms); ` +
      `p50 as in the calm before (${tenths(calm.latency.p50)} ms, or twice that) ${normalAfterSeconds === undefined ? 'not within the time of looking' : `after ${normalAfterSeconds} s`}; ` +
      `peak MiB: ${peaks.join(', ')}`,
  ];
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
