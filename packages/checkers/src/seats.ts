import { activeOf, lineOf, seatsTaken, walk } from './fold.ts';
import { factsOf, type RecordedHistory, type Violation } from './history.ts';

/** No version has more people confirmed than there are seats. */
export function checkCapacity({ entries }: RecordedHistory): readonly Violation[] {
  const violations: Violation[] = [];
  walk(entries, (after, { version }) => {
    for (const { roleId, capacity } of after.roles.values()) {
      const taken = seatsTaken(after, roleId);
      if (taken <= capacity) continue;
      violations.push({
        check: 'capacity',
        version,
        message: `${roleId}: ${taken} are confirmed for ${capacity} seats`,
      });
    }
  });
  return violations;
}

/** After no decision does anybody wait beside a free seat. */
export function checkFreeSeats({ entries }: RecordedHistory): readonly Violation[] {
  const violations: Violation[] = [];
  walk(entries, (after, { version }) => {
    for (const { roleId, capacity } of after.roles.values()) {
      const [free, waiting] = [capacity - seatsTaken(after, roleId), lineOf(after, roleId).size];
      if (waiting === 0 || free <= 0) continue;
      violations.push({
        check: 'free-seats',
        version,
        message: `${roleId}: ${waiting} wait while ${free} seats are free`,
      });
    }
  });
  return violations;
}

/** A user has at most one active registration per role, at any version. */
export function checkOneActive({ entries }: RecordedHistory): readonly Violation[] {
  const violations: Violation[] = [];
  walk(entries, (after, entry) => {
    for (const fact of factsOf(entry)) {
      if (fact.type !== 'RegistrationConfirmed' && fact.type !== 'RegistrationWaitlisted') continue;
      const active = activeOf(after, fact.roleId, fact.userId);
      if (active.size <= 1) continue;
      const message = `${fact.roleId}: ${[...active].join(' and ')} are of one user`;
      violations.push({ check: 'one-active', version: entry.version, message });
    }
  });
  return violations;
}
