import { below, type Random } from '../random.ts';
import type { LoadSettings } from '../settings.ts';
import { impatient, signUpOf } from './crowd.ts';
import type { Act, Scenario } from './scenario.ts';

/** Of 1, how many arrivals are staff. */
const staff = 0.05;
const names = ['volunteers', 'cooks'] as const;

/** Half of the seats each, and at least one. */
const half = ({ seats }: LoadSettings, role: number): number => Math.max(1, Math.floor((seats + role) / 2));

export const mixedAdmin: Scenario = {
  name: 'mixed-admin',
  about: 'a rush during which staff change capacities, and move and remove people',
  defaults: { users: 20_000, seats: 500, ratePerSecond: 300, seconds: 20, rampSeconds: 3 },
  roles: (settings) => names.map((name, role) => ({ name, capacity: half(settings, role), waitlist: 'auto' })),
  act(n, random, settings) {
    if (random() < staff) return staffAct(random, settings);
    return signUpOf(n, random, settings, impatient, { event: 0, role: below(random, names.length) });
  },
};

function staffAct(random: Random, settings: LoadSettings): Act {
  const of = random();
  const [role, pick] = [below(random, names.length), random()];
  if (of < 0.3) return { kind: 'move', event: 0, pick, role };
  if (of < 0.6) return { kind: 'remove', event: 0, pick };
  // From half of what it was to half as much again; who is over is sent back to the line, may stay, or it is refused.
  const capacity = Math.max(1, Math.round(half(settings, role) * (0.5 + random())));
  const ifOver = (['demote', 'keep', 'refuse'] as const)[below(random, 3)] ?? 'refuse';
  return { kind: 'change-capacity', event: 0, role, capacity, ifOver };
}
