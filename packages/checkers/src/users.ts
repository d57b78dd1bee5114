import { activeOf, replacedBy, type Folded } from './folded.ts';
import type { Watch } from './watch.ts';

/** A user has at most one active registration per role, at any version. */
export const watchOneActive = (): Watch => ({
  check: 'one-active',
  fact(before, fact) {
    if (
      fact.type !== 'RegistrationConfirmed' &&
      fact.type !== 'RegistrationWaitlisted' &&
      fact.type !== 'RegistrationMoved' &&
      fact.type !== 'RegistrationImported'
    ) {
      return undefined;
    }
    if (fact.type === 'RegistrationImported' && fact.status === 'cancelled') return undefined;
    const { registrationId, roleId, userId } = fact;
    const other = activeOf(before, userId).find(
      (held) => held.roleId === roleId && held.registrationId !== registrationId,
    );
    return other && `${roleId}: ${other.registrationId} and ${registrationId} are of one user`;
  },
});

/** How many active registrations count against the user's limit: who waits to move holds one place, not two. */
export const countedOf = (folded: Folded, userId: Parameters<typeof activeOf>[1]): number =>
  activeOf(folded, userId).filter((registration) => replacedBy(folded, registration) === undefined).length;

/** Nobody signs up beyond the number of registrations that a user may hold at the event. */
export const watchUserLimit = (): Watch => ({
  check: 'user-limit',
  fact(before, fact) {
    if (fact.type !== 'RegistrationConfirmed' && fact.type !== 'RegistrationWaitlisted') return undefined;
    if (fact.type === 'RegistrationWaitlisted' && fact.replaces !== undefined) return undefined;
    const [held, most] = [countedOf(before, fact.userId), before.settings?.registrationsPerUserMax ?? 0];
    return held < most ? undefined : `${fact.registrationId} is of a user who held ${held} registrations of ${most}`;
  },
});
