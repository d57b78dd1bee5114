import { clients } from './harms/clients.ts';
import { disks } from './harms/disks.ts';
import { lostTail } from './harms/lost-tail.ts';
import { minority } from './harms/minority.ts';
import { mongodb } from './harms/mongodb.ts';
import { processes } from './harms/processes.ts';
import { redisItself } from './harms/redis.ts';
import { ways } from './harms/ways.ts';
import type { Scenario } from './scenario.ts';

export const scenarios: readonly Scenario[] = [
  ...processes,
  ...mongodb,
  minority,
  ...redisItself,
  lostTail,
  ...ways,
  ...clients,
  ...disks,
];
