import type { Random } from '../random.ts';
import type { LoadSettings } from '../settings.ts';

/** What somebody does who comes. Users, events and roles are numbers from 0; whoever plays it knows who they are. */
export type Act =
  | {
      readonly kind: 'sign-up';
      readonly user: number;
      readonly event: number;
      readonly role: number;
      /** A second click, with the same Idempotency-Key, so long after the first. */
      readonly secondClickAfterMs?: number;
      /** Once it is decided, they think for so long, and cancel. */
      readonly cancelAfterMs?: number;
    }
  /** One of those who are known to be registered, chosen by a number from 0 to 1, gives it up. */
  | { readonly kind: 'cancel'; readonly event: number; readonly pick: number }
  /** One of those looks where they stand. */
  | { readonly kind: 'look'; readonly event: number; readonly pick: number }
  | {
      readonly kind: 'read';
      readonly user: number;
      readonly event: number;
      readonly what: 'availability' | 'event' | 'list';
    }
  | {
      readonly kind: 'change-capacity';
      readonly event: number;
      readonly role: number;
      readonly capacity: number;
      readonly ifOver: 'refuse' | 'keep' | 'demote';
    }
  | { readonly kind: 'move'; readonly event: number; readonly pick: number; readonly role: number }
  | { readonly kind: 'remove'; readonly event: number; readonly pick: number };

export interface NewRole {
  readonly name: string;
  readonly capacity: number;
  readonly waitlist: 'off' | 'auto';
}

/** Data, and what the next one does: everything else is the same for all of them. */
export interface Scenario {
  readonly name: string;
  /** In a few words, for whoever chooses. */
  readonly about: string;
  readonly defaults: Partial<LoadSettings>;
  /** Of each event. */
  roles(settings: LoadSettings): readonly NewRole[];
  /** Of the n-th arrival, which is `n % users`. Follows from its arguments alone. */
  act(n: number, random: Random, settings: LoadSettings): Act;
}

/** All seats in one role, with a waitlist. */
export const oneRole = ({ seats }: LoadSettings): readonly NewRole[] => [
  { name: 'volunteers', capacity: seats, waitlist: 'auto' },
];
