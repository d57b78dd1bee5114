import type { PoolId, RoleId } from './ids.ts';

/** Why there is no seat. `taken` counts confirmed registrations and open offers. */
export type Shortage =
  | { readonly reason: 'role-full'; readonly roleId: RoleId; readonly capacity: number; readonly taken: number }
  | {
      readonly reason: 'pool-full';
      readonly roleId: RoleId;
      readonly poolId: PoolId;
      readonly capacity: number;
      readonly taken: number;
    }
  | { readonly reason: 'event-full'; readonly roleId: RoleId; readonly capacity: number; readonly taken: number }
  /** Seats are free, and people stand before whoever asks. */
  | { readonly reason: 'others-waiting'; readonly roleId: RoleId; readonly waitlist: number };

/** One of an event's limits. */
export type Limit =
  | { readonly limit: 'role'; readonly roleId: RoleId }
  | { readonly limit: 'pool'; readonly poolId: PoolId }
  | { readonly limit: 'event' };
