import { lineChangesOf, type RegistrationId, type RoleId } from '@rollcall/domain';
import type { JournalStep } from '@rollcall/engine';

/** Whom decisions concern: those that they name, and who stands in a line behind somebody who joined or left it. */
export interface Touched {
  readonly registrationIds: ReadonlySet<RegistrationId>;
  /** The first sequence of each role's line whose place may be another one. */
  readonly linesFrom: ReadonlyMap<RoleId, number>;
}

/** Undefined: it can't be told, so it may be anybody. */
export function touchedBy(steps: readonly JournalStep[]): Touched | undefined {
  const registrationIds = new Set<RegistrationId>();
  const linesFrom = new Map<RoleId, number>();
  for (const { domainEvents } of steps) {
    for (const domainEvent of domainEvents) {
      if ('registrationId' in domainEvent) registrationIds.add(domainEvent.registrationId);
      if (domainEvent.type === 'UserErased') {
        // What they did for others stands on registrations that it does not name.
        if (domainEvent.acts > 0) return undefined;
        for (const registrationId of domainEvent.registrationIds) registrationIds.add(registrationId);
      }
      for (const { roleId, sequence } of lineChangesOf(domainEvent)) {
        linesFrom.set(roleId, Math.min(sequence, linesFrom.get(roleId) ?? sequence));
      }
    }
  }
  return { registrationIds, linesFrom };
}
