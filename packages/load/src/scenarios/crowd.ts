import { below, between, type Random } from '../random.ts';
import type { LoadSettings } from '../settings.ts';
import type { Act } from './scenario.ts';

type SignUp = Extract<Act, { readonly kind: 'sign-up' }>;

export interface Habits {
  /** Of 1, how many click twice, and how many change their mind. */
  readonly doubleClicks: number;
  readonly cancels: number;
}

/** How people are when something popular opens: some click twice, some think better of it. */
export const impatient: Habits = { doubleClicks: 0.1, cancels: 0.08 };

const doubleClickMs = [80, 400] as const;
const thinkMs = [500, 3000] as const;

/** The n-th arrival signs up. */
export function signUpOf(
  n: number,
  random: Random,
  { users }: LoadSettings,
  { doubleClicks, cancels }: Habits,
  where: { readonly event: number; readonly role: number } = { event: 0, role: 0 },
): SignUp {
  const isDouble = random() < doubleClicks;
  const isCancelled = random() < cancels;
  return {
    kind: 'sign-up',
    user: n % users,
    ...where,
    ...(isDouble ? { secondClickAfterMs: between(random, ...doubleClickMs) } : {}),
    ...(isCancelled ? { cancelAfterMs: between(random, ...thinkMs) } : {}),
  };
}

/** Looks at what is public: mostly at how many seats are left. */
export function readOf(n: number, random: Random, { users, events }: LoadSettings): Act {
  const of = random();
  const what = of < 0.7 ? 'availability' : of < 0.9 ? 'event' : 'list';
  return { kind: 'read', user: n % users, event: below(random, events), what };
}
