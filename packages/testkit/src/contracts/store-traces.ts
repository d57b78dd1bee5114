import { eventIdFor, type Command } from '@rollcall/domain';
import type { EventStore, StoreTraces } from '@rollcall/engine';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cancel, changeRole, createEvent, openEvent, signUp } from '../spec/commands.ts';
import { aUserId, newCommandId } from '../spec/ids.ts';
import { importEvent, importRegistration } from '../spec/import-commands.ts';
import { createScribe } from '../spec/scribe.ts';

export interface StoreTracesUnderTest {
  readonly store: EventStore;
  readonly traces: StoreTraces;
  close(): Promise<void>;
}

/** Where a user is named, of all events. A server may be shared: each test has users of its own. */
export function storeTracesContract(name: string, makeAdapter: () => Promise<StoreTracesUnderTest>): void {
  describe(`store traces: ${name}`, () => {
    let adapter: StoreTracesUnderTest;
    beforeEach(async () => {
      adapter = await makeAdapter();
    });
    afterEach(() => adapter.close());

    /** An event of this staff, with these signups; Olga's hand is in none of it. */
    async function anEvent(staff: string, ...users: readonly string[]) {
      const commandId = newCommandId();
      const eventId = eventIdFor(commandId);
      const scribe = createScribe(eventId);
      const by = { eventId, by: staff };
      const commit = async (...commands: readonly Command[]) =>
        expect(await adapter.store.commit(scribe.batch(...commands))).toBe('committed');
      const signUps = users.map((user) => signUp(user, { eventId }));
      await commit(createEvent({}, { ...by, commandId }), openEvent(by), ...signUps);
      return { eventId, signUps, by, commit };
    }

    const userOf = () => `user-${newCommandId()}`;
    const found = async (user: string, signal?: AbortSignal) =>
      (await adapter.traces.findEventsOf(aUserId(user), signal)).toSorted();

    it('are found by registrations, of those who cancelled too', async () => {
      const [user, staff] = [userOf(), userOf()];
      const one = await anEvent(staff, user, userOf());
      const two = await anEvent(staff, user);
      const [own] = two.signUps;
      if (own !== undefined) await two.commit(cancel(own));
      await anEvent(staff, userOf());
      expect(await found(user)).toEqual([one.eventId, two.eventId].toSorted());
      expect(await found(userOf())).toEqual([]);
    });

    it('are found by what somebody asked for', async () => {
      const [user, staff] = [userOf(), userOf()];
      const { eventId } = await anEvent(staff, userOf());
      const refused = await anEvent(userOf());
      await refused.commit(signUp(user, { eventId: refused.eventId, role: 'nowhere' }));
      expect(await found(staff)).toEqual([eventId]);
      expect(await found(user)).toEqual([refused.eventId]);
    });

    it.each(['$', '$$', '$actor.userId', '$$ROOT', '.*', `"'\\`])(
      'are found by an id that could mean something: %s',
      async (odd) => {
        const user = `${odd}${newCommandId()}`;
        for (const named of [user, odd]) {
          const { eventId, commit } = await anEvent(userOf());
          await commit(signUp(named, { eventId, role: 'nowhere' }));
          await anEvent(userOf(), userOf());
          expect(await found(named)).toContain(eventId);
        }
        expect(await found(user)).toHaveLength(1);
      },
    );

    it('are found by whom a dry run would have affected, at an event where others were as well', async () => {
      const [user, staff] = [userOf(), userOf()];
      const { eventId, by, commit } = await anEvent(staff, userOf(), user);
      await commit(changeRole('volunteers', { capacity: 0 }, { ...by, ifOver: 'demote', dryRun: true }));
      expect(await found(user)).toEqual([eventId]);
    });

    it('are found by what somebody did in the system before', async () => {
      const [user, other] = [userOf(), userOf()];
      for (const acted of [
        { registeredBy: aUserId(user) },
        { history: [{ action: 'created' }, { action: 'approved', performedBy: aUserId(user) }] },
      ]) {
        const eventId = eventIdFor(newCommandId());
        const commands = [importEvent({}, { eventId }), importRegistration(other, { eventId, ...acted })];
        const before = await found(user);
        expect(await adapter.store.commit(createScribe(eventId).batch(...commands))).toBe('committed');
        expect(await found(user)).toEqual([...before, eventId].toSorted());
      }
    });

    it('are not looked for any more when nobody wants to know', async () => {
      const staff = userOf();
      await anEvent(staff);
      expect(await found(staff, AbortSignal.abort())).toEqual([]);
    });
  });
}
