import { expect, it } from 'vitest';
import { decodeHistogram, encodeHistogram, joined, newHistogram, quantilesOf, record } from './histogram.ts';

it('says how long things took, in ms', () => {
  const histogram = newHistogram();
  for (let ms = 1; ms <= 1000; ms += 1) record(histogram, ms);
  const { count, p50, p99, max } = quantilesOf(histogram);
  expect(count).toBe(1000);
  expect(p50).toBeCloseTo(500, -1);
  expect(p99).toBeCloseTo(990, -1);
  expect(max).toBeCloseTo(1000, -1);
});

it('takes what is early for in time, and what is late beyond measure for the longest', () => {
  const histogram = newHistogram();
  record(histogram, -3);
  record(histogram, Number.MAX_SAFE_INTEGER);
  expect(quantilesOf(histogram)).toMatchObject({ count: 2, p50: 0 });
  expect(quantilesOf(histogram).max).toBeGreaterThan(599_000);
});

it('joins what several processes have measured, after a way through files', () => {
  const [one, other] = [newHistogram(), newHistogram()];
  for (let ms = 1; ms <= 100; ms += 1) record(one, ms);
  for (let ms = 901; ms <= 1000; ms += 1) record(other, ms);
  const sum = joined([one, other].map((histogram) => decodeHistogram(encodeHistogram(histogram))));
  expect(quantilesOf(sum)).toMatchObject({ count: 200 });
  expect(quantilesOf(sum).p50).toBeCloseTo(100, -1);
  expect(quantilesOf(sum).p99).toBeCloseTo(998, -1);
});
