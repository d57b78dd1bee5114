import { ObjectId } from 'mongodb';

/**
 * What Rollcall is to hold of an event of the system before, said once more from issue 6 and the default rules alone. It
 * shares no code with packages/migration, and is slow and plain on purpose: each rule is a paragraph that can be read.
 */
export interface Row {
  readonly userId: string;
  /** As the system before calls it. */
  readonly roleId: string;
  readonly status: 'confirmed' | 'waitlist';
  readonly notes?: string;
  readonly specialRequirements?: string;
}

export interface Held {
  readonly title: string;
  readonly roles: readonly { readonly roleId: string; readonly name: string; readonly capacity: number }[];
  /** Those who have or want a seat, by role, user. Cancelled ones are in no list. */
  readonly rows: readonly Row[];
  /** Who stands in which role's line, first come first. */
  readonly lines: Readonly<Record<string, readonly string[]>>;
  /** Those with a seat, as `signedUp` should count them. */
  readonly signedUp: number;
}

export type Said = { readonly stops: string } | ({ readonly stops?: never } & Held);

/** A document as it comes out of MongoDB. */
export type Raw = Readonly<Record<string, unknown>>;

const seats = ['active', 'confirmed', 'attended', 'no_show'];
const waits = ['waitlisted', 'waitlist'];

/** @param registrations all documents with this `eventId`, in any order. */
export function oracle(event: Raw, registrations: readonly Raw[]): Said {
  const roles = listOf(event['roles']);
  const lines = roles.flatMap((role) =>
    listOf(role['currentSignups']).map((line) => ({
      roleId: String(role['id']),
      userId: idText(line['userId']),
      notes: textOf(line['notes']),
    })),
  );
  const documents = registrations.map((document) => ({
    id: idText(document['_id']) ?? '',
    roleId: String(document['roleId']),
    userId: idText(document['userId']),
    status: String(document['status']),
    at: dateOf(document),
    notes: textOf(document['notes']),
    specialRequirements: textOf(document['specialRequirements']),
  }));

  // What no rule covers stops the whole event.
  const known = roles.map((role) => String(role['id']));
  if (documents.some(({ roleId }) => !known.includes(roleId))) return { stops: 'unknown role' };
  if (documents.some(({ status }) => ![...seats, ...waits, 'cancelled'].includes(status))) {
    return { stops: 'unknown status' };
  }
  if ([...lines, ...documents].some(({ userId }) => userId === undefined)) return { stops: 'unusable user id' };

  // Of several active documents of one user and role the first counts.
  const first = documents
    .filter(({ status }) => status !== 'cancelled')
    .toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    .filter((one, place, all) => all.findIndex((other) => isSame(one, other)) === place);

  // A user who is in the array of one role only, and has a seat by a document of another role only, is where the document says.
  const isRoleOfDocument = (line: (typeof lines)[number]): boolean => {
    const onlyLines = lines
      .filter(({ userId }) => userId === line.userId)
      .filter((one) => !first.some((document) => isSame(one, document)))
      .filter((one, place, all) => all.findIndex((other) => isSame(one, other)) === place);
    const onlyDocuments = first
      .filter(({ userId, status }) => userId === line.userId && seats.includes(status))
      .filter((one) => !lines.some((other) => isSame(one, other)));
    return onlyLines.length === 1 && onlyDocuments.length === 1 && onlyLines.every((one) => isSame(one, line));
  };

  // A line without a document is a seat; twice in the array is one seat; where both are, the document tells all of it, but for
  // notes that only the line has.
  const arrayOnly = lines
    .filter((line, place) => lines.findIndex((other) => isSame(line, other)) === place)
    .filter((line) => !first.some((document) => isSame(line, document)))
    .filter((line) => !isRoleOfDocument(line));

  const everybody = [
    ...first.map((one) => {
      const notes = one.notes ?? lines.find((line) => isSame(line, one))?.notes;
      return { ...one, notes, status: waits.includes(one.status) ? 'waitlist' : 'confirmed' } as const;
    }),
    ...arrayOnly.map((one) => ({ ...one, status: 'confirmed', specialRequirements: undefined }) as const),
  ];
  // Nobody has a seat at an event that does not take place.
  const held = event['status'] === 'cancelled' ? [] : everybody;
  const rows = held.map(({ userId, roleId, status, notes, specialRequirements }): Row => ({
    userId: userId ?? '',
    roleId,
    status,
    ...(notes === undefined ? {} : { notes }),
    ...(specialRequirements === undefined ? {} : { specialRequirements }),
  }));
  // `first` is in the order in which they came, and only documents wait.
  const waiting = rows.filter(({ status }) => status === 'waitlist');
  return {
    title: String(event['title']),
    roles: roles.map((role) => ({
      roleId: String(role['id']),
      name: String(role['name']),
      capacity: Number(role['maxParticipants'] ?? role['capacity']),
    })),
    rows: sorted(rows),
    lines: Object.fromEntries(known.map((roleId) => [roleId, usersIn(roleId, waiting)])),
    signedUp: rows.filter(({ status }) => status === 'confirmed').length,
  };
}

/**
 * The same, of what Rollcall holds: its documents as they are in its collections. Roles have the names that the legacy
 * event gives them, as its ids are uuids that Rollcall has without their dashes.
 */
export function heldByRollcall(event: Raw, registrations: readonly Raw[], legacyEvent: Raw): Held {
  const legacyIds = listOf(legacyEvent['roles']).map(({ id }) => String(id));
  const legacyIdOf = (roleId: unknown): string =>
    legacyIds.find((id) => id.replaceAll('-', '') === roleId) ?? `not a role of the legacy event: ${String(roleId)}`;
  const inOrder = registrations
    .filter(({ status }) => status !== 'cancelled')
    .toSorted((a, b) => Number(a['sequence']) - Number(b['sequence']));
  const rows = inOrder.map((registration): Row => {
    const [notes, specialRequirements] = [textOf(registration['notes']), textOf(registration['specialRequirements'])];
    return {
      userId: String(registration['userId']),
      roleId: legacyIdOf(registration['roleId']),
      status: registration['status'] === 'confirmed' ? 'confirmed' : 'waitlist',
      ...(notes === undefined ? {} : { notes }),
      ...(specialRequirements === undefined ? {} : { specialRequirements }),
    };
  });
  const waiting = rows.filter(({ status }) => status === 'waitlist');
  const roles = listOf(event['roles']).map((role) => ({
    roleId: legacyIdOf(role['roleId']),
    name: String(role['name']),
    capacity: Number(role['capacity']),
  }));
  return {
    title: String(event['title']),
    roles,
    rows: sorted(rows),
    lines: Object.fromEntries(roles.map(({ roleId }) => [roleId, usersIn(roleId, waiting)])),
    signedUp: rows.filter(({ status }) => status === 'confirmed').length,
  };
}

/** How far the two copies of one event are apart by themselves: what cannot be if only one of them were kept. */
export interface Drift {
  /** Seats that are taken in roles beyond what they have, by the array. */
  readonly overCapacity: number;
  /** Users of a role who are in only one of the two. */
  readonly arrayOnly: number;
  readonly documentOnly: number;
  /** The second and further times that a user is in the same role, in either of the two. */
  readonly repeats: number;
  /** Whether `signedUp` is another number than the array has lines. */
  readonly signedUpWrong: boolean;
}

export function driftOf(event: Raw, registrations: readonly Raw[]): Drift {
  const roles = listOf(event['roles']);
  const lines = roles.flatMap((role) =>
    listOf(role['currentSignups']).map(({ userId }) => `${String(role['id'])} ${idText(userId) ?? ''}`),
  );
  const documents = registrations
    .filter(({ status }) => seats.includes(String(status)))
    .map(({ roleId, userId }) => `${String(roleId)} ${idText(userId) ?? ''}`);
  const [ofLines, ofDocuments] = [new Set(lines), new Set(documents)];
  const over = roles.map((role) => {
    const capacity = Number(role['maxParticipants'] ?? role['capacity']);
    return Math.max(0, listOf(role['currentSignups']).length - capacity);
  });
  return {
    overCapacity: over.reduce((a, b) => a + b, 0),
    arrayOnly: [...ofLines].filter((key) => !ofDocuments.has(key)).length,
    documentOnly: [...ofDocuments].filter((key) => !ofLines.has(key)).length,
    repeats: lines.length - ofLines.size + (documents.length - ofDocuments.size),
    signedUpWrong: event['signedUp'] !== lines.length,
  };
}

type OfRole = { readonly userId: string | undefined; readonly roleId: string };

const isSame = (a: OfRole, b: OfRole): boolean => a.userId === b.userId && a.roleId === b.roleId;

const usersIn = (roleId: string, rows: readonly Row[]): readonly string[] =>
  rows.filter((row) => row.roleId === roleId).map(({ userId }) => userId);

const sorted = (rows: readonly Row[]): readonly Row[] =>
  rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : 0));
const keyOf = ({ roleId, userId, status }: Row): string => `${roleId} ${userId} ${status}`;

const listOf = (value: unknown): readonly Raw[] => (Array.isArray(value) ? (value as readonly Raw[]) : []);

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

function idText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number') return String(value);
  return value instanceof ObjectId ? value.toHexString() : undefined;
}

/** When it was made counts where the date can't be read. */
function dateOf(document: Raw): number {
  const date = document['registrationDate'];
  const read = date instanceof Date ? date.getTime() : typeof date === 'string' ? Date.parse(date) : Number.NaN;
  if (!Number.isNaN(read)) return read;
  const createdAt = document['createdAt'];
  return createdAt instanceof Date ? createdAt.getTime() : 0;
}
