import type { Profile } from '@rollcall/domain';
import type { LegacyDocument, LegacyId } from '../legacy.ts';
import type { WantedRegistration } from '../wanted.ts';
import type { Claim } from './claim.ts';
import { textOf, type Context } from './context.ts';
import type { FindingFacts } from './findings.ts';
import { factsOf } from './reconcile.ts';
import { textLengthMax } from './texts.ts';
import { fieldOf, isDocument, typeOf } from './values.ts';

/** The registration that a claim becomes. */
export function registrationOf(context: Context, eventId: LegacyId, claim: Claim): WantedRegistration {
  const { legacyId, userId, roleId, status, date, registeredBy, history, attendedAt, changedAt } = claim;
  const notes = commentOf(context, claim, 'notes');
  const specialRequirements = commentOf(context, claim, 'specialRequirements');
  const profile = profileOf(context, claim);
  return {
    legacyId,
    key: keyOf(eventId, claim),
    userId,
    roleId,
    status,
    registrationDate: date,
    registeredBy,
    ...(status === 'confirmed' && attendedAt !== undefined ? { attendedAt } : {}),
    ...(status === 'cancelled' ? { cancelledAt: changedAt } : {}),
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
    ...(profile === undefined ? {} : { profile }),
    history,
  };
}

function keyOf(eventId: LegacyId, { legacyId, roleId, userId }: Claim): string {
  return legacyId === undefined ? `array:${eventId}/${roleId}/${userId}` : `document:${legacyId}`;
}

/** What both places say only one of them may know: where one of them says nothing that is no disagreement. */
function commentOf(context: Context, claim: Claim, name: 'notes' | 'specialRequirements'): string | undefined {
  const { mapping, findings } = context;
  const facts = factsOf(claim);
  const read = (place: LegacyDocument | undefined, field: string | null) =>
    place &&
    textOf(
      context,
      fieldOf(place, field),
      { field: field ?? '', lengthMax: textLengthMax.notes, lines: 'many' },
      facts,
    );
  const ofDocument = read(claim.document, mapping.registration[name]);
  const ofEntry = read(claim.entry?.raw, mapping.signup[name]);
  if (ofDocument === undefined || ofEntry === undefined || ofDocument === ofEntry) return ofDocument ?? ofEntry;
  return findings.found('notes-differ', { ...facts, field: name }) === 'array' ? ofEntry : ofDocument;
}

/** What the document knew of the user, else what the list knows. */
function profileOf(context: Context, claim: Claim): Profile | undefined {
  const { mapping, findings } = context;
  const facts = factsOf(claim);
  const field = mapping.registration.userSnapshot;
  const snapshot = claim.document && fieldOf(claim.document, field);
  if (snapshot !== undefined && !isDocument(snapshot)) {
    findings.found('field-unusable', { ...facts, field: field ?? '', value: typeOf(snapshot) });
  }
  const known = isDocument(snapshot) ? personOf(context, snapshot, mapping.userSnapshot, facts) : undefined;
  return known ?? (claim.entry && personOf(context, claim.entry.raw, mapping.signup, facts));
}

interface PersonFields {
  readonly username: string | null;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
}

/** Undefined without a name: an address alone is no profile. */
function personOf(
  context: Context,
  document: LegacyDocument,
  fields: PersonFields,
  facts: FindingFacts,
): Profile | undefined {
  const read = (field: string | null, lengthMax: number) =>
    textOf(context, fieldOf(document, field), { field: field ?? '', lengthMax }, facts)?.trim();
  const { displayName: nameMax, email: emailMax } = textLengthMax;
  const [firstName, lastName] = [read(fields.firstName, nameMax), read(fields.lastName, nameMax)];
  const both = [firstName, lastName].filter((name) => name !== undefined && name !== '').join(' ');
  const name = both === '' ? (read(fields.username, nameMax) ?? '') : both;
  const displayName = textOf(context, name, { field: 'displayName', lengthMax: nameMax }, facts);
  if (displayName === undefined) return undefined;
  const email = read(fields.email, emailMax);
  return email === undefined || email === '' ? { displayName } : { displayName, email };
}
