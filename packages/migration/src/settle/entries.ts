import type { UserId } from '@rollcall/domain';
import type { Entry } from './claim.ts';
import { signupUser, type Context } from './context.ts';
import type { Roles } from './roles.ts';
import { fieldOf, isDocument, typeOf } from './values.ts';

/** What the lists of signups say: per role its entries in their order, each user once. */
export function entriesOf(context: Context, roles: Roles): readonly (readonly Entry[])[] {
  return [...roles.values()].map(({ role: { roleId }, signups }, roleIndex) => {
    const users = new Set<UserId>();
    const entries: Entry[] = [];
    for (const [index, raw] of signups.entries()) {
      if (!isDocument(raw)) {
        context.findings.found('user-id-unusable', { roleId, value: typeOf(raw) });
        continue;
      }
      const userId = signupUser(context, fieldOf(raw, context.mapping.signup.userId), { roleId });
      if (userId === undefined) continue;
      if (users.has(userId)) context.findings.found('array-repeat', { roleId, userId });
      else entries.push({ userId, roleId, roleIndex, index, raw });
      users.add(userId);
    }
    return entries;
  });
}

/** The numbers that the event tells of itself. Rollcall counts; that they are wrong is worth knowing. */
export function checkNumbers({ legacy, mapping, findings }: Context, roles: Roles): void {
  let signups = 0;
  let seats = 0;
  for (const { role, signups: list, added } of roles.values()) {
    if (added) continue;
    signups += list.length;
    seats = role.capacity === null ? Number.NaN : seats + role.capacity;
  }
  const { signedUp: signedUpField, totalSlots: totalSlotsField } = mapping.event;
  const signedUp = fieldOf(legacy.event, signedUpField);
  if (signedUp !== undefined && signedUp !== signups) {
    findings.found('signed-up-wrong', { value: told(signedUp), expected: signups });
  }
  const totalSlots = fieldOf(legacy.event, totalSlotsField);
  if (totalSlots !== undefined && !Number.isNaN(seats) && totalSlots !== seats) {
    findings.found('total-slots-wrong', { value: told(totalSlots), expected: seats });
  }
}

const told = (value: unknown) => (typeof value === 'number' ? value : typeOf(value));
