import { decodeHistogram, encodeHistogram, joined } from './histogram.ts';
import { groups, kinds } from './recorder.ts';
import { byName, resultFormat, type Encoded, type LoadResult, type ResultSecond, type Totals } from './result.ts';
import type { FoundViolation, Verdict } from './judge/verdict.ts';

/**
 * What several processes of one run came to together. Seconds are laid over each other by the time at which each process began.
 *
 * @throws Error when they are not of one run
 */
export function mergeResults(results: readonly LoadResult[]): LoadResult {
  const [first, ...others] = results;
  if (first === undefined) throw new Error('there is nothing to merge');
  const stranger = others.find(({ run, scenario }) => run !== first.run || scenario !== first.scenario);
  if (stranger !== undefined) {
    throw new Error(`${stranger.scenario} ${stranger.run} is another run than ${first.scenario} ${first.run}`);
  }
  const startedAt = Math.min(...results.map((result) => Date.parse(result.startedAt)));
  // Whoever has read the journal last knows most of it.
  const storyteller = results.reduce((best, result) =>
    result.verdict.checked.decisions > best.verdict.checked.decisions ? result : best,
  );
  const offsetOf = (result: LoadResult): number => Math.round((Date.parse(result.startedAt) - startedAt) / 1000);
  const length = Math.max(...results.map((result) => offsetOf(result) + result.seconds.length));
  return {
    ...first,
    format: resultFormat,
    startedAt: new Date(startedAt).toISOString(),
    processes: results.reduce((sum, { processes }) => sum + processes, 0),
    settings: { ...first.settings, share: { index: 0, of: 1 } },
    urls: [...new Set(results.flatMap(({ urls }) => urls))],
    seconds: Array.from({ length }, (_, index) => {
      const parts = results.flatMap((result) => result.seconds[index - offsetOf(result)] ?? []);
      const story = storyteller.seconds[index - offsetOf(storyteller)]?.story;
      return { ...mergeSeconds(parts), ...(story === undefined ? {} : { story }) };
    }),
    latency: byName(kinds, (kind) =>
      merged(
        results.map(({ latency }) => latency[kind]),
        3,
      ),
    ),
    decision:
      merged(
        results.map(({ decision }) => decision),
        3,
      ) ?? first.decision,
    lag:
      merged(
        results.map(({ lag }) => lag),
        3,
      ) ?? first.lag,
    answers: byName(kinds, (kind) => sumOf(results.map(({ answers }) => answers[kind]))),
    totals: totalsOf(results.map(({ totals }) => totals)),
    verdict: mergeVerdicts(results.map(({ verdict }) => verdict)),
  };
}

function mergeSeconds(parts: readonly ResultSecond[]): ResultSecond {
  const sum = (of: (part: ResultSecond) => number): number => parts.reduce((total, part) => total + of(part), 0);
  const aheads = parts.flatMap(({ aheadMax }) => aheadMax ?? []);
  const lag = merged(
    parts.map((part) => part.lag),
    2,
  );
  return {
    sent: sum(({ sent }) => sent),
    answered: sum(({ answered }) => answered),
    turnedAway: sum(({ turnedAway }) => turnedAway),
    ...(aheads.length === 0 ? {} : { aheadMax: Math.max(...aheads) }),
    latency: byName(groups, (group) =>
      merged(
        parts.map(({ latency }) => latency[group]),
        2,
      ),
    ),
    ...(lag === undefined ? {} : { lag }),
  };
}

function merged(texts: readonly (Encoded | undefined)[], digits: 2 | 3): Encoded | undefined {
  const histograms = texts.flatMap((text) => (text === undefined ? [] : [decodeHistogram(text)]));
  return histograms.length === 0 ? undefined : encodeHistogram(joined(histograms, digits));
}

type Counts = Readonly<Record<string, number>>;

function sumOf(all: readonly (Counts | undefined)[]): Counts | undefined {
  const given = all.filter((counts) => counts !== undefined);
  if (given.length === 0) return undefined;
  const sums: Record<string, number> = {};
  for (const counts of given) {
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
  }
  return sums;
}

function totalsOf(all: readonly Totals[]): Totals {
  const sum = (of: (totals: Totals) => number): number => all.reduce((total, totals) => total + of(totals), 0);
  return {
    sent: sum(({ sent }) => sent),
    answered: sum(({ answered }) => answered),
    turnedAway: sum(({ turnedAway }) => turnedAway),
    queued: sum(({ queued }) => queued),
    givenUp: sum(({ givenUp }) => givenUp),
    streams: sum(({ streams }) => streams),
    updates: sum(({ updates }) => updates),
    comebacks: sum(({ comebacks }) => comebacks),
    cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds),
  };
}

/** All have looked at the same events, and each at what it was answered itself. */
function mergeVerdicts(verdicts: readonly Verdict[]): Verdict {
  const checked = verdicts.map((verdict) => verdict.checked);
  const most = (of: (part: Verdict['checked']) => number): number => Math.max(...checked.map(of));
  const sum = (of: (part: Verdict['checked']) => number): number =>
    checked.reduce((total, part) => total + of(part), 0);
  const texts = new Map<string, FoundViolation>();
  for (const violation of verdicts.flatMap(({ violations }) => violations))
    texts.set(JSON.stringify(violation), violation);
  const violations = [...texts.values()];
  return {
    violations,
    violationsCount: Math.max(violations.length, ...verdicts.map(({ violationsCount }) => violationsCount)),
    checked: {
      events: most(({ events }) => events),
      decisions: most(({ decisions }) => decisions),
      registrations: most(({ registrations }) => registrations),
      answers: sum(({ answers }) => answers),
      accepted: sum(({ accepted }) => accepted),
      streams: sum(({ streams }) => streams),
    },
    // What one of them has seen was seen.
    unseen: [...new Set(verdicts.flatMap(({ unseen }) => unseen))].filter((text) =>
      verdicts.every(({ unseen }) => unseen.includes(text)),
    ),
  };
}
