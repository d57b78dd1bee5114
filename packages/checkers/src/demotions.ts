import type { DomainEvent, RegistrationId } from '@rollcall/domain';
import { holdsSeat, limitsOf, type Folded } from './folded.ts';
import { isStep } from './history.ts';
import { keyOf, overOf, type CountedLimit } from './limits.ts';
import type { Watch } from './watch.ts';

/**
 * Who is sent back to the waitlist has a seat, and the last one, in a limit that was lowered and is over-full. Once
 * somebody was, the lowered limits are kept, or an obligation says that it goes on.
 */
export function watchDemotions(): Watch {
  /** By how much limits were exceeded before the decision at hand changed them. */
  let overs: ReadonlyMap<string, number> | undefined;
  let lowered: ReadonlySet<string> | undefined;
  return {
    check: 'demotions',
    fact(before, fact, entry) {
      if (isStep(entry) && before.obligation?.kind === 'demote') {
        lowered ??= new Set(before.obligation.limits?.map(keyOf));
      } else if (changesLimits(fact)) {
        overs ??= new Map(before.limits.all.map((limit) => [limit.key, overOf(limit)]));
      }
      if (fact.type !== 'RegistrationDemoted') return undefined;
      // The first of them comes when everything that lowers limits has been folded in.
      lowered ??= overs === undefined ? new Set() : loweredSince(overs, before);
      return wrongDemotion(before, fact.registrationId, lowered);
    },
    decision(after) {
      const exceeded = after.limits.all.find((limit) => lowered?.has(limit.key) === true && overOf(limit) > 0);
      overs = undefined;
      lowered = undefined;
      if (exceeded === undefined || after.obligation?.kind === 'demote') return undefined;
      return `of ${exceeded.key} ${exceeded.taken} of ${exceeded.capacity} are still taken`;
    },
  };
}

function loweredSince(overs: ReadonlyMap<string, number>, { limits }: Folded): ReadonlySet<string> {
  return new Set(limits.all.filter((limit) => overOf(limit) > (overs.get(limit.key) ?? 0)).map(({ key }) => key));
}

const changesLimits = ({ type }: DomainEvent): boolean =>
  type === 'RoleCapacityChanged' || type === 'PoolsChanged' || type === 'EventSettingsChanged';

function wrongDemotion(
  before: Folded,
  registrationId: RegistrationId,
  lowered: ReadonlySet<string>,
): string | undefined {
  const registration = before.registrations.get(registrationId);
  if (registration === undefined || !holdsSeat(registration)) return `${registrationId} was demoted, and has no seat`;
  const exceeded = limitsOf(before, registration.roleId)
    .filter(({ key }) => lowered.has(key))
    .filter(isExceeded);
  if (exceeded.length === 0) return `${registrationId} was demoted, and no lowered limit was exceeded`;
  const lasts = exceeded.map((limit) => lastIn(before, limit));
  return lasts.includes(registrationId) ? undefined : `${registrationId} was demoted before ${lasts.join(' and ')}`;
}

const isExceeded = (limit: CountedLimit): boolean => overOf(limit) > 0;

/** Who has the highest sequence of those with a seat in the limit. */
function lastIn({ rows, registrations }: Folded, { roleIds }: CountedLimit): RegistrationId | undefined {
  const lasts = [...roleIds].flatMap((roleId) => {
    const last = rows.get(roleId)?.lastSeated();
    return last === undefined ? [] : [registrations.at(last)];
  });
  return lasts.toSorted((a, b) => b.sequence - a.sequence)[0]?.registrationId;
}
