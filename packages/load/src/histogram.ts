import { build, decodeFromCompressedBase64, encodeIntoCompressedBase64, type Histogram } from 'hdr-histogram-js';

export type { Histogram } from 'hdr-histogram-js';

/** What took longer is counted as this, in ms: twice what the most patient client waits. */
const msMax = 600_000;
const unitsPerMs = 1000;

/** Of times, in µs within. `digits`: 3 for what is told as a figure, 2 for one of many seconds on a plot. */
export const newHistogram = (digits: 2 | 3 = 3): Histogram =>
  build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: msMax * unitsPerMs,
    numberOfSignificantValueDigits: digits,
  });

export function record(histogram: Histogram, ms: number): void {
  histogram.recordValue(Math.round(Math.min(Math.max(0, ms), msMax) * unitsPerMs));
}

/** In ms. */
export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

export function quantilesOf(histogram: Histogram): Quantiles {
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / unitsPerMs;
  return {
    count: histogram.totalCount,
    p50: at(50),
    p90: at(90),
    p99: at(99),
    p999: at(99.9),
    // The library rounds its greatest value up within its precision, as it does the others.
    max: at(100),
  };
}

/** As text, for a file that another process reads: the encoding that all HDR histograms share. */
export const encodeHistogram = (histogram: Histogram): string => encodeIntoCompressedBase64(histogram);

export const decodeHistogram = (text: string): Histogram => decodeFromCompressedBase64(text, 32, false);

/** A new one with all that was recorded in any. */
export function joined(histograms: readonly Histogram[], digits: 2 | 3 = 3): Histogram {
  const sum = newHistogram(digits);
  for (const histogram of histograms) sum.add(histogram);
  return sum;
}
