import type { EventDefinition, EventStatus, Obligation, Registration } from '@rollcall/domain';
import type { EventDocument } from './event-document.ts';
import { registrationOf, type DecidingDocument } from './registration-document.ts';

/** An event as its document has it. */
export interface StoredEvent extends EventDefinition {
  readonly status: EventStatus;
  readonly obligation?: Obligation;
  readonly legacyId?: string;
  readonly importing?: true;
}

const fieldsWhile: Readonly<Record<Registration['status'], readonly string[]>> = {
  confirmed: ['attendedAt'],
  waitlist: ['offer', 'replaces'],
  cancelled: [],
};

/** With what it has and should not, as a field more that no journal tells of. */
export function storedRegistration(document: DecidingDocument): Registration {
  const registration = registrationOf(document);
  const may = fieldsWhile[document.status];
  const misplaced = (['offer', 'replaces', 'attendedAt'] as const).filter(
    (field) => document[field] !== undefined && !may.includes(field),
  );
  return misplaced.length === 0 ? registration : Object.assign({}, registration, { misplaced });
}

/** The document with times as the journal has them, field by field: who checks believes no mapper. */
export function storedEvent(document: EventDocument): StoredEvent {
  const { _id, version: _version, commitId: _commitId, status, roles, pools, obligation, ...rest } = document;
  const { legacyId, importing, ...settings } = rest;
  const timed = Object.entries(settings).map(([name, value]: [string, unknown]) => [
    name,
    value instanceof Date ? value.getTime() : value,
  ]);
  return {
    status,
    settings: Object.fromEntries(timed) as StoredEvent['settings'],
    roles,
    pools,
    ...(obligation === undefined ? {} : { obligation: { ...obligation, acceptedAt: obligation.acceptedAt.getTime() } }),
    ...(legacyId === undefined ? {} : { legacyId }),
    ...(importing === undefined ? {} : { importing }),
  };
}
