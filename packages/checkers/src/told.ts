import type { RegistrationConfirmed, RegistrationWaitlisted } from '@rollcall/domain';
import { limitsOf, seatOf, waiting, type Folded } from './folded.ts';
import { fullLimit } from './limits.ts';
import { isTrueRefusal } from './refusals.ts';
import { takesSeat } from './seats.ts';
import { isTrueShortage, limitMeant } from './shortage.ts';
import type { Watch } from './watch.ts';

/** What people are told is so: why they wait, why they are refused, and that a seat was given that was not free. */
export const watchTold = (): Watch => ({
  check: 'told',
  fact(before, fact) {
    if (fact.type === 'RegistrationWaitlisted' && !isReasonToWait(before, fact)) {
      return `${fact.registrationId} waits because of ${fact.because.reason}, which is not so`;
    }
    if (fact.type === 'RegistrationImported') {
      if (fact.overLimit === undefined) return undefined;
      const vacated = seatOf(before.registrations.get(fact.registrationId));
      const isOver = takesSeat(before, fact) && fullLimit(limitsOf(before, fact.roleId), vacated) !== undefined;
      return isOver ? undefined : `${fact.registrationId} is marked, and is over no limit`;
    }
    if (fact.type !== 'RegistrationConfirmed' || fact.override !== true) return undefined;
    return isFree(before, fact) ? `${fact.registrationId} needed no override` : undefined;
  },
  decision(after, entry) {
    const { decision } = entry;
    if (decision.outcome === 'accepted' || isTrueRefusal(after, decision.rejection, entry)) return undefined;
    return `${decision.rejection.reason} was the answer, which is not so`;
  },
});

/** Of all limits without room the first is told. */
function isReasonToWait(before: Folded, { roleId, replaces, because }: RegistrationWaitlisted): boolean {
  const replaced = replaces === undefined ? undefined : before.registrations.get(replaces);
  const first = fullLimit(limitsOf(before, roleId), seatOf(replaced));
  return because.roleId === roleId && first === limitMeant(before, because) && isTrueShortage(before, because);
}

const isFree = (before: Folded, { roleId }: RegistrationConfirmed): boolean =>
  waiting(before, roleId) === 0 && fullLimit(limitsOf(before, roleId), undefined) === undefined;
