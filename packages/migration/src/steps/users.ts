import { legacyIdOf, type LegacyEvent } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import { fieldOf } from '../settle/values.ts';
import type { HeldEvent } from '../wanted.ts';
import type { MigrationPorts } from './ports.ts';

/**
 * The event with those users too whom it did not name before, and who have signed up in Rollcall since: where they are known
 * there by a field of theirs, their ids can only be looked up.
 */
export async function withUsersOf(
  { legacy }: Pick<MigrationPorts, 'legacy'>,
  { users: { subject } }: Pick<Mapping, 'users'>,
  event: LegacyEvent,
  held: HeldEvent,
): Promise<LegacyEvent> {
  const { users } = event;
  if (subject === 'id' || users === undefined) return event;
  const known = new Set<string | undefined>(
    [...users.values()].map((user) => legacyIdOf(fieldOf(user, subject.field))),
  );
  const named = new Set<string>(held.registrations.flatMap(({ userId, registeredBy }) => [userId, registeredBy]));
  const unknown = [...named].filter((userId) => !known.has(userId));
  if (unknown.length === 0) return event;
  // The event's own come last: of two users with the same text it is the one that it has named before.
  return { ...event, users: new Map([...(await legacy.usersBy(subject.field, unknown)), ...users]) };
}
