import { spreadOf } from '../stats.ts';

/** One thing that is done, in one of the ways that are compared: answers its figure. */
export interface Way {
  readonly name: string;
  readonly measure: () => Promise<number>;
}

export interface Unit {
  readonly name: string;
  /** Whether a larger figure is the better one. */
  readonly moreIsBetter: boolean;
}

export const perSecond: Unit = { name: '/s', moreIsBetter: true };
export const milliseconds: Unit = { name: ' ms', moreIsBetter: false };

/** Round after round each way once, so that whatever changes on the machine meets all; medians, and each against the first. */
export async function sideBySide(what: string, rounds: number, unit: Unit, ways: readonly Way[]): Promise<void> {
  const figures = ways.map((): number[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [index, { measure }] of ways.entries()) figures[index]?.push(await measure());
  }
  console.log(what);
  const first = spreadOf(figures[0] ?? []).median;
  for (const [index, { name }] of ways.entries()) {
    const { median, min, max } = spreadOf(figures[index] ?? []);
    const ratio = unit.moreIsBetter ? median / first : first / median;
    const speed = index === 0 ? '' : `, ${ratio.toFixed(2)} times as fast as ${ways[0]?.name}`;
    console.log(`  ${name}: ${shown(median)}${unit.name} (${shown(min)} to ${shown(max)})${speed}`);
  }
}

const shown = (value: number): string => (value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3));
