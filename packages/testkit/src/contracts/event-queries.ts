import { eventIdFor, registrationIdFor, type RoleId, type SignUp } from '@rollcall/domain';
import { InvalidCursorError, type EventQueries } from '@rollcall/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aRole, cancel, createEvent, openEvent } from '../spec/commands.ts';
import { aUserId, newCommandId } from '../spec/ids.ts';
import { createScribe } from '../spec/scribe.ts';
import type { QueriesBench } from './event-queries-bench.ts';
import { availabilityContract } from './event-queries-availability.ts';
import { journalContract } from './event-queries-journal.ts';
import { lineContract } from './event-queries-line.ts';
import { participantsContract } from './event-queries-participants.ts';
import { importedContract } from './event-queries-imports.ts';
import { registrationContract } from './event-queries-registration.ts';
import { benchOf, volunteers, type StoreBench } from './event-store-bench.ts';

export interface EventQueriesUnderTest extends QueriesBench {
  close(): Promise<void>;
}

const idOf = ({ commandId }: SignUp) => registrationIdFor(commandId);

/** What the read side of every store answers. A server may be shared: each test has an event, and users, of its own. */
export function eventQueriesContract(name: string, makeAdapter: () => Promise<EventQueriesUnderTest>): void {
  describe(`event queries: ${name}`, () => {
    let adapter: EventQueriesUnderTest;
    let queries: EventQueries;
    let bench: StoreBench;
    beforeEach(async () => {
      adapter = await makeAdapter();
      ({ queries } = adapter);
      bench = benchOf(adapter.store);
    });
    afterEach(() => adapter.close());
    availabilityContract(() => adapter);
    journalContract(() => adapter);
    lineContract(() => adapter);
    participantsContract(() => adapter);
    registrationContract(() => adapter);
    importedContract(() => adapter);

    const oneSeat = { roles: [aRole('volunteers', { capacity: 1 })] };
    /** Users of this test alone: "my registrations" looks at all events. */
    const own = (user: string) => `${user}-of-${bench.eventId}`;

    it('show the event as it was made and opened, and nothing of one that is not there', async () => {
      await bench.open(oneSeat);
      const view = await queries.findEvent(bench.eventId);
      expect(view).toMatchObject({
        eventId: bench.eventId,
        version: 2,
        status: 'open',
        roles: oneSeat.roles,
        pools: [],
      });
      const nowhere = eventIdFor(newCommandId());
      expect(await queries.findEvent(nowhere)).toBeUndefined();
      expect(await queries.countEvent(nowhere)).toBeUndefined();
      expect((await queries.countEvents([nowhere])).size).toBe(0);
      expect((await queries.getEventSignupCounts(nowhere)).size).toBe(0);
      expect(await queries.getRoleAvailability(nowhere, volunteers)).toBeUndefined();
      expect(await queries.findAnswers(nowhere, [newCommandId()])).toEqual([]);
    });

    it('count what is active, at the version that they say', async () => {
      const { eventId, open, commit, signUp } = bench;
      await open(oneSeat);
      const [ann, bob, gone] = [signUp(own('ann')), signUp(own('bob')), signUp(own('gone'))];
      await commit(ann, bob, gone, cancel(gone));
      const counts = { capacity: 1, confirmed: 1, waitlist: 1, offered: 0, available: 0 };
      const counted = await queries.countEvent(eventId);
      expect(counted).toMatchObject({ eventId, version: 6, roles: new Map([[volunteers, counts]]) });
      expect(await queries.countEvents([eventId])).toEqual(new Map([[eventId, counted]]));
      expect(await queries.getRoleAvailability(eventId, volunteers)).toEqual(counts);
      expect(await queries.getRoleAvailability(eventId, 'nobody' as RoleId)).toBeUndefined();
      expect(await queries.getEventSignupCounts(eventId)).toEqual(
        new Map([[volunteers, { confirmed: 1, waitlist: 1, offered: 0 }]]),
      );
      expect(await queries.getUserSignupCount(eventId, ann.userId)).toBe(1);
      expect(await queries.getUserSignupCount(eventId, gone.userId)).toBe(0);
    });

    it('show a registration with what its user wrote, and how it stands', async () => {
      const { eventId, open, commit, signUp } = bench;
      await open(oneSeat);
      const profile = { displayName: 'Ann', email: 'ann@example.org' };
      const ann = signUp(own('ann'), { notes: 'vegetarian 🌱', specialRequirements: 'a ramp', profile });
      const [bob, cem] = [signUp(own('bob')), signUp(own('cem'))];
      await commit(ann, bob, cem);
      const show = (of: SignUp) => queries.findRegistration(eventId, idOf(of));
      expect(await show(ann)).toEqual({
        registrationId: idOf(ann),
        eventId,
        userId: ann.userId,
        roleId: volunteers,
        status: 'confirmed',
        sequence: 3,
        registrationDate: ann.acceptedAt,
        registeredBy: ann.actor.userId,
        notes: 'vegetarian 🌱',
        specialRequirements: 'a ramp',
        profile,
      });
      expect([await show(bob), await show(cem)]).toMatchObject([
        { status: 'waitlist', sequence: 4 },
        { status: 'waitlist', sequence: 5 },
      ]);
      const leave = cancel(ann);
      await commit(leave);
      expect(await show(ann)).toMatchObject({
        status: 'cancelled',
        cancelledAt: leave.acceptedAt,
        notes: 'vegetarian 🌱',
      });
      expect(await show(bob)).toMatchObject({ status: 'confirmed' });
      const elsewhere = eventIdFor(newCommandId());
      expect(await queries.findRegistration(elsewhere, idOf(ann))).toBeUndefined();
    });

    it('find several registrations of one event together', async () => {
      const { eventId, open, commit, signUp } = bench;
      await open(oneSeat);
      const [ann, bob, cem] = [signUp(own('ann')), signUp(own('bob')), signUp(own('cem'))];
      await commit(ann, bob, cem, cancel(ann));
      const ids = [idOf(cem), idOf(ann), idOf(signUp(own('nobody')))];
      const found = await queries.findRegistrations(eventId, ids);
      const alone = await Promise.all([ann, cem].map((of) => queries.findRegistration(eventId, idOf(of))));
      expect(found).toHaveLength(2);
      expect(found).toEqual(expect.arrayContaining(alone));
      expect(await queries.findRegistrations(eventId, [])).toEqual([]);
      expect(await queries.findRegistrations(eventIdFor(newCommandId()), ids)).toEqual([]);
    });

    it("page a user's registrations, newest first, each once, of all events", async () => {
      const { open, commit, signUp } = bench;
      await open({ roles: [aRole()] });
      const [first, second, third] = [1, 2, 3].map((n) => signUp(own('ann'), { at: 1_000_000_000_000 + n }));
      await commit(first!, cancel(first!), second!, cancel(second!), third!);
      const page = await queries.listRegistrationsOfUser(first!.userId, undefined, 2);
      expect(page.items.map(({ registrationId }) => registrationId)).toEqual([idOf(third!), idOf(second!)]);
      const rest = await queries.listRegistrationsOfUser(first!.userId, page.nextCursor, 2);
      expect(rest.items.map(({ registrationId }) => registrationId)).toEqual([idOf(first!)]);
      expect(rest.nextCursor).toBeUndefined();
      const nobody = await queries.listRegistrationsOfUser(aUserId(own('nobody')), undefined, 2);
      expect(nobody).toEqual({ items: [], nextCursor: undefined });
    });

    it('list drafts to those whose they are, and others to everybody', async () => {
      const { eventId, scribe } = bench;
      await adapter.store.commit(scribe.batch(createEvent({}, { eventId })));
      const organizerId = (await queries.findEvent(eventId))!.settings.organizerId;
      const listed = async (query: Partial<Parameters<EventQueries['listEvents']>[0]>) =>
        (await queries.listEvents({ draftsOf: [], limit: 10_000, ...query })).items.map((view) => view.eventId);
      expect(await listed({ status: 'draft', draftsOf: [organizerId] })).toContain(eventId);
      expect(await listed({ status: 'draft' })).not.toContain(eventId);
      expect(await listed({})).not.toContain(eventId);
      await adapter.store.commit(scribe.batch(openEvent({ eventId })));
      expect(await listed({})).toContain(eventId);
      expect(await listed({ status: 'closed' })).not.toContain(eventId);
    });

    it('give the answers of decided commands, and of no others', async () => {
      const { eventId, scribe, open, commit, signUp } = bench;
      await open(oneSeat);
      const ann = signUp(own('ann'));
      await commit(ann);
      const answers = await queries.findAnswers(eventId, [ann.commandId, newCommandId()]);
      expect(answers).toMatchObject([{ commandId: ann.commandId, version: 3, result: { status: 'confirmed' } }]);
      const other = createScribe(eventIdFor(newCommandId()));
      expect(await queries.findAnswers(other.batch(createEvent({}, {})).eventId, [ann.commandId])).toEqual([]);
      expect(scribe.registrations.size).toBe(1);
    });

    it.each(['', 'x', 'W10'])('refuse the cursor %j that no page gave out', async (cursor) => {
      await expect(queries.listEvents({ draftsOf: [], limit: 2, cursor })).rejects.toThrow(InvalidCursorError);
      await expect(queries.listRegistrationsOfUser(aUserId('ann'), cursor, 2)).rejects.toThrow(InvalidCursorError);
    });
  });
}
