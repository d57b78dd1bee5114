import { eventIdFor, type Registration } from '@rollcall/domain';
import { InvalidCursorError, type EventQueries, type ParticipantsQuery, type RegistrationView } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import { aRole } from '../spec/commands.ts';
import { aRoleId, newCommandId } from '../spec/ids.ts';
import type { QueriesBench } from './event-queries-bench.ts';
import { volunteers } from './event-store-bench.ts';
import { anEvent, gone, seated, waiting, writerOf, type Writer } from './event-store-writer.ts';

const cooks = aRoleId('cooks');
const idsOf = (views: readonly RegistrationView[]) => views.map(({ registrationId }) => registrationId);

async function pagesOf(queries: EventQueries, query: ParticipantsQuery, limit: number): Promise<RegistrationView[][]> {
  const pages: RegistrationView[][] = [];
  let cursor: string | undefined;
  do {
    const page = await queries.listParticipants(query, cursor, limit);
    pages.push([...page.items]);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
}

async function streamed(queries: EventQueries, query: ParticipantsQuery): Promise<RegistrationView[]> {
  const views: RegistrationView[] = [];
  for await (const view of queries.streamParticipants(query)) views.push(view);
  return views;
}

/** Everybody of an event, by role, status and sequence, in pages or as a stream. */
export function participantsContract(bench: () => QueriesBench): void {
  /** In the order in which they are to be listed. */
  const everybodyNew = (): readonly Registration[] => [
    gone(seated('cook-1', 8, { role: 'cooks' })),
    seated('cook-2', 3, { role: 'cooks' }),
    seated('cook-3', 7, { role: 'cooks' }),
    waiting('cook-4', 2, { role: 'cooks', offer: { expiresAt: 9 } }),
    waiting('cook-5', 11, { role: 'cooks' }),
    gone(seated('ann', 9)),
    gone(seated('bob', 12)),
    seated('bob', 13),
    waiting('cem', 4),
    waiting('dan', 5, { offer: { expiresAt: 9 } }),
    waiting('eve', 6),
  ];

  async function begin(): Promise<Writer & { readonly everybody: readonly Registration[] }> {
    const { store } = bench();
    const everybody = everybodyNew();
    const shuffled = everybody.toSorted((a, b) => (a.registrationId < b.registrationId ? 1 : -1));
    await writerOf(store).begin(anEvent(), seated('x', 1), waiting('y', 2));
    const writer = writerOf(store);
    await writer.begin(anEvent({ roles: [aRole(), aRole('cooks')] }), ...shuffled);
    return { ...writer, everybody };
  }

  const filters: readonly Omit<ParticipantsQuery, 'eventId'>[] = [
    {},
    { roleId: cooks },
    { roleId: volunteers },
    { status: 'cancelled' },
    { status: 'confirmed' },
    { status: 'waitlist' },
    { roleId: cooks, status: 'waitlist' },
    { roleId: volunteers, status: 'cancelled' },
    { roleId: aRoleId('nobody-knows') },
  ];

  describe('participants', () => {
    it.each(filters)('are paged and streamed in order, each once: %o', async (filter) => {
      const { queries } = bench();
      const { eventId, everybody } = await begin();
      const query = { eventId, ...filter };
      const expected = everybody
        .filter(({ roleId }) => filter.roleId === undefined || roleId === filter.roleId)
        .filter(({ status }) => filter.status === undefined || status === filter.status)
        .map(({ registrationId }) => registrationId);
      expect(idsOf(await streamed(queries, query))).toEqual(expected);
      for (const limit of [1, 2, 3, 100]) {
        const pages = await pagesOf(queries, query, limit);
        expect(idsOf(pages.flat())).toEqual(expected);
        expect(pages).toHaveLength(Math.max(1, Math.ceil(expected.length / limit)));
        for (const page of pages.slice(0, -1)) expect(page).toHaveLength(limit);
      }
    });

    it('are shown as one by one', async () => {
      const { queries } = bench();
      const { eventId } = await begin();
      const { items } = await queries.listParticipants({ eventId }, undefined, 100);
      expect(await streamed(queries, { eventId })).toStrictEqual(items);
      for (const view of items) {
        expect(view).toStrictEqual(await queries.findRegistration(eventId, view.registrationId));
      }
    });

    it('of an event that is not there are none', async () => {
      const { queries } = bench();
      const eventId = eventIdFor(newCommandId());
      expect(await queries.listParticipants({ eventId }, undefined, 5)).toEqual({ items: [], nextCursor: undefined });
      expect(await streamed(queries, { eventId })).toEqual([]);
    });

    it('may be left in the middle of the stream', async () => {
      const { queries } = bench();
      const { eventId, everybody } = await begin();
      let seen = 0;
      for await (const _view of queries.streamParticipants({ eventId })) {
        seen += 1;
        if (seen === 2) break;
      }
      expect(seen).toBe(2);
      expect(await streamed(queries, { eventId })).toHaveLength(everybody.length);
    });

    it.each(['', 'x', 'W10', Buffer.from('["a","b",3]').toString('base64url')])(
      'refuse the cursor %j that no page gave out',
      async (cursor) => {
        const { queries } = bench();
        const query = { eventId: eventIdFor(newCommandId()) };
        await expect(queries.listParticipants(query, cursor, 2)).rejects.toThrow(InvalidCursorError);
      },
    );
  });
}
