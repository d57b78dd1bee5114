import type { RegistrationId, RegistrationWaitlisted } from '@rollcall/domain';
import { activeOf, replacedBy, type Folded } from './folded.ts';
import type { Watch } from './watch.ts';

/**
 * A registration that waits for a move replaces an active one of its user in another role, and no other does; when it gets
 * its seat, that one is given up in the same decision, and none is given up for a move otherwise.
 */
export function watchMoves(): Watch {
  const due = new Set<RegistrationId>();
  return {
    check: 'moves',
    fact(before, fact) {
      if (fact.type === 'RegistrationWaitlisted') return wrongReplacement(before, fact);
      if (fact.type === 'RegistrationPromoted') {
        const registration = before.registrations.get(fact.registrationId);
        const replaced = registration && replacedBy(before, registration);
        if (replaced !== undefined) due.add(replaced.registrationId);
      }
      if (fact.type !== 'RegistrationCancelled' || fact.cause !== 'moved') return undefined;
      const isDue = due.delete(fact.registrationId);
      return isDue ? undefined : `${fact.registrationId} was given up for a move, and nobody moved`;
    },
    decision() {
      const kept = [...due];
      due.clear();
      return kept.length === 0 ? undefined : `${kept.join(' and ')} was replaced and not given up`;
    },
  };
}

function wrongReplacement(before: Folded, fact: RegistrationWaitlisted): string | undefined {
  const { registrationId, userId, roleId, replaces } = fact;
  if (replaces === undefined) return undefined;
  const own = activeOf(before, userId);
  const replaced = own.find((held) => held.registrationId === replaces);
  const says = `${registrationId} is to replace ${replaces}`;
  if (replaced === undefined) return `${says}, which is no active registration of its user`;
  if (replaced.roleId === roleId) return `${says}, which is in the same role`;
  if (replacedBy(before, replaced) !== undefined) return `${says}, which waits for a move itself`;
  const other = own.find((held) => replacedBy(before, held) === replaced);
  return other && `${says}, as ${other.registrationId} is`;
}
