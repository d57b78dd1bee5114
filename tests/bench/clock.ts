/** Milliseconds since 1970 with fractions; processes of one machine agree on it far below a millisecond. */
export function preciseNow(): number {
  return performance.timeOrigin + performance.now();
}
