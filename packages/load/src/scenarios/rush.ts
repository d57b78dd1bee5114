import { impatient, signUpOf } from './crowd.ts';
import { oneRole, type Scenario } from './scenario.ts';

export const rush: Scenario = {
  name: 'rush',
  about: 'everybody wants one of a few seats at once; some click twice, some cancel',
  defaults: { users: 20_000, seats: 500, ratePerSecond: 500, seconds: 20, rampSeconds: 3 },
  roles: oneRole,
  act: (n, random, settings) => signUpOf(n, random, settings, impatient),
};
