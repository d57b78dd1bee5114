import { below } from '../random.ts';
import { readOf, signUpOf } from './crowd.ts';
import { oneRole, type Scenario } from './scenario.ts';

const calm = { doubleClicks: 0.02, cancels: 0.05 };
const reads = 0.95;

export const browse: Scenario = {
  name: 'browse',
  about: 'of a hundred who come 95 look at events and free seats, and 5 sign up',
  defaults: { users: 10_000, events: 20, seats: 200, ratePerSecond: 500, seconds: 30, rampSeconds: 2 },
  roles: oneRole,
  act(n, random, settings) {
    if (random() < reads) return readOf(n, random, settings);
    return signUpOf(n, random, settings, calm, { event: below(random, settings.events), role: 0 });
  },
};
