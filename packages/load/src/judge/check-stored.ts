import type { HistoryChecks, Violation } from '@rollcall/checkers';
import type { Availability, RegistrationDocument } from '@rollcall/contracts/http';
import type { Registration, RegistrationId, RoleId } from '@rollcall/domain';

/** What staff and everybody see of an event that is at rest, all of one version. */
export interface Seen {
  readonly registrations: readonly RegistrationDocument[];
  readonly availability: Availability;
}

const check = 'projection';

/** Registrations, places in line and counts are what the journal says, once its last decision has been folded. */
export function checkStored(checks: HistoryChecks, { registrations, availability }: Seen): readonly Violation[] {
  const stored = new Map(registrations.map((registration) => [registration.registrationId, registration]));
  const told = [...checks.registrations()];
  const places = placesOf(told);
  const violations: Violation[] = [];
  for (const registration of told) {
    const { registrationId } = registration;
    const [byJournal, inStore] = [shown(registration, places), shownDocument(stored.get(registrationId))];
    if (byJournal !== inStore) {
      violations.push({ check, message: `${registrationId}: ${byJournal} by the journal, ${inStore} in the list` });
    }
  }
  const known = new Set(told.map(({ registrationId }) => registrationId));
  for (const { registrationId } of registrations) {
    if (!known.has(registrationId))
      violations.push({ check, message: `${registrationId}: in the list, and not in the journal` });
  }
  if (stored.size !== registrations.length) violations.push({ check, message: 'the list names somebody twice' });
  return [...violations, ...wrongCounts(told, availability)];
}

function wrongCounts(told: readonly Registration[], { version, roles }: Availability): readonly Violation[] {
  const count = (roleId: RoleId, isIt: (registration: Registration) => boolean): number =>
    told.filter((registration) => registration.roleId === roleId && isIt(registration)).length;
  return roles.flatMap(({ roleId, confirmed, waitlist, offered }) => {
    const byJournal = [
      count(roleId, ({ status }) => status === 'confirmed'),
      count(roleId, standsInLine),
      count(roleId, (registration) => registration.status === 'waitlist' && !standsInLine(registration)),
    ].join(', ');
    const shownCounts = [confirmed, waitlist, offered].join(', ');
    if (byJournal === shownCounts) return [];
    const what = `confirmed, waiting and offered are ${byJournal} by the journal, and ${shownCounts} are shown`;
    return [{ check: 'counts', version, message: `role ${roleId}: ${what}` }];
  });
}

const standsInLine = (registration: Registration): boolean =>
  registration.status === 'waitlist' && registration.offer === undefined;

/** The place of each who stands in a line, from 1. */
function placesOf(told: readonly Registration[]): ReadonlyMap<RegistrationId, number> {
  const places = new Map<RegistrationId, number>();
  const lengths = new Map<RoleId, number>();
  for (const { registrationId, roleId } of told.filter(standsInLine).toSorted((a, b) => a.sequence - b.sequence)) {
    const place = (lengths.get(roleId) ?? 0) + 1;
    lengths.set(roleId, place);
    places.set(registrationId, place);
  }
  return places;
}

// Users are not shown: what is found may go into files that many read.
function shown({ registrationId, status, roleId }: Registration, places: ReadonlyMap<RegistrationId, number>): string {
  return textOf(status, roleId, places.get(registrationId));
}

function shownDocument(registration: RegistrationDocument | undefined): string {
  if (registration === undefined) return 'not there';
  return textOf(registration.status, registration.roleId, registration.waitlistPosition);
}

const textOf = (status: string, roleId: string, place: number | undefined): string =>
  `${status} in ${roleId}${place === undefined ? '' : ` at place ${place}`}`;
