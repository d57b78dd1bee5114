import type { Instant, Profile, Registration, RegistrationId, UserId } from '@rollcall/domain';
import type { Cancellation, RegistrationWrite } from '@rollcall/engine';

/** What only the store knows of a registration. */
interface RegistrationDetails {
  readonly registrationDate: Instant;
  readonly registeredBy: UserId;
  readonly notes?: string;
  readonly specialRequirements?: string;
  readonly profile?: Profile;
  readonly legacyId?: string;
  readonly cancellation?: Cancellation;
}

export interface StoredRegistrations {
  /** In the order in which they were made. */
  readonly registrations: ReadonlyMap<RegistrationId, Registration>;
  readonly details: ReadonlyMap<RegistrationId, RegistrationDetails>;
}

/** The same, to be changed in place. */
export interface OwnRegistrations {
  readonly registrations: Map<RegistrationId, Registration>;
  readonly details: Map<RegistrationId, RegistrationDetails>;
  /** The places in roles that users have. */
  readonly places: Set<string>;
}

export const newRegistrations = (): OwnRegistrations => ({
  registrations: new Map(),
  details: new Map(),
  places: new Set(),
});

/** Of an active registration; a user has one in a role. */
const placeOf = ({ roleId, userId, status }: Registration): string | undefined =>
  status === 'cancelled' ? undefined : `${roleId} ${userId}`;

export const placesOf = (registrations: Iterable<Registration>): Set<string> =>
  new Set([...registrations].flatMap((registration) => placeOf(registration) ?? []));

/**
 * Whether a batch breaks a unique key: the registration's id, or one active registration per role and user.
 *
 * @throws Error for writes that no correct engine makes.
 */
export function isDuplicate(before: OwnRegistrations | undefined, writes: readonly RegistrationWrite[]): boolean {
  const after = new Map<RegistrationId, Registration>();
  const left = new Set<string>();
  for (const { registration, before: was } of writes) {
    const { registrationId } = registration;
    const held = after.get(registrationId) ?? before?.registrations.get(registrationId);
    if (was === undefined && held !== undefined) return true;
    if (held?.status !== was) throw new Error(`${registrationId} is ${held?.status}, and was to be ${was}`);
    const place = held === undefined || after.has(registrationId) ? undefined : placeOf(held);
    if (place !== undefined) left.add(place);
    after.set(registrationId, registration);
  }
  const taken = [...after.values()].flatMap((registration) => placeOf(registration) ?? []);
  if (new Set(taken).size < taken.length) return true;
  return taken.some((place) => before?.places.has(place) === true && !left.has(place));
}

/**
 * Writes a batch: changes of what there is before what is new, which may take over texts as they are then, and after texts
 * that are handed on.
 */
export function applyWrites(
  { registrations, details, places }: OwnRegistrations,
  writes: readonly RegistrationWrite[],
): void {
  for (const write of writes) handOnTexts(write, registrations, details);
  const made = new Map<RegistrationId, RegistrationWrite>();
  const gone: string[] = [];
  for (const write of writes) {
    const { registrationId } = write.registration;
    const held = registrations.get(registrationId);
    if (held !== undefined) gone.push(placeOf(held) ?? '');
    registrations.set(registrationId, write.registration);
    const known = details.get(registrationId);
    if (known === undefined) made.set(registrationId, write);
    else details.set(registrationId, detailsAfter(known, write));
  }
  // In any order: a place is given up before it is taken.
  for (const place of gone) places.delete(place);
  for (const { registration } of writes) {
    const place = placeOf(registrations.get(registration.registrationId) ?? registration);
    if (place !== undefined) places.add(place);
  }
  const detailsOf = (registrationId: RegistrationId): RegistrationDetails => {
    const write = made.get(registrationId);
    if (write !== undefined) return detailsAfter(detailsOfNew(write, detailsOf), write);
    const stored = details.get(registrationId);
    if (stored === undefined) throw new Error(`${registrationId} was never made`);
    return stored;
  };
  for (const registrationId of made.keys()) details.set(registrationId, detailsOf(registrationId));
}

/** What is changed of a registration's texts is changed of the one that waits to replace it too. */
function handOnTexts(
  { registration, texts }: RegistrationWrite,
  registrations: ReadonlyMap<RegistrationId, Registration>,
  details: Map<RegistrationId, RegistrationDetails>,
): void {
  if (texts === undefined) return;
  for (const held of registrations.values()) {
    if (held.status !== 'waitlist' || held.replaces !== registration.registrationId) continue;
    const known = details.get(held.registrationId);
    if (known !== undefined) details.set(held.registrationId, detailsAfter(known, { texts }));
  }
}

function detailsAfter(
  details: RegistrationDetails,
  { texts = {}, cancellation, restated }: Pick<RegistrationWrite, 'texts' | 'cancellation' | 'restated'>,
): RegistrationDetails {
  const after: Record<string, unknown> = { ...(restated ?? details), ...(cancellation && { cancellation }) };
  for (const [field, text] of Object.entries(texts)) {
    if (text === null) delete after[field];
    else if (text !== undefined) after[field] = text;
  }
  // Only texts were taken away or replaced, and they may be left out.
  return after as unknown as RegistrationDetails;
}

function detailsOfNew(
  { registration: { registrationId }, origin }: RegistrationWrite,
  detailsOf: (registrationId: RegistrationId) => RegistrationDetails,
): RegistrationDetails {
  if (origin === undefined) throw new Error(`${registrationId} is new and nobody says where it comes from`);
  const { textsOf, ...own } = origin;
  if (textsOf === undefined) return own;
  const { notes, specialRequirements, profile } = detailsOf(textsOf);
  return {
    ...(notes !== undefined && { notes }),
    ...(specialRequirements !== undefined && { specialRequirements }),
    ...(profile !== undefined && { profile }),
    ...own,
  };
}
