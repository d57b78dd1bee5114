import type { Instant } from '@rollcall/domain';
import { legacyIdOf, type LegacyDocument, type LegacyId } from '../legacy.ts';
import type { Claim } from './claim.ts';
import { signupUser, type Context } from './context.ts';
import { shortWord, type FindingFacts } from './findings.ts';
import { historyOf } from './history.ts';
import { addUnknownRole, type KnownRole, type Roles } from './roles.ts';
import { dateOf, fieldOf, isDocument, readDate, timeWithin, typeOf } from './values.ts';

interface Identified {
  readonly legacyId: LegacyId;
  readonly document: LegacyDocument;
}

/** What the registration documents say, in the order of their ids, in whichever order they were read. May add roles. */
export function claimsOf(context: Context, roles: Roles, eventAt: EventInstants): Claim[] {
  const claims: Claim[] = [];
  for (const identified of identifiedOf(context)) {
    const claim = claimOf(context, roles, identified, eventAt);
    if (claim !== undefined) claims.push(claim);
  }
  return claims;
}

interface EventInstants {
  readonly startsAt: Instant;
  readonly createdAt: Instant;
}

function identifiedOf({ legacy, findings }: Context): Identified[] {
  const byId = new Map<LegacyId, LegacyDocument | 'repeated'>();
  for (const document of legacy.registrations) {
    const id: unknown = isDocument(document) ? document['_id'] : undefined;
    const legacyId = legacyIdOf(id);
    if (legacyId === undefined || /[\p{Cc}\p{Cs}]/u.test(legacyId)) {
      findings.found('registration-id-unusable', { field: '_id', value: typeOf(id) });
    } else if (byId.has(legacyId)) {
      findings.found('registration-id-unusable', { legacyId });
      byId.set(legacyId, 'repeated');
    } else {
      byId.set(legacyId, document);
    }
  }
  const identified: Identified[] = [];
  for (const [legacyId, document] of byId) if (document !== 'repeated') identified.push({ legacyId, document });
  return identified.toSorted((a, b) => (a.legacyId < b.legacyId ? -1 : 1));
}

function claimOf(
  context: Context,
  roles: Roles,
  { legacyId, document }: Identified,
  eventAt: EventInstants,
): Claim | undefined {
  const { mapping, userIdOf, findings, timeZone } = context;
  const names = mapping.registration;
  const userId = signupUser(context, fieldOf(document, names.userId), { legacyId });
  const role = roleOf(context, roles, document, { legacyId });
  const standing = standingOf(context, document, { legacyId });
  if (userId === undefined || role === undefined || standing === undefined) return undefined;
  const facts = { legacyId, userId, roleId: role.role.roleId };
  const date = registrationDateOf(context, document, eventAt, facts);
  const history = historyOf(context, document, roles, facts);
  const registrar = fieldOf(document, names.registeredBy);
  const registrarId = legacyIdOf(registrar);
  const registeredBy = registrarId && userIdOf(registrarId);
  if (registrar !== undefined && registeredBy === undefined) {
    findings.found('field-unusable', { ...facts, field: names.registeredBy ?? '', value: typeOf(registrar) });
  }
  const updatedAt = dateOf(fieldOf(document, names.updatedAt), timeZone);
  const attendedAt =
    standing === 'attended'
      ? (dateOf(fieldOf(document, names.attendedAt), timeZone) ??
        history.findLast(({ action }) => mapping.states.attended.includes(action))?.performedAt ??
        updatedAt ??
        history.at(-1)?.performedAt ??
        eventAt.startsAt)
      : undefined;
  return {
    legacyId,
    document,
    userId,
    registeredBy: registeredBy ?? userId,
    history,
    ...(attendedAt === undefined ? {} : { attendedAt }),
    roleId: role.role.roleId,
    status: standing === 'attended' ? 'confirmed' : standing,
    date,
    changedAt: Math.max(date, updatedAt ?? history.at(-1)?.performedAt ?? date),
    place: { anchor: legacyId, roleIndex: 0, offset: 0 },
  };
}

function roleOf(context: Context, roles: Roles, document: LegacyDocument, facts: FindingFacts): KnownRole | undefined {
  const { mapping, findings } = context;
  const value = fieldOf(document, mapping.registration.roleId);
  const legacyRoleId = legacyIdOf(value);
  const known = legacyRoleId && roles.get(legacyRoleId);
  if (known !== undefined) {
    if (known.added) findings.found('unknown-role', { ...facts, roleId: known.role.roleId });
    return known;
  }
  const rule = findings.found('unknown-role', {
    ...facts,
    ...(legacyRoleId ? { roleId: shortWord(legacyRoleId) } : { value: typeOf(value) }),
  });
  if (rule !== 'add-role') return undefined;
  if (legacyRoleId === undefined) {
    findings.stopped('unknown-role', { ...facts, value: typeOf(value) });
    return undefined;
  }
  const snapshot = fieldOf(document, mapping.registration.eventSnapshot);
  const name = isDocument(snapshot) ? fieldOf(snapshot, mapping.eventSnapshot.roleName) : undefined;
  return addUnknownRole(context, roles, legacyRoleId, name);
}

const standings = ['confirmed', 'attended', 'waitlist', 'cancelled'] as const;

function standingOf(
  { mapping, findings }: Context,
  document: LegacyDocument,
  facts: FindingFacts,
): (typeof standings)[number] | undefined {
  const word = fieldOf(document, mapping.registration.status);
  const standing =
    typeof word === 'string' ? standings.find((state) => mapping.states[state].includes(word)) : undefined;
  if (standing === undefined) {
    findings.found('unknown-status', { ...facts, value: typeof word === 'string' ? shortWord(word) : typeOf(word) });
  }
  return standing;
}

function registrationDateOf(
  { mapping, findings, timeZone }: Context,
  document: LegacyDocument,
  eventAt: EventInstants,
  facts: FindingFacts,
): Instant {
  const { registrationDate: field, createdAt } = mapping.registration;
  const value = fieldOf(document, field);
  const date = readDate(value, timeZone);
  if (date !== undefined) {
    if (date.asText) findings.found('date-text', { ...facts, field, value: typeOf(value) });
    return date.at;
  }
  findings.found('date-unusable', { ...facts, field, value: typeOf(value) });
  return dateOf(fieldOf(document, createdAt), timeZone) ?? timeWithin(document['_id']) ?? eventAt.createdAt;
}
