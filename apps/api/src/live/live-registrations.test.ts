import type { CommitId, DomainEvent, RegistrationId, RoleId, UserId } from '@rollcall/domain';
import type { JournalStep, RegistrationView } from '@rollcall/engine';
import { expect, it } from 'vitest';
import { createPlaces } from '../waitlists/places.ts';
import { aRegistration, eventIdOf, registrationIdOf, roleId } from '../testing/fakes.ts';
import { listenAt } from '../testing/listeners.ts';
import { createLiveRegistrations } from './live-registrations.ts';

const eventId = eventIdOf('open');
const [one, two, three] = ['one', 'two', 'three'] as const;
const waiting = (name: string, sequence: number, other: Partial<RegistrationView> = {}) =>
  aRegistration(name, { status: 'waitlist', sequence, ...other });
const about = (name: string, sequence: number) => ({
  registrationId: registrationIdOf(name),
  userId: 'alice' as UserId,
  roleId,
  sequence,
});
const left = (name: string, sequence: number): DomainEvent => ({
  type: 'RegistrationCancelled',
  ...about(name, sequence),
  previousStanding: 'waitlist',
  cause: 'user',
});
const updated = (name: string, sequence: number): DomainEvent => ({
  type: 'RegistrationUpdated',
  ...about(name, sequence),
  fields: ['notes'],
});

/** Registrations of one event in a store whose journal a test writes. Nothing is sent until it says so. */
function liveRegistrations(...views: RegistrationView[]) {
  const store = new Map(views.map((view) => [view.registrationId, view]));
  const journal: JournalStep[] = [{ version: 1, commitId: 'c-1' as CommitId, domainEvents: [] }];
  const read: RegistrationId[][] = [];
  const asked: number[] = [];
  const world = { meanwhile: () => {} };
  let news = 0;
  const registrations = createLiveRegistrations({
    queries: {
      async readHead() {
        const head = journal.at(-1);
        world.meanwhile();
        return head;
      },
      readSteps: async (_eventId, from, to) => journal.filter(({ version }) => version >= from && version <= to),
      async findRegistrations(_eventId, ids) {
        read.push([...ids]);
        return ids.flatMap((id) => store.get(id) ?? []);
      },
    },
    places: createPlaces({
      lines: {
        async placeOf(_eventId, _roleId: RoleId, sequence) {
          asked.push(sequence);
          const line = [...store.values()].filter(({ status, offer }) => status === 'waitlist' && offer === undefined);
          const place = line
            .map((view) => view.sequence)
            .toSorted((a, b) => a - b)
            .indexOf(sequence);
          return place < 0 ? undefined : place + 1;
        },
      },
      findRegistration: async (_eventId, id) => store.get(id),
    }),
    onNews: () => (news += 1),
  });
  return {
    registrations,
    /** What happens while the head is on its way. */
    world,
    read,
    asked,
    news: () => news,
    enter: (name: string, lastEventId?: string) => registrations.enter(eventId, registrationIdOf(name), lastEventId),
    /** One decision, and what the registrations are after it. */
    decide(domainEvents: DomainEvent[], ...changed: RegistrationView[]) {
      for (const view of changed) store.set(view.registrationId, view);
      const version = (journal.at(-1)?.version ?? 0) + 1;
      journal.push({ version, commitId: `c-${version}` as CommitId, domainEvents });
      registrations.hear(eventId);
      read.length = asked.length = 0;
    },
    /** The database is set back, and comes to a version another way. */
    restore(version: number, ...changed: RegistrationView[]) {
      for (const view of changed) store.set(view.registrationId, view);
      journal.length = 0;
      journal.push({ version, commitId: `other-${version}` as CommitId, domainEvents: [] });
    },
    erase: (name: string) => store.delete(registrationIdOf(name)),
    send: () => registrations.send(eventId),
  };
}

it('shows who comes their registration with its place, and what becomes of it', async () => {
  const { enter, decide, send } = liveRegistrations(waiting(one, 3), waiting(two, 4));
  const listener = listenAt(await enter(two));
  expect(listener.got).toMatchObject([{ registrationId: registrationIdOf(two), waitlistPosition: 2 }]);
  expect(listener.ids).toEqual([expect.stringMatching(/^1-c-1-/)]);
  decide([left(one, 3)], aRegistration(one, { status: 'cancelled', sequence: 3 }));
  expect(await send()).toBe(1);
  decide(
    [{ type: 'RegistrationOffered', ...about(two, 4), expiresAt: 5 }],
    waiting(two, 4, { offer: { expiresAt: 5 } }),
  );
  await send();
  decide([{ type: 'RegistrationPromoted', ...about(two, 4), previousStanding: 'offered' }], aRegistration(two));
  await send();
  decide([left(two, 4)], aRegistration(two, { status: 'cancelled' }));
  await send();
  expect(listener.got.slice(1)).toMatchObject([
    { status: 'waitlist', waitlistPosition: 1 },
    { status: 'waitlist', offer: { expiresAt: '1970-01-01T00:00:00.005Z' } },
    { status: 'confirmed' },
    { status: 'cancelled' },
  ]);
  expect(listener.ids.at(-1)).toMatch(/^5-c-5-/);
  expect(listener.ended).toBeUndefined();
});

it('reads again only whom a decision names, and asks for places only behind who left', async () => {
  const { enter, decide, send, read, asked } = liveRegistrations(
    waiting(one, 3),
    waiting(two, 5),
    waiting(three, 7),
    waiting('four', 9),
  );
  const listeners = [listenAt(await enter(one)), listenAt(await enter(two)), listenAt(await enter('four'))];
  decide([left(three, 7)], aRegistration(three, { status: 'cancelled', sequence: 7 }));
  expect(await send()).toBe(1);
  expect(read).toEqual([]);
  expect(asked).toEqual([9]);
  expect(listeners.map(({ got }) => got.length)).toEqual([1, 1, 2]);
  decide([updated(two, 5)], waiting(two, 5, { notes: 'vegetarian' }));
  expect(await send()).toBe(1);
  expect(read).toEqual([[registrationIdOf(two)]]);
  expect(asked).toEqual([5]);
});

it('costs nobody anything when somebody joins the end of the line', async () => {
  const { enter, decide, send, read, asked } = liveRegistrations(waiting(one, 3));
  listenAt(await enter(one));
  const joined = waiting(two, 8);
  decide(
    [
      {
        type: 'RegistrationWaitlisted',
        ...about(two, 8),
        waitlistPosition: 2,
        because: { reason: 'role-full' } as never,
      },
    ],
    joined,
  );
  expect(await send()).toBe(0);
  expect([read, asked]).toEqual([[], []]);
});

it('sends nothing that a client has', async () => {
  const { enter, decide, send } = liveRegistrations(waiting(one, 3));
  const listener = listenAt(await enter(one));
  decide([updated(one, 3)], waiting(one, 3));
  expect(await send()).toBe(0);
  expect(await send()).toBe(0);
  expect(listener.got).toHaveLength(1);
});

it('serves all who listen to one registration, and tells who has its state that it is up to date', async () => {
  const { enter, decide, send } = liveRegistrations(waiting(one, 3));
  const first = listenAt(await enter(one));
  const back = listenAt(await enter(one, first.ids[0]));
  const forged = listenAt(await enter(one, '99-c-99'));
  expect([first, back, forged].map(({ got }) => got.length)).toEqual([1, 0, 1]);
  expect(back.isUpToDate).toBe(true);
  decide([updated(one, 3)], waiting(one, 3, { notes: 'n' }));
  expect(await send()).toBe(3);
  expect(back.got).toMatchObject([{ notes: 'n' }]);
});

it('shows a client that comes back what was decided while the head was read', async () => {
  const { enter, decide, world } = liveRegistrations(waiting(one, 3));
  const seat = await enter(one);
  const [id] = listenAt(seat).ids;
  seat?.leave();
  world.meanwhile = () => {
    world.meanwhile = () => {};
    decide([updated(one, 3)], waiting(one, 3, { notes: 'n' }));
  };
  const back = listenAt(await enter(one, id));
  expect(back.isUpToDate).toBe(false);
  expect(back.got).toMatchObject([{ notes: 'n' }]);
});

it('shows the newest to who comes late, and the others when it is their turn', async () => {
  const { enter, decide, send, news } = liveRegistrations(waiting(one, 3), waiting(two, 4));
  const early = listenAt(await enter(two));
  expect(news()).toBe(0);
  decide([left(one, 3)], aRegistration(one, { status: 'cancelled', sequence: 3 }));
  const late = listenAt(await enter(two));
  expect(late.got).toMatchObject([{ waitlistPosition: 1 }]);
  expect(early.got).toHaveLength(1);
  expect(news()).toBe(2);
  await send();
  expect(early.got.slice(1)).toMatchObject([{ waitlistPosition: 1 }]);
  expect(late.got.length).toBeLessThanOrEqual(2);
});

it.each([1, 9])('reads all again when the database was set back to version %i', async (version) => {
  const { enter, decide, send, restore } = liveRegistrations(waiting(one, 3), waiting(two, 4));
  const listener = listenAt(await enter(two));
  decide([updated(two, 4)], waiting(two, 4, { notes: 'n' }));
  await send();
  restore(version, waiting(two, 4));
  expect(await send()).toBe(1);
  expect(listener.got.map(({ notes }) => notes)).toEqual([undefined, 'n', undefined]);
});

it('keeps and sends nothing of a user who has been erased', async () => {
  const { enter, decide, send } = liveRegistrations(waiting(one, 3, { notes: 'vegetarian' }));
  const early = listenAt(await enter(one));
  const erasedAs = 'erased' as UserId;
  const registrationIds = [registrationIdOf(one)];
  decide(
    [{ type: 'UserErased', erasedAs, registrationIds, acts: 0, left: false }],
    waiting(one, 3, { userId: erasedAs }),
  );
  const late = listenAt(await enter(one));
  await send();
  for (const document of [early.got[1], late.got[0]]) {
    expect(document).toMatchObject({ userId: erasedAs });
    expect(document).not.toHaveProperty('notes');
  }
});

it('ends the streams of a registration that is no more', async () => {
  const { enter, decide, send, erase } = liveRegistrations(waiting(one, 3));
  const seat = await enter(one);
  const listener = listenAt(seat);
  erase(one);
  decide([updated(one, 3)]);
  await send();
  expect(listener.ended).toBe('gone');
});

it('knows of no registration that is not there, and forgets those that nobody listens to', async () => {
  const { registrations, enter, decide, news } = liveRegistrations(waiting(one, 3));
  expect(await enter(two)).toBeUndefined();
  expect(registrations.size).toBe(0);
  const seat = await enter(one);
  expect(registrations.size).toBe(1);
  registrations.check();
  expect(news()).toBe(1);
  seat?.leave();
  expect(registrations.size).toBe(0);
  decide([updated(one, 3)]);
  registrations.check();
  expect(news()).toBe(1);
});
