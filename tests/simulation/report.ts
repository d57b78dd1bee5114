import type { Run } from './simulate.ts';

/** What many runs came to. */
export interface Tally {
  runs: number;
  commands: number;
  decisions: number;
  imports: number;
  lost: number;
  virtualMs: number;
  readonly faults: Map<string, number>;
  readonly failed: Pick<Run, 'scenario' | 'violations' | 'trace'>[];
}

export const newTally = (): Tally => ({
  runs: 0,
  commands: 0,
  decisions: 0,
  imports: 0,
  lost: 0,
  virtualMs: 0,
  faults: new Map(),
  failed: [],
});

export function count(
  tally: Tally,
  { scenario, violations, commands, decisions, imports, lost, faults, virtualMs, trace }: Run,
): void {
  tally.runs += 1;
  tally.commands += commands;
  tally.decisions += decisions;
  tally.imports += imports;
  tally.lost += lost;
  tally.virtualMs += virtualMs;
  for (const fault of faults) tally.faults.set(fault, (tally.faults.get(fault) ?? 0) + 1);
  if (violations.length > 0) tally.failed.push({ scenario, violations, trace });
}

/** Of tallies that were kept apart. */
export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = newTally();
  for (const { runs, commands, decisions, imports, lost, virtualMs, faults, failed } of tallies) {
    sum.runs += runs;
    sum.commands += commands;
    sum.decisions += decisions;
    sum.imports += imports;
    sum.lost += lost;
    sum.virtualMs += virtualMs;
    for (const [fault, times] of faults) sum.faults.set(fault, (sum.faults.get(fault) ?? 0) + times);
    sum.failed.push(...failed);
  }
  return sum;
}

const number = new Intl.NumberFormat('en');
const linesMax = 40;

/** For people: what was tried and found. */
export function tableOf(
  { runs, commands, decisions, imports, lost, virtualMs, faults, failed }: Tally,
  seconds: number,
): string {
  const byFrequency = [...faults].toSorted((a, b) => b[1] - a[1]);
  const width = Math.max(0, ...byFrequency.map(([fault]) => fault.length));
  return [
    `${number.format(runs)} runs, ${number.format(commands)} commands, ${number.format(decisions)} decisions (${number.format(imports)} of them brought over), ${(virtualMs / 3_600_000).toFixed(1)} hours of virtual time`,
    `${seconds.toFixed(1)} s, ${number.format(Math.round(commands / seconds))} commands/s`,
    `${number.format(lost)} accepted commands lost with what a server lost, or put aside as nobody had created their event`,
    ...byFrequency.map(([fault, times]) => `  ${fault.padEnd(width)} ${number.format(times).padStart(8)}`),
    failed.length === 0 ? 'no violations' : `${number.format(failed.length)} runs with violations`,
  ].join('\n');
}

/** A run that went wrong, so that somebody can read what happened. */
export function storyOf({
  scenario,
  violations,
  faults,
  trace,
}: Pick<Run, 'scenario' | 'violations' | 'faults' | 'trace'>): string {
  const told =
    trace.length > linesMax ? [...trace.slice(0, linesMax), `… ${trace.length - linesMax} more lines`] : trace;
  return [
    `seed ${scenario.seed}: ${violations[0] ?? 'no violation'}`,
    ...violations.slice(1, 5).map((violation) => `  and ${violation}`),
    `  as a regression: ${JSON.stringify(scenario)}`,
    `  with ${faults.length === 0 ? 'no faults' : faults.join(', ')}`,
    ...told.map((line) => `  ${line}`),
  ].join('\n');
}
