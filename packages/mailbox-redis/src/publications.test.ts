import { encodePublication } from '@rollcall/contracts/storage';
import { commandIdFromToken, eventIdFor, type CommitId, type EventCounts } from '@rollcall/domain';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { subscribeToPublications, type ReceivedPublication } from './publications.ts';
import { redisKinds, testRedis } from './testing.ts';

const eventId = eventIdFor(commandIdFromToken('publications'.padEnd(22, '0')));
const counts: EventCounts = { eventId, version: 7, commitId: 'commit' as CommitId, roles: new Map() };

describe.each(redisKinds)('on $kind', ({ url }) => {
  const server = testRedis(url);
  afterAll(() => server.close());

  it('says so each time it follows again after its connection was lost, and hears what is published then', async () => {
    const subscriber = await server.connect('subscriber');
    const publisher = await server.connect('commands');
    const heard: ReceivedPublication[] = [];
    const onFollowing = vi.fn<() => void>();
    const errors: unknown[] = [];
    await using _following = await subscribeToPublications({
      redis: subscriber,
      keyspace: server.keyspace,
      isWanted: () => true,
      onPublication: (publication) => heard.push(publication),
      onFollowing,
      onError: (error) => errors.push(error),
    });
    expect(onFollowing).toHaveBeenCalledTimes(1);
    subscriber.disconnect(true);
    await vi.waitFor(() => expect(onFollowing).toHaveBeenCalledTimes(2), 10_000);
    await publisher.publish(server.keyspace.publications, encodePublication(eventId, { answers: [], counts }));
    await vi.waitFor(() => expect(heard).toEqual([{ eventId, answers: [], counts }]), 10_000);
    expect(errors).toEqual([]);
  });
});
