import { ObjectId } from 'mongodb';
import type { Counts, Kind } from '../support/legacy/planting.ts';
import type { LegacyEventDocument, LegacyRegistrationDocument } from '../support/legacy/shape.ts';

/** Counts what the generator says that it planted, by looking: it knows nothing of how it was made. */
export function found(
  event: LegacyEventDocument,
  registrations: readonly LegacyRegistrationDocument[],
  knownUsers: ReadonlySet<string>,
): Counts {
  const counts: Partial<Record<Kind, number>> = {};
  const see = (kind: Kind, times = 1): void => {
    if (times > 0) counts[kind] = (counts[kind] ?? 0) + times;
  };
  const words = new Set(['active', 'confirmed', 'waitlisted', 'waitlist', 'attended', 'no_show', 'cancelled']);
  const taking = new Set(['active', 'confirmed', 'attended', 'no_show']);
  const roleIds = new Set(event.roles.map(({ id }) => id));

  const lines = event.roles.flatMap(({ id, currentSignups }) =>
    currentSignups.map(({ userId, notes }) => ({ roleId: id, userId: userId.toHexString(), notes })),
  );
  const users = new Map<string, { lines: typeof lines; documents: LegacyRegistrationDocument[] }>();
  const of = (userId: string) => {
    const user = users.get(userId) ?? { lines: [], documents: [] };
    users.set(userId, user);
    return user;
  };
  for (const line of lines) of(line.userId).lines.push(line);
  for (const document of registrations) {
    if (!(document.userId instanceof ObjectId)) see('field-unusable');
    else of(document.userId.toHexString()).documents.push(document);
    if (!roleIds.has(document.roleId)) see('unknown-role');
    if (!words.has(document.status)) see('unknown-status');
    if (document.status === 'attended') see('attended');
    if (document.status === 'no_show') see('no-show');
    if (document.status === 'cancelled') see('cancelled');
    if (document.status === 'waitlisted' || document.status === 'waitlist') see('waitlisted');
    const { registrationDate } = document;
    if (typeof registrationDate === 'string' && !Number.isNaN(Date.parse(registrationDate))) see('date-text');
    else if (!(registrationDate instanceof Date) || Number.isNaN(registrationDate.getTime())) see('date-unusable');
  }

  const seats = new Map<string, number>();
  for (const [userId, user] of users) {
    if (!knownUsers.has(userId)) see('unknown-user');
    const counted = user.documents.filter(({ status, roleId }) => taking.has(status) && roleIds.has(roleId));
    const inArray = new Set(user.lines.map(({ roleId }) => roleId));
    const inDocuments = new Set(counted.map(({ roleId }) => roleId));
    const arrayOnly = [...inArray].filter((roleId) => !inDocuments.has(roleId));
    const documentOnly = [...inDocuments].filter((roleId) => !inArray.has(roleId));
    const isUnsettled = user.documents.some(({ status }) => !words.has(status));
    const differs = arrayOnly.length === 1 && documentOnly.length === 1;
    if (differs) see('role-differs');
    else if (!isUnsettled) {
      see('array-only', arrayOnly.length);
      see('document-only', documentOnly.length);
    }
    see('array-repeat', user.lines.length - inArray.size);
    see('document-repeat', counted.length - inDocuments.size);
    const both = [...inArray].filter((roleId) => inDocuments.has(roleId));
    if (both.length > 1) see('two-roles');
    for (const roleId of both) {
      const line = user.lines.find((one) => one.roleId === roleId);
      const document = counted.find((one) => one.roleId === roleId);
      if (line?.notes !== document?.notes) see('notes-differ');
    }
    const held = new Set([...inDocuments, ...(differs ? [] : inArray)]);
    for (const roleId of held) seats.set(roleId, (seats.get(roleId) ?? 0) + 1);
  }

  let [taken, slots] = [0, 0];
  for (const { id, maxParticipants, capacity } of event.roles) {
    const places = maxParticipants ?? capacity ?? Number.NaN;
    if ((seats.get(id) ?? 0) > places) see('over-capacity');
    taken += seats.get(id) ?? 0;
    slots += places;
  }
  if (event.signedUp !== taken) see('signed-up-wrong');
  if (event.totalSlots !== slots) see('total-slots-wrong');
  const names = event.roles.map(({ name }) => name);
  see('role-name-repeat', names.length - new Set(names).size);
  if (event.status !== 'upcoming') see(`event-${event.status}`);
  return counts;
}
