export interface Scale {
  /** From 0, the bottom, to 1, the top. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

const ticksWanted = 4;

/** From 0 to a round number above all values, with round numbers between. */
export function linearScale(max: number): Scale {
  const step = roundStep(Math.max(max, Number.MIN_VALUE) / ticksWanted);
  const count = Math.max(1, Math.ceil(max / step));
  const top = count * step;
  return { at: (value) => value / top, ticks: Array.from({ length: count + 1 }, (_, index) => index * step) };
}

/** Powers of ten around all values that are above 0; what is below the least of them is at the bottom. */
export function logScale(min: number, max: number): Scale {
  const from = Math.floor(Math.log10(Math.max(min, 1e-3)));
  const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(max, 1e-3))));
  return {
    at: (value) => Math.max(0, (Math.log10(Math.max(value, 1e-9)) - from) / (to - from)),
    ticks: Array.from({ length: to - from + 1 }, (_, index) => 10 ** (from + index)),
  };
}

/** 1, 2 or 5 times a power of ten, at least as much. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  const step = [1, 2, 5].find((digit) => digit * power >= least * (1 - 1e-9));
  return (step ?? 10) * power;
}
