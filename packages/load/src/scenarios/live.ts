import { impatient, signUpOf } from './crowd.ts';
import { oneRole, type Scenario } from './scenario.ts';

export const live: Scenario = {
  name: 'live',
  about: 'a rush that many follow by live streams, each of which has to end on the final counts',
  // An API gives one address 500 streams unless told otherwise.
  defaults: { users: 20_000, seats: 500, ratePerSecond: 200, seconds: 20, rampSeconds: 3, streams: 200 },
  roles: oneRole,
  act: (n, random, settings) => signUpOf(n, random, settings, impatient),
};
