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

/**
 * The registrations of an event after a batch: changes of what there is before what is new, which may take over texts as
 * they are then, and after texts that are handed on. The unique keys are the registration's id, and one active registration per role and user.
 *
 * @throws Error for writes that no correct engine makes.
 */
export function afterWrites(
  before: StoredRegistrations | undefined,
  writes: readonly RegistrationWrite[],
): StoredRegistrations | 'duplicate' {
  const registrations = new Map(before?.registrations);
  const details = new Map(before?.details);
  for (const write of writes) handOnTexts(write, before, details);
  const made = new Map<RegistrationId, RegistrationWrite>();
  for (const write of writes) {
    const { registrationId } = write.registration;
    const status = registrations.get(registrationId)?.status;
    if (write.before === undefined && status !== undefined) return 'duplicate';
    if (status !== write.before) throw new Error(`${registrationId} is ${status}, and was to be ${write.before}`);
    registrations.set(registrationId, write.registration);
    const known = details.get(registrationId);
    if (known === undefined) made.set(registrationId, write);
    else details.set(registrationId, detailsAfter(known, write));
  }
  const detailsOf = (registrationId: RegistrationId): RegistrationDetails => {
    const write = made.get(registrationId);
    if (write !== undefined) return detailsAfter(detailsOfNew(write, detailsOf), write);
    const stored = details.get(registrationId);
    if (stored === undefined) throw new Error(`${registrationId} was never made`);
    return stored;
  };
  for (const registrationId of made.keys()) details.set(registrationId, detailsOf(registrationId));
  const active = [...registrations.values()].filter(({ status }) => status !== 'cancelled');
  const places = new Set(active.map(({ roleId, userId }) => JSON.stringify([roleId, userId])));
  return places.size < active.length ? 'duplicate' : { registrations, details };
}

/** What is changed of a registration's texts is changed of the one that waits to replace it too. */
function handOnTexts(
  { registration, texts }: RegistrationWrite,
  before: StoredRegistrations | undefined,
  details: Map<RegistrationId, RegistrationDetails>,
): void {
  if (texts === undefined) return;
  for (const held of before?.registrations.values() ?? []) {
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
