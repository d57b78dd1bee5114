import {
  answersOf,
  countText,
  msText,
  rowsOf,
  totalsText,
  verdictText,
  warningsOf,
  type LoadResult,
  type Progress,
} from '@rollcall/load';

/** How a run stands, on one line. */
export function progressLine({ seconds, sent, answeredPerSecond, ...progress }: Progress): string {
  const { p50Ms, p99Ms, turnedAway, lagP99Ms, ahead, open } = progress;
  return [
    `${seconds} s`,
    `sent ${countText(sent)}`,
    `${countText(answeredPerSecond)} answers/s`,
    `p50 ${msText(p50Ms)}`,
    `p99 ${msText(p99Ms)}`,
    `turned away ${countText(turnedAway)}`,
    `lag p99 ${msText(lagP99Ms)}`,
    `ahead ${countText(ahead)}`,
    `open ${countText(open)}`,
  ].join(' · ');
}

const columns = ['count', 'p50', 'p90', 'p99', 'p99.9', 'max'] as const;

/** The result as a table, and what was found. */
export function resultText(result: LoadResult): string {
  const { scenario, about, run, processes, settings, verdict } = result;
  const table = [
    ['', ...columns],
    ...rowsOf(result).map(({ what, quantiles }) => {
      const { count, p50, p90, p99, p999, max } = quantiles;
      return [what, countText(count), ...[p50, p90, p99, p999, max].map(msText)];
    }),
  ];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  return [
    `${scenario}: ${about}`,
    `run ${run}, ${settings.ratePerSecond} arrivals/s for ${settings.seconds} s, ${settings.spacing}, seed ${settings.seed}` +
      (processes === 1 ? '' : `, ${processes} processes`),
    '',
    ...lines,
    '',
    ...answersOf(result),
    totalsText(result),
    ...warningsOf(result).map((warning) => `warning: ${warning}`),
    '',
    `checked ${verdictText(result)}`,
    ...verdict.violations.map(({ eventId, check, version, message }) =>
      [check, eventId ?? '', version === undefined ? '' : `version ${version}`, message].filter(Boolean).join(' · '),
    ),
    ...verdict.unseen.map((text) => `not seen: ${text}`),
    '',
  ].join('\n');
}
