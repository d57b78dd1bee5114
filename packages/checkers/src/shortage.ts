import type { Shortage } from '@rollcall/domain';
import { limitsOf, waiting, type Folded } from './folded.ts';
import type { CountedLimit } from './limits.ts';

/** `taken` counts all who hold a seat, also one that would be given up for the new one. */
export function isTrueShortage(folded: Folded, shortage: Shortage): boolean {
  const { roleId } = shortage;
  if (shortage.reason === 'others-waiting') {
    return shortage.waitlist > 0 && shortage.waitlist === waiting(folded, roleId);
  }
  const { capacity, taken } = shortage;
  const limit = limitMeant(folded, shortage);
  return limit !== undefined && limit.capacity === capacity && limit.taken === taken && taken >= capacity;
}

/** The limit that is said to be full. */
export const limitMeant = (folded: Folded, shortage: Shortage): CountedLimit | undefined =>
  limitsOf(folded, shortage.roleId).find((candidate) => isMeant(candidate, shortage));

function isMeant({ limit }: CountedLimit, shortage: Shortage): boolean {
  switch (shortage.reason) {
    case 'role-full':
      return limit.limit === 'role';
    case 'event-full':
      return limit.limit === 'event';
    case 'others-waiting':
      return false;
    case 'pool-full':
      return limit.limit === 'pool' && limit.poolId === shortage.poolId;
  }
}
