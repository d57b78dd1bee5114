/** How many signups one core decides and folds per second, by how many registrations the event has. `npm run bench:decide` */
import {
  decide,
  emptyWorkingSet,
  evolve,
  rolesMax,
  type CommandId,
  type EventId,
  type EventSettings,
  type EventState,
  type OrganizerId,
  type Pool,
  type PoolId,
  type Role,
  type RoleId,
  type RoleState,
  type SignUp,
  type UserId,
} from '@rollcall/domain';
import { medianOf } from './stats.ts';

const rounds = 9;
const batchSize = 500;
const batchesPerRound = 400;
const registrations = [1_000, 100_000, 1_000_000];

const eventId = 'e-of-the-benchmark' as EventId;
const acceptedAt = Date.UTC(2030, 4, 1);
const settings: EventSettings = {
  organizerId: 'org-1' as OrganizerId,
  title: 'The event',
  startsAt: acceptedAt + 86_400_000,
  endsAt: acceptedAt + 90_000_000,
  timeZone: 'Europe/Berlin',
  registrationsPerUserMax: 1,
  usersMayMove: false,
};

const roleOf = (n: number, capacity: number): Role => ({
  roleId: `role-${n}` as RoleId,
  name: `Role ${n}`,
  capacity,
  waitlist: 'auto',
  offerMs: 86_400_000,
});

function signUpOf(n: number): SignUp {
  const userId = `user-${n}` as UserId;
  return {
    type: 'SignUp',
    commandId: `c${String(n).padStart(22, '0')}` as CommandId,
    eventId,
    actor: { kind: 'user', userId },
    acceptedAt,
    userId,
    roleId: 'role-0' as RoleId,
  };
}

/** Commands are made before the clock runs. */
const batches: readonly (readonly SignUp[])[] = Array.from({ length: batchesPerRound }, (_, batch) =>
  Array.from({ length: batchSize }, (_unused, n) => signUpOf(batch * batchSize + n)),
);

interface Case {
  readonly name: string;
  readonly roles: number;
  readonly pools: number;
  readonly seats: 'free' | 'taken';
}

const cases: readonly Case[] = [
  { name: 'seats free', roles: 1, pools: 0, seats: 'free' },
  { name: 'all waiting', roles: 1, pools: 0, seats: 'taken' },
  { name: `${rolesMax} roles, a pool and a capacity`, roles: rolesMax, pools: 1, seats: 'free' },
];

function stateOf({ roles, pools, seats }: Case, count: number): EventState {
  const states = Array.from({ length: roles }, (_, n): RoleState => {
    const capacity = seats === 'free' ? 10_000_000 : count;
    return { role: roleOf(n, capacity), confirmed: Math.ceil(count / roles), waitlist: 0, offered: 0 };
  });
  const roleIds = states.map(({ role }) => role.roleId);
  const pool = (n: number): Pool => ({ poolId: `pool-${n}` as PoolId, capacity: 20_000_000, roleIds });
  return {
    eventId,
    version: count,
    current: {
      status: 'open',
      settings: pools === 0 ? settings : { ...settings, capacity: 20_000_000 },
      pools: Array.from({ length: pools }, (_, n) => pool(n)),
      roles: new Map(states.map((state) => [state.role.roleId, state])),
    },
    working: emptyWorkingSet(),
  };
}

/** Signups per second. Each batch begins with nothing loaded of its users, as for people who are new to the event. */
function run(one: Case, count: number): number {
  let state = stateOf(one, count);
  const startedAt = performance.now();
  for (const batch of batches) {
    state = { ...state, working: emptyWorkingSet() };
    for (const command of batch) {
      const decision = decide(state, command, command.acceptedAt);
      if (decision.outcome === 'rejected') throw new Error(`refused: ${decision.rejection.reason}`);
      for (const fact of decision.domainEvents) evolve(state, fact);
      state.version += 1;
    }
  }
  return (batchSize * batchesPerRound) / ((performance.now() - startedAt) / 1_000);
}

for (const one of cases) {
  const rates = new Map<number, number[]>(registrations.map((count) => [count, []]));
  // The first round warms up; then the sizes take turns.
  for (let round = 0; round <= rounds; round += 1) {
    for (const [count, measured] of rates) {
      const rate = run(one, count);
      if (round > 0) measured.push(rate);
    }
  }
  for (const [count, measured] of rates) {
    const shown = Math.round(medianOf(measured) / 1_000).toLocaleString('en');
    console.log(`${one.name}, ${count.toLocaleString('en')} registrations: ${shown},000 signups/s`);
  }
}
