import type { RollcallClient } from '@rollcall/client';
import type { Availability } from '@rollcall/contracts/http';
import { expect, it } from 'vitest';
import { availability, eventId } from './judge/testing-wire.ts';
import { listen } from './listening.ts';

type News = Awaited<ReturnType<RollcallClient['getAvailability']>>;

const found = (value: Availability): News => ({ kind: 'found', value });
const older = found({ ...availability, version: 6 });
const newest = found(availability);
const wrong = found({ ...availability, roles: availability.roles.map((role) => ({ ...role, confirmed: 0 })) });
const refused: News = {
  kind: 'refused',
  status: 403,
  code: 'forbidden',
  problem: { type: '/problems/forbidden', title: 'Forbidden', status: 403 },
};

/** What each stream is sent, in turn; then nothing until somebody ends it. */
async function checked(...streams: readonly (readonly News[])[]) {
  const clientOf = (index: number): Pick<RollcallClient, 'followCounts'> => ({
    async *followCounts(_, { signal } = {}) {
      yield* streams[index] ?? [];
      await new Promise((resolve) => {
        signal?.addEventListener('abort', resolve);
      });
    },
  });
  await using listening = listen(clientOf, [eventId], streams.length);
  const violations = await listening.check(new Map([[eventId, availability]]), 200);
  return { updates: listening.updates, found: violations.map(({ message }) => message) };
}

it('is content with streams that have ended on the final counts', async () => {
  expect(await checked([older, newest], [newest])).toEqual({ updates: 3, found: [] });
});

it('finds those that have not', async () => {
  const { found: messages } = await checked([newest], [older], [], [wrong], [refused]);
  expect(messages).toEqual([
    'stream 2: ended at version 6 of 7',
    'stream 3: never heard anything',
    expect.stringMatching(/^stream 4: ended with volunteers 0 1 0 0 instead of volunteers 1 1 0 0/),
    'stream 5: was refused with 403 forbidden',
  ]);
});
