import { eventIdFor, registrationIdFor, type RoleId, type SignUp } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { aRole, cancel, cancelById, createEvent, openEvent, signUp as signUpFor } from '../spec/commands.ts';
import { aRoleId, aUserId, newCommandId } from '../spec/ids.ts';
import { createScribe } from '../spec/scribe.ts';
import { benchOf, tooManyFacts, volunteers, type StoreBench } from './event-store-bench.ts';
import { anEvent, writerOf } from './event-store-writer.ts';

/** Ids of those in line, first first. */
const line = async (store: StoreBench['store'], eventId: StoreBench['eventId'], role: RoleId, max = 100) =>
  (await store.findStanding({ eventId, roleId: role, standing: 'waitlist', from: 'first', countMax: max })).map(
    ({ registrationId }) => registrationId,
  );
const idOf = ({ commandId }: SignUp) => registrationIdFor(commandId);

/** What is read is what was committed, of this event and no other. */
export function readContract(bench: () => StoreBench): void {
  const fullRole = { roles: [aRole('volunteers', { capacity: 1 })] };

  describe('loadEvent', () => {
    it('finds nothing before the event is created', async () => {
      expect(await bench().store.loadEvent(bench().eventId)).toBeUndefined();
    });
  });

  describe('countRegistrations', () => {
    it('counts who is confirmed and who waits, per role, and nobody else', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open({ roles: [...fullRole.roles, aRole('cooks')] });
      const gone = signUp('gone', { role: 'cooks' });
      await commit(signUp('ann'), signUp('bob'), signUp('cem'), signUp('dan', { role: 'cooks' }), gone);
      await commit(cancel(gone));
      await openAnotherEvent(store);
      expect(await store.countRegistrations(eventId, [volunteers, aRoleId('cooks')])).toEqual(
        new Map([
          [volunteers, { confirmed: 1, waitlist: 2, offered: 0 }],
          [aRoleId('cooks'), { confirmed: 1, waitlist: 0, offered: 0 }],
        ]),
      );
    });
  });

  describe('the journal', () => {
    it('is read from one version to another, both included, in order, each with its commit', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      const opened = await open(fullRole);
      const [ann, bob] = [signUp('ann'), signUp('bob')];
      const second = await commit(ann, bob, signUp('ann'));
      const third = await commit(cancel(ann));
      const steps = await store.readJournal(eventId, 1, 6);
      expect(steps.map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6]);
      const commits = [opened, opened, second, second, second, third].map(({ next }) => next.commitId);
      expect(steps.map(({ commitId }) => commitId)).toEqual(commits);
      const entries = [opened, second, third].flatMap((batch) => batch.entries);
      const decided = entries.map(({ decision }) => (decision.outcome === 'accepted' ? decision.domainEvents : []));
      expect(steps.map(({ domainEvents }) => domainEvents)).toEqual(decided);
      expect(decided[4]).toEqual([]);
      expect((await store.readJournal(eventId, 3, 4)).map(({ version }) => version)).toEqual([3, 4]);
      expect(await store.readJournal(eventId, 7, 9)).toEqual([]);
    });

    it('is given up, and fewer steps answered, when they say more than can be followed', async () => {
      const { store } = bench();
      const writer = writerOf(store);
      await writer.begin(anEvent());
      const { next } = await writer.commit({ further: tooManyFacts() });
      const read = (from: number, to: number) => store.readJournal(writer.eventId, from, to);
      expect(await read(1, next.version - 1)).toHaveLength(next.version - 1);
      expect((await read(1, next.version)).length).toBeLessThan(next.version);
      expect(await read(next.version - 2, next.version)).toHaveLength(3);
    });

    it('is the ledger of what was decided, whatever the outcome', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open(fullRole);
      const [ann, again] = [signUp('ann'), signUp('ann')];
      const { entries } = await commit(ann, again, cancelById(idOf(signUp('nobody')), { eventId }));
      const found = await store.findDecisions(eventId, [...entries.map(({ commandId }) => commandId), newCommandId()]);
      expect(found.toSorted((a, b) => a.version - b.version)).toEqual(entries);
      expect(await store.findDecisions(eventId, [])).toEqual([]);
      expect(await store.findDecisions(eventIdFor(newCommandId()), [ann.commandId])).toEqual([]);
    });

    it('keeps a decision of a command that nobody could read', async () => {
      const { store, eventId, scribe, open, signUp } = bench();
      await open();
      const batch = scribe.batch(signUp('ann', { role: 'nobody-knows' }));
      const [entry] = batch.entries;
      const unreadable = { ...entry!, bodyHash: '', commandType: 'unknown', actor: undefined } as const;
      const refused = {
        ...unreadable,
        decision: { outcome: 'rejected', rejection: { reason: 'unprocessable' } },
      } as const;
      expect(await store.commit({ ...batch, entries: [refused] })).toBe('committed');
      expect(await store.findDecisions(eventId, [refused.commandId])).toEqual([refused]);
    });
  });

  describe('findRegistrations', () => {
    it('finds the active ones of the users, and the named ones whatever their status, each once', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open(fullRole);
      const [gone, ann, bob, cem] = [signUp('ann'), signUp('ann'), signUp('bob'), signUp('cem')];
      await commit(gone, cancel(gone), ann, bob, cem);
      await openAnotherEvent(store);
      const found = async (users: readonly string[], named: readonly SignUp[]) =>
        (await store.findRegistrations(eventId, users.map(aUserId), named.map(idOf)))
          .map(({ registrationId, status, sequence }) => [registrationId, status, sequence])
          .toSorted();
      const annNow = [idOf(ann), 'confirmed', 5];
      const bobNow = [idOf(bob), 'waitlist', 6];
      expect(await found(['ann', 'bob', 'nobody'], [])).toEqual([annNow, bobNow].toSorted());
      expect(await found([], [gone])).toEqual([[idOf(gone), 'cancelled', 3]]);
      expect(await found(['ann'], [ann, gone])).toEqual([annNow, [idOf(gone), 'cancelled', 3]].toSorted());
      expect(await found([], [])).toEqual([]);
    });

    it('gives exactly what the rules know of a registration', async () => {
      const { store, eventId, scribe, open, commit, signUp } = bench();
      await open();
      const ann = signUp('ann', { notes: 'vegan', specialRequirements: 'ramp', profile: { displayName: 'Ann' } });
      await commit(ann);
      const found = await store.findRegistrations(eventId, [ann.userId], []);
      expect(found).toStrictEqual([scribe.registrations.get(idOf(ann))]);
    });
  });

  describe('questions about several events at once', () => {
    it('are each answered for their own event, in any number', async () => {
      const { store } = bench();
      const opened = Array.from({ length: 30 }, () => benchOf(store));
      const signups = await Promise.all(
        opened.map(async ({ open, commit, signUp }) => {
          await open();
          return commit(signUp('ann'), signUp('bob'), signUp('ann'));
        }),
      );
      const all = opened.map(({ eventId }, index) => ({ eventId, entries: signups[index]?.entries ?? [] }));
      const [beginnings, journals, decisions, found] = await Promise.all([
        Promise.all(all.map(({ eventId }) => store.readJournal(eventId, 1, 3))),
        Promise.all(all.map(({ eventId }) => store.readJournal(eventId, 3, 4))),
        Promise.all(all.map(({ eventId, entries }) => store.findDecisions(eventId, [entries[1]!.commandId]))),
        Promise.all(all.map(({ eventId }) => store.findRegistrations(eventId, [aUserId('bob')], []))),
      ]);
      const asked = all.map(({ entries }) => entries[1]!);
      expect(beginnings.map((steps) => steps.map(({ version }) => version))).toEqual(all.map(() => [1, 2, 3]));
      expect(journals.map((steps) => steps.map(({ version }) => version))).toEqual(all.map(() => [3, 4]));
      expect(journals.map((steps) => steps[1]?.domainEvents)).toEqual(
        asked.map(({ decision }) => decision.outcome === 'accepted' && decision.domainEvents),
      );
      expect(decisions).toEqual(asked.map((entry) => [entry]));
      expect(found.map((held) => held.map(({ registrationId }) => registrationId))).toEqual(
        asked.map(({ commandId }) => [registrationIdFor(commandId)]),
      );
    });
  });

  describe('a line', () => {
    it('is read from its head in order of sequence, of one role, at most as many as asked', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open({ roles: [...fullRole.roles, aRole('cooks', { capacity: 0 })] });
      const users = Array.from({ length: 12 }, (_, n) => signUp(`user-${n}`));
      await commit(signUp('seated'), signUp('cook', { role: 'cooks' }), ...users);
      expect(await line(store, eventId, volunteers)).toEqual(users.map(idOf));
      expect(await line(store, eventId, volunteers, 3)).toEqual(users.slice(0, 3).map(idOf));
      expect(await line(store, eventId, aRoleId('cooks'))).toHaveLength(1);
      expect(await line(store, eventId, aRoleId('nobody-knows'))).toEqual([]);
    });

    it('closes up when somebody leaves or is promoted, and places follow it', async () => {
      const { store, eventId, open, commit, signUp } = bench();
      await open(fullRole);
      const [seated, ann, bob, cem, dan] = ['seated', 'ann', 'bob', 'cem', 'dan'].map((user) => signUp(user));
      await commit(seated!, ann!, bob!, cem!, dan!);
      const sequences = [3, 4, 5, 6, 7];
      expect(await store.findPlaces(eventId, volunteers, sequences)).toEqual(
        new Map([
          [4, 1],
          [5, 2],
          [6, 3],
          [7, 4],
        ]),
      );
      await commit(cancel(bob!), cancel(seated!));
      expect(await line(store, eventId, volunteers)).toEqual([cem!, dan!].map(idOf));
      expect(await store.findPlaces(eventId, volunteers, sequences)).toEqual(
        new Map([
          [6, 1],
          [7, 2],
        ]),
      );
      expect(await store.findPlaces(eventId, volunteers, [7, 99])).toEqual(new Map([[7, 2]]));
      expect(await store.findPlaces(eventId, volunteers, [])).toEqual(new Map());
    });
  });
}

/** The same users and role somewhere else: nothing of it may show. */
async function openAnotherEvent(store: StoreBench['store']): Promise<void> {
  const eventId = eventIdFor(newCommandId());
  const signedUp = signUpFor('ann', { eventId });
  const batch = createScribe(eventId).batch(createEvent({}, { eventId }), openEvent({ eventId }), signedUp);
  expect(await store.commit(batch)).toBe('committed');
}
