import { readOf, signUpOf } from './crowd.ts';
import { oneRole, type Scenario } from './scenario.ts';

const calm = { doubleClicks: 0.01, cancels: 0.1 };

export const steady: Scenario = {
  name: 'steady',
  about: 'an ordinary day, for long: signups with seats for all, some cancels, some looking',
  defaults: { users: 20_000, seats: 20_000, ratePerSecond: 100, seconds: 60, rampSeconds: 2, spacing: 'even' },
  roles: oneRole,
  act: (n, random, settings) => (random() < 0.3 ? readOf(n, random, settings) : signUpOf(n, random, settings, calm)),
};
