import { encodeHistogram } from './histogram.ts';
import { groups, kinds, type Group, type Kind, type Recorder, type Second } from './recorder.ts';
import type { StoryPoint } from './judge/story.ts';
import type { LoadSettings } from './settings.ts';
import type { Verdict } from './judge/verdict.ts';

/** A histogram as text (see `encodeHistogram`). */
export type Encoded = string;

export interface ResultSecond {
  readonly sent: number;
  readonly answered: number;
  readonly turnedAway: number;
  readonly aheadMax?: number;
  readonly latency: Partial<Record<Group, Encoded>>;
  readonly lag?: Encoded;
  /** Of all events together. */
  readonly story?: StoryPoint;
}

/** What a run came to: as it is written to a file, and all that a report is made of. */
export interface LoadResult {
  readonly format: typeof resultFormat;
  readonly scenario: string;
  readonly about: string;
  readonly run: string;
  /** Of the first second; RFC 3339. */
  readonly startedAt: string;
  /** How many processes have sent it. */
  readonly processes: number;
  readonly settings: LoadSettings;
  readonly urls: readonly string[];
  readonly eventIds: readonly string[];
  readonly seconds: readonly ResultSecond[];
  /** By what was sent: from due to answered. */
  readonly latency: Partial<Record<Kind, Encoded>>;
  /** From due to decided, as far as whoever sent it knows. */
  readonly decision: Encoded;
  /** From due to sent. */
  readonly lag: Encoded;
  readonly answers: Partial<Record<Kind, Readonly<Record<string, number>>>>;
  readonly totals: Totals;
  readonly verdict: Verdict;
}

export interface Totals {
  readonly sent: number;
  readonly answered: number;
  readonly turnedAway: number;
  /** Requests that had to wait because all connections were busy. */
  readonly queued: number;
  /** Commands that somebody lost patience with. */
  readonly givenUp: number;
  readonly streams: number;
  readonly updates: number;
  readonly comebacks: number;
  /** What sending took this machine from the first arrival to the last answer: of all processes together. */
  readonly cpuSeconds: number;
}

export const resultFormat = 'rollcall-load/1';

/** What was recorded, as it is kept. `story`: second by second, as far as it goes. */
export function recordedParts(
  recorder: Recorder,
  story: readonly StoryPoint[],
): Pick<LoadResult, 'seconds' | 'latency' | 'decision' | 'lag' | 'answers'> {
  return {
    seconds: recorder.seconds.map((second, index) => resultSecond(second, story[index])),
    latency: byName(kinds, (kind) => encoded(recorder.latency.get(kind))),
    decision: encodeHistogram(recorder.decision),
    lag: encodeHistogram(recorder.lag),
    answers: byName(kinds, (kind) => {
      const counts = recorder.answers.get(kind);
      return counts === undefined
        ? undefined
        : Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
    }),
  };
}

function resultSecond(
  { sent, answered, turnedAway, aheadMax, latency, lag }: Second,
  story?: StoryPoint,
): ResultSecond {
  const lagText = encoded(lag);
  return {
    sent,
    answered,
    turnedAway,
    ...(aheadMax === undefined ? {} : { aheadMax }),
    latency: byName(groups, (group) => encoded(latency[group])),
    ...(lagText === undefined ? {} : { lag: lagText }),
    ...(story === undefined ? {} : { story }),
  };
}

type Recorded = Parameters<typeof encodeHistogram>[0];

const encoded = (histogram: Recorded | undefined): Encoded | undefined =>
  histogram === undefined ? undefined : encodeHistogram(histogram);

/** An object with what there is for each name. */
export function byName<Name extends string, Value>(
  names: readonly Name[],
  valueOf: (name: Name) => Value | undefined,
): Partial<Record<Name, Value>> {
  const found: Partial<Record<Name, Value>> = {};
  for (const name of names) {
    const value = valueOf(name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}
