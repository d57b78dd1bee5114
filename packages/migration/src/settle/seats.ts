import type { Instant } from '@rollcall/domain';
import type { Claim } from './claim.ts';
import type { Context } from './context.ts';
import { factsOf } from './reconcile.ts';
import type { KnownRole, Roles } from './roles.ts';

/** Judges who has which seat, once it is known what everybody has. `claims`: in their order; changed in place. */
export function judgeSeats(context: Context, roles: Roles, claims: readonly Claim[]): void {
  judgeUsers(context, claims);
  const ofRole = Map.groupBy(claims, ({ roleId }) => roleId);
  for (const known of roles.values()) judgeRole(context, known, ofRole.get(known.role.roleId) ?? []);
}

function judgeUsers({ findings }: Context, claims: readonly Claim[]): void {
  const seated = Map.groupBy(
    claims.filter(({ status }) => status === 'confirmed'),
    ({ userId }) => userId,
  );
  for (const seats of seated.values()) {
    const [first, last] = [seats[0], seats.at(-1)];
    if (first === undefined || first === last) continue;
    const rule = findings.found('two-roles', { ...factsOf(first), value: seats.length });
    if (rule !== 'keep-first' && rule !== 'keep-last') continue;
    const kept = rule === 'keep-first' ? first : last;
    for (const claim of seats) if (claim !== kept) claim.status = 'cancelled';
  }
}

function judgeRole(
  { findings }: Context,
  { role: { roleId, capacity }, added }: KnownRole,
  claims: readonly Claim[],
): void {
  if (capacity === null) {
    const waiting = claims.filter(({ status }) => status === 'waitlist').length;
    if (waiting > 0) findings.found('waiting-beside-seat', { roleId, value: waiting }, waiting);
    return;
  }
  const seated = claims.filter(({ status }) => status === 'confirmed');
  const over = added ? 0 : seated.length - capacity;
  if (over > 0) {
    const rule = findings.found('over-capacity', { roleId, value: seated.length, expected: capacity });
    if (rule === 'waitlist') for (const claim of seated.slice(capacity)) claim.status = 'waitlist';
  }
  const waiting = claims.filter(({ status }) => status === 'waitlist').length;
  const promoted = Math.min(waiting, capacity - seated.length);
  if (promoted > 0) findings.found('waiting-beside-seat', { roleId, value: promoted }, promoted);
}

/** Nobody has a seat of an event that does not take place. */
export function cancelAll(claims: readonly Claim[], cancelledAt: Instant): void {
  for (const claim of claims) {
    if (claim.status === 'cancelled') continue;
    claim.status = 'cancelled';
    claim.changedAt = Math.max(claim.date, cancelledAt);
  }
}
