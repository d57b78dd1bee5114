import type { Random } from '../random.ts';
import { impatient, signUpOf } from './crowd.ts';
import { oneRole, type Scenario } from './scenario.ts';

export const manyEvents: Scenario = {
  name: 'many-events',
  about: 'signups for many events, of which some are far more popular than others (Zipf)',
  defaults: { users: 20_000, events: 200, seats: 50, ratePerSecond: 300, seconds: 30, rampSeconds: 2 },
  roles: oneRole,
  act: (n, random, settings) =>
    signUpOf(n, random, settings, impatient, { event: zipf(settings.events)(random), role: 0 }),
};

const sums = new Map<number, Float64Array>();

/** Chooses from 0 to `count`, where the k-th is chosen 1 / k times as often as the first. */
export function zipf(count: number): (random: Random) => number {
  const known = sums.get(count);
  const upTo = known ?? new Float64Array(count);
  if (known === undefined) {
    let sum = 0;
    for (let k = 0; k < count; k += 1) upTo[k] = sum += 1 / (k + 1);
    sums.set(count, upTo);
  }
  return (random) => {
    const wanted = random() * (upTo[count - 1] ?? 0);
    let [from, to] = [0, count - 1];
    while (from < to) {
      const middle = (from + to) >> 1;
      if ((upTo[middle] ?? 0) > wanted) to = middle;
      else from = middle + 1;
    }
    return from;
  };
}
