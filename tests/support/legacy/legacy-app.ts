import { setTimeout as delay } from 'node:timers/promises';
import { MongoServerError, ObjectId, type Db } from 'mongodb';
import { legacyCollections } from './insert.ts';
import { lineOf, snapshotOf, type Person } from './people.ts';
import type { LegacyEventDocument, LegacyRegistrationDocument, LegacyRole } from './shape.ts';

/** What the application told its user, with the writes that went through: when it failed, they may be half of it. */
export type Answer =
  | { readonly kind: 'done'; readonly writes: readonly Write[] }
  /** It looked, and wrote nothing. */
  | {
      readonly kind: 'refused';
      readonly why: 'no-event' | 'no-role' | 'full' | 'already' | 'not-signed-up' | 'nobody-waits';
    }
  | Failed;

interface Failed {
  readonly kind: 'failed';
  /** Of MongoDB, 121 when a validator refused; undefined when it is something else. */
  readonly code: number | undefined;
  readonly message: string;
  readonly writes: readonly Write[];
}

type Write = 'array' | 'document' | 'signedUp' | 'event';

export interface Place {
  readonly eventId: ObjectId;
  readonly roleId: string;
  readonly person: Person;
}

export interface LegacyApp {
  /** With `waitlist` somebody for whom there is no seat gets a document that waits, and stands in no array. */
  signUp(place: Place, options?: { readonly notes?: string; readonly waitlist?: boolean }): Promise<Answer>;
  /** What a server does that heard nothing of its first try: all writes of a signup once more, and no look before. */
  repeatSignUp(place: Place, options?: { readonly notes?: string }): Promise<Answer>;
  /** `delete`: without a trace; `status`: the document stays. */
  cancel(place: Place, how: 'delete' | 'status'): Promise<Answer>;
  /** Without a look at whether there is room: that is how an organizer moves people. */
  move(place: Place, toRoleId: string): Promise<Answer>;
  changeNotes(place: Place, notes: string): Promise<Answer>;
  /** The first who waits for the role; `userId` is who that was. */
  promote(eventId: ObjectId, roleId: string): Promise<Answer & { readonly userId?: ObjectId }>;
  changeCapacity(eventId: ObjectId, roleId: string, capacity: number): Promise<Answer>;
  editTitle(eventId: ObjectId, title: string): Promise<Answer>;
  markAttended(place: Place): Promise<Answer>;
  /** What somebody at a database shell does: the array keeps the line. */
  deleteDocumentOnly(place: Place): Promise<Answer>;
}

export interface LegacyAppOptions {
  /** At most so long between the writes of one operation; 0: as fast as it goes. */
  readonly pauseMsMax?: number;
}

/** The way such systems write: they read, decide in memory, and write two copies one after the other, without a transaction. */
export function legacyApp(db: Db, { pauseMsMax = 0 }: LegacyAppOptions = {}): LegacyApp {
  const { events, registrations } = legacyCollections(db);
  const pause = async (): Promise<void> => {
    if (pauseMsMax > 0) await delay(Math.random() * pauseMsMax);
  };
  const withRole = (eventId: ObjectId, roleId: string) => ({ _id: eventId, 'roles.id': roleId });
  const mine = ({ eventId, roleId, person }: Place) => ({ eventId, roleId, userId: person.userId });
  const active = { status: { $in: ['active', 'waitlisted', 'attended', 'no_show'] } };

  /** @returns undefined where the event or its role is not there. */
  async function look(eventId: ObjectId, roleId: string) {
    const event = await events.findOne({ _id: eventId });
    const role = event?.roles.find(({ id }) => id === roleId);
    return event === null || role === undefined ? undefined : { event, role };
  }

  const push = (eventId: ObjectId, roleId: string, line: LegacyRole['currentSignups'][number]) =>
    events.updateOne(withRole(eventId, roleId), { $push: { 'roles.$.currentSignups': line } });
  const pull = (eventId: ObjectId, roleId: string, userId: ObjectId) =>
    events.updateOne(withRole(eventId, roleId), { $pull: { 'roles.$.currentSignups': { userId } } });
  /** From what was read before anything was written, by however many it changed since. */
  const setSignedUp = (event: LegacyEventDocument, more: number) =>
    events.updateOne(
      { _id: event._id },
      { $set: { signedUp: lineCount(event) + more, updatedAt: new Date() }, $inc: { __v: 1 } },
    );

  async function writeSignUp(event: LegacyEventDocument, role: LegacyRole, place: Place, notes: string | undefined) {
    return attempt(async (wrote) => {
      await push(place.eventId, role.id, lineOf(place.person, notes));
      wrote('array');
      await pause();
      await registrations.insertOne(documentOf(event, role, place.person, 'active', notes));
      wrote('document');
      await pause();
      await setSignedUp(event, 1);
      wrote('signedUp');
    });
  }

  const operations: LegacyApp = {
    async signUp(place, { notes, waitlist = false } = {}) {
      const found = await look(place.eventId, place.roleId);
      if (found === undefined) return refused('no-event');
      const { event, role } = found;
      if (role.currentSignups.some(({ userId }) => userId.equals(place.person.userId))) return refused('already');
      if (role.currentSignups.length < capacityOf(role)) return writeSignUp(event, role, place, notes);
      if (!waitlist) return refused('full');
      if ((await registrations.findOne({ ...mine(place), ...active })) !== null) return refused('already');
      return attempt(async (wrote) => {
        await registrations.insertOne(documentOf(event, role, place.person, 'waitlisted', notes));
        wrote('document');
      });
    },

    async repeatSignUp(place, { notes } = {}) {
      const found = await look(place.eventId, place.roleId);
      return found === undefined ? refused('no-event') : writeSignUp(found.event, found.role, place, notes);
    },

    async cancel(place, how) {
      const found = await look(place.eventId, place.roleId);
      if (found === undefined) return refused('no-event');
      const document = await registrations.findOne({ ...mine(place), ...active });
      const isListed = found.role.currentSignups.some(({ userId }) => userId.equals(place.person.userId));
      if (document === null && !isListed) return refused('not-signed-up');
      return attempt(async (wrote) => {
        if (isListed) {
          await pull(place.eventId, place.roleId, place.person.userId);
          wrote('array');
          await pause();
        }
        if (how === 'delete') await registrations.deleteMany({ ...mine(place), ...active });
        else
          await registrations.updateMany(
            { ...mine(place), ...active },
            did('cancelled', place, { status: 'cancelled' }),
          );
        wrote('document');
        if (!isListed) return;
        await pause();
        await setSignedUp(found.event, -1);
        wrote('signedUp');
      });
    },

    async move(place, toRoleId) {
      const found = await look(place.eventId, place.roleId);
      const to = found?.event.roles.find(({ id }) => id === toRoleId);
      if (found === undefined) return refused('no-event');
      if (to === undefined) return refused('no-role');
      const line = found.role.currentSignups.find(({ userId }) => userId.equals(place.person.userId));
      if (line === undefined) return refused('not-signed-up');
      if (to.currentSignups.some(({ userId }) => userId.equals(place.person.userId))) return refused('already');
      return attempt(async (wrote) => {
        await pull(place.eventId, place.roleId, place.person.userId);
        wrote('array');
        await pause();
        await push(place.eventId, toRoleId, line);
        await pause();
        const change = did(
          'moved_between_roles',
          place,
          { roleId: toRoleId, 'eventSnapshot.roleName': to.name },
          toRoleId,
        );
        await registrations.updateMany({ ...mine(place), ...active }, change);
        wrote('document');
      });
    },

    async changeNotes(place, notes) {
      const found = await look(place.eventId, place.roleId);
      if (found === undefined) return refused('no-event');
      if ((await registrations.findOne({ ...mine(place), ...active })) === null) return refused('not-signed-up');
      return attempt(async (wrote) => {
        await registrations.updateMany({ ...mine(place), ...active }, { $set: { notes, updatedAt: new Date() } });
        wrote('document');
        await pause();
        await events.updateOne(
          { _id: place.eventId },
          { $set: { 'roles.$[role].currentSignups.$[line].notes': notes } },
          { arrayFilters: [{ 'role.id': place.roleId }, { 'line.userId': place.person.userId }] },
        );
        wrote('array');
      });
    },

    async promote(eventId, roleId) {
      const found = await look(eventId, roleId);
      if (found === undefined) return refused('no-event');
      const first = await registrations.findOne(
        { eventId, roleId, status: 'waitlisted' },
        { sort: { registrationDate: 1, _id: 1 } },
      );
      if (first === null || !(first.userId instanceof ObjectId)) return refused('nobody-waits');
      const { userId, userSnapshot, notes } = first;
      const person = { userId, ...userSnapshot };
      const answer = await attempt(async (wrote) => {
        const change = did('promoted', { eventId, roleId, person }, { status: 'active' });
        await registrations.updateOne({ _id: first._id, status: 'waitlisted' }, change);
        wrote('document');
        await pause();
        await push(eventId, roleId, lineOf(person, notes));
        wrote('array');
        await pause();
        await setSignedUp(found.event, 1);
        wrote('signedUp');
      });
      return { ...answer, userId };
    },

    async changeCapacity(eventId, roleId, capacity) {
      const found = await look(eventId, roleId);
      if (found === undefined) return refused('no-event');
      const { event, role } = found;
      const others = event.roles.filter(({ id }) => id !== roleId).map(capacityOf);
      const field = role.capacity === undefined ? 'maxParticipants' : 'capacity';
      return attempt(async (wrote) => {
        await events.updateOne(withRole(eventId, roleId), {
          $set: {
            [`roles.$.${field}`]: capacity,
            totalSlots: others.reduce((a, b) => a + b, capacity),
            updatedAt: new Date(),
          },
        });
        wrote('event');
      });
    },

    async editTitle(eventId, title) {
      return attempt(async (wrote) => {
        await events.updateOne({ _id: eventId }, { $set: { title, updatedAt: new Date() } });
        wrote('event');
        await pause();
        await registrations.updateMany({ eventId }, { $set: { 'eventSnapshot.title': title } });
        wrote('document');
      });
    },

    async markAttended(place) {
      const isSeat = { ...mine(place), status: 'active' };
      if ((await registrations.findOne(isSeat)) === null) return refused('not-signed-up');
      return attempt(async (wrote) => {
        await registrations.updateOne(isSeat, did('attended', place, { status: 'attended' }));
        wrote('document');
      });
    },

    async deleteDocumentOnly(place) {
      return attempt(async (wrote) => {
        await registrations.deleteMany(mine(place));
        wrote('document');
      });
    },
  };
  return {
    signUp: answering(operations.signUp),
    repeatSignUp: answering(operations.repeatSignUp),
    cancel: answering(operations.cancel),
    move: answering(operations.move),
    changeNotes: answering(operations.changeNotes),
    promote: answering(operations.promote),
    changeCapacity: answering(operations.changeCapacity),
    editTitle: answering(operations.editTitle),
    markAttended: answering(operations.markAttended),
    deleteDocumentOnly: answering(operations.deleteDocumentOnly),
  };
}

/** Looking can fail as well, before anything is written. */
const answering =
  <Args extends readonly unknown[], Given extends Answer>(operation: (...args: Args) => Promise<Given>) =>
  async (...args: Args): Promise<Given | Failed> => {
    try {
      return await operation(...args);
    } catch (error) {
      return failed(error, []);
    }
  };

/** Errors of the database are what its user is told, too. */
async function attempt(work: (wrote: (write: Write) => void) => Promise<void>): Promise<Answer> {
  const writes: Write[] = [];
  try {
    await work((write) => writes.push(write));
    return { kind: 'done', writes };
  } catch (error) {
    return failed(error, writes);
  }
}

function failed(error: unknown, writes: readonly Write[]): Failed {
  const code = error instanceof MongoServerError ? Number(error.code) : undefined;
  return { kind: 'failed', code, message: error instanceof Error ? error.message : String(error), writes };
}

const refused = (why: Extract<Answer, { kind: 'refused' }>['why']): Answer => ({ kind: 'refused', why });

const capacityOf = ({ maxParticipants, capacity }: LegacyRole): number => maxParticipants ?? capacity ?? 0;

const lineCount = ({ roles }: LegacyEventDocument): number =>
  roles.reduce((count, { currentSignups }) => count + currentSignups.length, 0);

/** A change of a document with the line of its history. */
function did(action: string, { roleId, person }: Place, changes: Readonly<Record<string, string>>, toRoleId?: string) {
  const [performedBy, performedAt] = [person.userId, new Date()];
  const moved = toRoleId === undefined ? {} : { previousValue: roleId, newValue: toRoleId };
  return {
    $set: { ...changes, updatedAt: performedAt },
    $push: { actionHistory: { action, performedBy, performedAt, ...moved } },
  };
}

function documentOf(
  event: LegacyEventDocument,
  role: LegacyRole,
  person: Person,
  status: string,
  notes: string | undefined,
): LegacyRegistrationDocument {
  const now = new Date();
  const { title, date, time, location, type } = event;
  return {
    _id: new ObjectId(),
    userId: person.userId,
    eventId: event._id,
    roleId: role.id,
    userSnapshot: snapshotOf(person),
    eventSnapshot: { title, date, time, location, type, roleName: role.name, roleDescription: role.description },
    status,
    registrationDate: now,
    ...(notes === undefined ? {} : { notes }),
    actionHistory: [{ action: 'registered', performedBy: person.userId, performedAt: now, details: role.name }],
    registeredBy: person.userId,
    ipAddress: '192.0.2.7',
    userAgent: 'Mozilla/5.0',
    __v: 0,
    createdAt: now,
    updatedAt: now,
  };
}
