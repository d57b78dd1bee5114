import type { BroughtOver, LegacyId, Phase } from '@rollcall/migration';
import { count } from '../../texts.ts';
import type { Stage } from '../stage.ts';
import { tableOf } from '../table.ts';

/** Examples that the sum of a step shows of each kind. */
export const examplesShown = 2;

/** How long a process that was killed counts as running, in ms. */
export const leaseMs = 10_000;

/** The events that were named, or all that have come so far. */
export async function* meant({ ports, only }: Stage, wanted: readonly Phase[]): AsyncGenerator<LegacyId> {
  if (only !== undefined) {
    yield* only;
    return;
  }
  for await (const { legacyId } of ports.state.list(wanted)) yield legacyId;
}

export function tellUnknown(report: Stage['report'], legacyId: LegacyId): void {
  report.line({ type: 'unknown', legacyId }, `there is no event ${legacyId}`);
}

export function tell({ report, logger }: Stage, { legacyId, outcome, findings, differed, wanted }: BroughtOver): void {
  if (outcome === 'equal') return;
  const stops =
    outcome === 'stopped' ? [...new Set(findings.filter(({ rule }) => rule === 'stop').map(({ kind }) => kind))] : [];
  report.line(
    { type: 'event', legacyId, outcome, differed, registrations: wanted?.registrations.length, findings },
    stops.length === 0 ? undefined : `event ${legacyId} stops: ${stops.join(', ')}`,
  );
  logger?.info({ legacyId, outcome, differed, stops }, 'event');
}

export const shown = (differences: readonly { readonly kind: string }[]): string => {
  const byKind = new Map<string, number>();
  for (const { kind } of differences) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  return [...byKind].map(([kind, n]) => `${kind} ${count(n)}`).join(', ');
};

/** How often each outcome came: of a million events no more is kept. */
export interface Tally {
  add(outcome: string): void;
  of(outcome: string): number;
  /** Whether no others came. */
  isOnly(outcomes: readonly string[]): boolean;
  /** Of all outcomes. */
  readonly events: number;
  readonly counts: Readonly<Record<string, number>>;
  table(): string;
}

export function createTally(): Tally {
  const counts = new Map<string, number>();
  return {
    add: (outcome) => void counts.set(outcome, (counts.get(outcome) ?? 0) + 1),
    of: (outcome) => counts.get(outcome) ?? 0,
    isOnly: (outcomes) => [...counts.keys()].every((outcome) => outcomes.includes(outcome)),
    get events() {
      return [...counts.values()].reduce((sum, n) => sum + n, 0);
    },
    get counts() {
      return Object.fromEntries(counts);
    },
    table: () => tableOf(['outcome', 'events'], [...counts]),
  };
}
