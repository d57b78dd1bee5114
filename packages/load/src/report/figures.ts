import { decodeHistogram, quantilesOf, type Quantiles } from '../histogram.ts';
import { kinds, type Kind } from '../recorder.ts';
import type { Encoded, LoadResult } from '../result.ts';

export interface Row {
  readonly what: string;
  readonly quantiles: Quantiles;
}

/** Beyond this the generator is late by itself, in ms: what it says of the servers is then partly of itself. */
const lagP99MsMax = 50;

const names: Readonly<Record<Kind, string>> = {
  'sign-up': 'sign up',
  cancel: 'cancel',
  staff: 'staff: change, move, remove',
  look: 'look at one’s registration',
  read: 'look at events and seats',
  poll: 'ask what became of it',
};

/** Latency from the due instant, of each kind of request; then until commands were known to be decided; then the send lag. */
export function rowsOf({ latency, decision, lag }: LoadResult): readonly Row[] {
  const rows = kinds.flatMap((kind): readonly Row[] => {
    const text = latency[kind];
    return text === undefined ? [] : [{ what: names[kind], quantiles: quantilesIn(text) }];
  });
  return [
    ...rows,
    { what: 'until the decision is known', quantiles: quantilesIn(decision) },
    { what: 'send lag', quantiles: quantilesIn(lag) },
  ].filter(({ quantiles }) => quantiles.count > 0);
}

const quantilesIn = (text: Encoded): Quantiles => quantilesOf(decodeHistogram(text));

/** What to keep in mind when the figures are read. */
export function warningsOf({ lag, totals, settings }: LoadResult): readonly string[] {
  const { p99 } = quantilesIn(lag);
  const warnings: string[] = [];
  if (p99 > lagP99MsMax) {
    const late = `requests went out late, p99 ${msText(p99)} after they were due (${lagP99MsMax} ms are fine)`;
    const busy = `all ${countText(settings.connections)} connections were busy when ${countText(totals.queued)} of them were due`;
    warnings.push(
      totals.queued > 0
        ? `${late}: ${busy}. Either the servers were that slow, or --connections is too low`
        : `${late}: this machine was overloaded. Send from more processes (--share) or from another machine`,
    );
  }
  if (totals.givenUp > 0) {
    warnings.push(`${countText(totals.givenUp)} commands were given up when patience had run out (--patience-seconds)`);
  }
  return warnings;
}

/** For people: 0.42 ms, 12 ms, 1.53 s. */
export function msText(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  if (ms >= 10) return `${Math.round(ms)} ms`;
  return `${ms.toFixed(ms >= 1 ? 1 : 2)} ms`;
}

/** For people: 1,234. */
export const countText = (count: number): string => count.toLocaleString('en');

/** How each kind of request was answered, as `sign up: 201 4,000, 409 already-registered 12`. */
export function answersOf({ answers }: LoadResult): readonly string[] {
  return kinds.flatMap((kind) => {
    const counts = answers[kind];
    if (counts === undefined) return [];
    const told = Object.entries(counts).map(([answer, count]) => `${answer} ${countText(count)}`);
    return [`${names[kind]}: ${told.join(', ')}`];
  });
}

/** What was sent and what became of it, and what sending took this machine. */
export function totalsText({ totals }: LoadResult): string {
  const { sent, turnedAway, givenUp, streams, updates, comebacks, cpuSeconds } = totals;
  return [
    `sent ${countText(sent)}, turned away ${countText(turnedAway)}, given up ${countText(givenUp)}`,
    ...(streams === 0 ? [] : [`${streams} live streams, ${countText(updates)} updates, ${comebacks} comebacks`]),
    `${Math.round((cpuSeconds * 1_000_000) / Math.max(1, sent))} µs of CPU per request to send it`,
  ].join('; ');
}

/** What was checked and found, in a sentence. */
export function verdictText({ verdict }: LoadResult): string {
  const { events, decisions, registrations, answers, accepted, streams } = verdict.checked;
  const looked = [
    [events, 'event'],
    [decisions, 'decision'],
    [registrations, 'registration'],
    [answers, 'answer'],
    [accepted, 'accepted command'],
    [streams, 'live stream'],
  ] as const;
  const parts = looked
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${countText(count)} ${what}${count === 1 ? '' : 's'}`);
  const { violationsCount } = verdict;
  return `${parts.join(', ')}: ${countText(violationsCount)} violation${violationsCount === 1 ? '' : 's'}`;
}
