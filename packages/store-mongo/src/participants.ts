import type { RoleId } from '@rollcall/domain';
import type { EventQueries, ParticipantsQuery, RegistrationView } from '@rollcall/engine';
import type { Filter } from 'mongodb';
import type { Collections } from './connect.ts';
import { decodeCursor, encodeCursor, invalidCursor, pageOf } from './cursor.ts';
import { indexes } from './indexes.ts';
import { registrationView, type RegistrationDocument } from './registration-document.ts';
import { snapshotOf } from './snapshot.ts';

type Participants = Pick<EventQueries, 'listParticipants' | 'streamParticipants'>;

/** The order of the line index within an event: it serves every filter, for a status alone with a seek per role. */
const inOrder = { sort: { roleId: 1, status: 1, sequence: 1 }, hint: indexes.line } as const;

/** Of a stream: how many at once. */
const batchSize = 500;

export function createParticipants(
  { client, registrations }: Collections,
  bounded: { readonly maxTimeMS: number },
): Participants {
  async function* streamParticipants(query: ParticipantsQuery): AsyncGenerator<RegistrationView> {
    // One snapshot: whoever is promoted meanwhile would be missed, and whoever is demoted come twice. The server keeps it
    // for five minutes; a reader that takes longer gets an error and not half a list.
    const session = client.startSession({ snapshot: true });
    try {
      // Without `maxTimeMS`: that is for all batches of a cursor together, and would cut a long list off. Each batch is
      // small, and asked for only when its reader is ready; with the reader the cursor goes.
      const documents = registrations.find(filterOf(query), { ...snapshotOf(session), ...inOrder, batchSize });
      for await (const document of documents) yield registrationView(document);
    } finally {
      await session.endSession();
    }
  }

  return {
    async listParticipants(query, cursor, limit) {
      const filter = cursor === undefined ? filterOf(query) : filterAfter(query, decodePosition(cursor));
      const documents = await registrations.find(filter, { ...bounded, ...inOrder, limit: limit + 1 }).toArray();
      return pageOf(documents, { limit, toItem: registrationView, cursorOf: encodePosition });
    },
    streamParticipants,
  };
}

function filterOf({ eventId, roleId, status }: ParticipantsQuery): Filter<RegistrationDocument> {
  return { eventId, ...(roleId === undefined ? {} : { roleId }), ...(status === undefined ? {} : { status }) };
}

type Position = Pick<RegistrationDocument, keyof typeof inOrder.sort>;

/** The rest of the role's status, then of the role, then of the event. The server merges them, each in order already. */
function filterAfter(query: ParticipantsQuery, position: Position): Filter<RegistrationDocument> {
  const { roleId, status, sequence } = position;
  if (query.roleId !== undefined && query.roleId !== roleId) throw invalidCursor();
  if (query.status !== undefined && query.status !== status) throw invalidCursor();
  const filter = filterOf(query);
  const rests: Filter<RegistrationDocument>[] = [{ ...filter, roleId, status, sequence: { $gt: sequence } }];
  if (query.status === undefined) rests.push({ ...filter, roleId, status: { $gt: status } });
  if (query.roleId === undefined) rests.push({ ...filter, roleId: { $gt: roleId } });
  return { $or: rests };
}

const encodePosition = ({ roleId, status, sequence }: Position): string => encodeCursor([roleId, status, sequence]);

const statuses: readonly unknown[] = ['confirmed', 'waitlist', 'cancelled'] satisfies Position['status'][];

/** @throws InvalidCursorError */
function decodePosition(cursor: string): Position {
  const [roleId, status, sequence, ...more] = decodeCursor(cursor);
  if (typeof roleId !== 'string' || !statuses.includes(status) || typeof sequence !== 'number' || more.length > 0) {
    throw invalidCursor();
  }
  return { roleId: roleId as RoleId, status: status as Position['status'], sequence };
}
