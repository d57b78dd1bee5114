import type { LegacyDocument, LegacyEvent } from '../legacy.ts';
import type { Mapping } from '../mapping/schema.ts';
import type { WantedEvent, WantedRegistration } from '../wanted.ts';
import { usersOf, type Context } from './context.ts';
import { checkEventId, eventCreatedAt, eventStatusOf, settingsOf, timeZoneOf } from './definition.ts';
import { claimsOf } from './documents.ts';
import { checkNumbers, entriesOf } from './entries.ts';
import { Findings, type Finding } from './findings.ts';
import { registrationOf } from './finish.ts';
import { reconcile } from './reconcile.ts';
import { rolesOf } from './roles.ts';
import { cancelAll, judgeSeats } from './seats.ts';
import { dateOf, fieldOf } from './values.ts';

export interface Settled {
  /** Undefined where the event is not migrated until somebody has put right what stops it. */
  readonly wanted: WantedEvent | undefined;
  /** All that is not as it should be, by kinds. */
  readonly findings: readonly Finding[];
  /** Those among them that stop the event. */
  readonly stops: readonly Finding[];
}

/** Where the old system says what became a registration. */
export interface Origin {
  readonly document: LegacyDocument | undefined;
  readonly entry: LegacyDocument | undefined;
}

interface SettledFrom extends Settled {
  readonly origins: ReadonlyMap<WantedRegistration, Origin>;
}

/**
 * What Rollcall is to have of an event of the old system. Never throws, whatever the documents hold; the same for the same
 * documents, in whichever order they were read. Linear in the number of signups, but for sorting them.
 */
export function settle(legacy: LegacyEvent, mapping: Mapping): Settled {
  const { wanted, findings, stops } = settleFrom(legacy, mapping);
  return { wanted, findings, stops };
}

/** With the places that each registration comes from, for those who write back. */
export function settleFrom(legacy: LegacyEvent, mapping: Mapping): SettledFrom {
  const noted = new Findings(mapping.rules);
  const origins = new Map<WantedRegistration, Origin>();
  const wanted = wantedOf(legacy, mapping, noted, origins);
  const findings = noted.list();
  const stops = findings.filter(({ rule }) => rule === 'stop');
  return { wanted: stops.length > 0 ? undefined : wanted, findings, stops, origins };
}

function wantedOf(
  legacy: LegacyEvent,
  mapping: Mapping,
  findings: Findings,
  origins: Map<WantedRegistration, Origin>,
): WantedEvent | undefined {
  checkEventId(legacy, findings);
  const timeZone = timeZoneOf(legacy, mapping, findings);
  const context: Context = { legacy, mapping, findings, timeZone, userIdOf: usersOf(legacy, mapping) };
  const settings = settingsOf(context);
  const status = eventStatusOf(context);
  const roles = rolesOf(context);
  // Only of an event that is stopped anyway, whose people are looked at for the report.
  const startsAt = settings?.startsAt ?? 0;
  const createdAt = eventCreatedAt(context, startsAt);
  const documents = claimsOf(context, roles, { startsAt, createdAt });
  const claims = reconcile(context, documents, entriesOf(context, roles), createdAt);
  checkNumbers(context, roles);
  if (status === 'cancelled') {
    cancelAll(claims, dateOf(fieldOf(legacy.event, mapping.event.updatedAt), timeZone) ?? createdAt);
  } else {
    judgeSeats(context, roles, claims);
  }
  const registrations = claims
    .filter((claim) => claim.status !== 'cancelled' || claim.document !== undefined || status === 'cancelled')
    .map((claim) => {
      const registration = registrationOf(context, legacy.legacyId, claim);
      origins.set(registration, { document: claim.document, entry: claim.entry?.raw });
      return registration;
    });
  if (settings === undefined) return undefined;
  return {
    legacyId: legacy.legacyId,
    settings,
    roles: [...roles.values()].map(({ role }) => role),
    legacyRoleIds: new Map([...roles].map(([legacyRoleId, { role }]) => [role.roleId, legacyRoleId])),
    status,
    registrations,
  };
}
