import { createHash } from 'node:crypto';
import type { LegacyNames } from '../ports.ts';
import type { Mapping } from './schema.ts';

/** What the store of the old system needs of a mapping. */
export function legacyNamesOf({
  database,
  collections,
  registration,
  event,
  role,
  signup,
  action,
  users,
}: Mapping): LegacyNames {
  const { registeredBy, actionHistory } = registration;
  return {
    database,
    collections,
    registration: {
      eventId: registration.eventId,
      userId: registration.userId,
    },
    event: { roles: event.roles },
    role: { id: role.id, signups: role.signups },
    signup: { userId: signup.userId },
    userFields: users.subject === 'id' ? [] : [users.subject.field],
    ...(users.subject === 'id' ? {} : { actors: { registeredBy, actionHistory, performedBy: action.performedBy } }),
  };
}

/** Another one for another mapping: what both of them import may differ. */
export const fingerprintOf = (mapping: Mapping): string =>
  createHash('sha256').update(JSON.stringify(mapping)).digest('hex');
