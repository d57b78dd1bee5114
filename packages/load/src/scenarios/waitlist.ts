import { below } from '../random.ts';
import type { LoadSettings } from '../settings.ts';
import { signUpOf } from './crowd.ts';
import { oneRole, type Scenario } from './scenario.ts';

const faithful = { doubleClicks: 0, cancels: 0 };

export const waitlist: Scenario = {
  name: 'waitlist',
  about: 'a long waitlist whose people ask for their place again and again, while many give up',
  defaults: {
    users: 80_000,
    seats: 500,
    waiting: 50_000,
    ratePerSecond: 200,
    seconds: 30,
    rampSeconds: 2,
  },
  roles: oneRole,
  act(n, random, settings) {
    const [of, pick, event] = [random(), random(), below(random, settings.events)];
    if (of < 0.5) return { kind: 'look', event, pick };
    // The first of them hold the seats: half of those who give up free one, and somebody is promoted.
    if (of < 0.7) return { kind: 'cancel', event, pick: pick * firstPart(settings) };
    if (of < 0.85) return { kind: 'cancel', event, pick };
    // Those who wait already are the first users.
    return signUpOf(n + registered(settings), random, settings, faithful, { event, role: 0 });
  },
};

/** How many are there before the first arrival. */
const registered = ({ seats, events, waiting }: LoadSettings): number => seats * events + waiting;

/** Where twice as many stand as there are seats. */
const firstPart = (settings: LoadSettings): number =>
  Math.min(1, (2 * settings.seats * settings.events) / Math.max(1, registered(settings)));
