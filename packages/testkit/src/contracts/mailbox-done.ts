import { eventIdFor, registrationIdFor, type Answer } from '@rollcall/domain';
import type { NewCommand } from '@rollcall/engine';
import { describe, expect, it, vi } from 'vitest';
import { aCommitId, aRoleId, aUserId, newCommandId } from '../spec/ids.ts';
import type { MailboxBench } from './mailbox-bench.ts';

/** What leaves the mailbox, and which mailboxes count as dirty. */
export function doneContract(bench: () => MailboxBench): void {
  describe('done', () => {
    it('removes exactly what was read and says how many are left', async () => {
      const { mailbox, eventId, append, read, commandIds } = bench();
      const [ann, , cem] = await append('ann', 'bob', 'cem');
      const entries = await read(3);
      expect(await mailbox.done(eventId, [entries[1]!.entryId], undefined)).toBe(2);
      expect(await commandIds()).toEqual([ann!.commandId, cem!.commandId]);
    });

    it('leaves what came after the read', async () => {
      const { mailbox, eventId, append, read, commandIds } = bench();
      await append('ann');
      const entries = await read();
      const [bob] = await append('bob');
      expect(
        await mailbox.done(
          eventId,
          entries.map(({ entryId }) => entryId),
          undefined,
        ),
      ).toBe(1);
      expect(await commandIds()).toEqual([bob!.commandId]);
      expect(await mailbox.dirtyEvents()).toContain(eventId);
    });

    it('does no harm twice', async () => {
      const { mailbox, eventId, append, read } = bench();
      await append('ann', 'bob');
      const ids = (await read(1)).map(({ entryId }) => entryId);
      expect(await mailbox.done(eventId, ids, undefined)).toBe(1);
      expect(await mailbox.done(eventId, ids, undefined)).toBe(1);
    });

    it('with no entries only looks, and clears the mark of an empty mailbox', async () => {
      const { adapter, mailbox, eventId, append, finish } = bench();
      await append('ann');
      expect(await mailbox.done(eventId, [], undefined)).toBe(1);
      await finish(1);
      await adapter.plantDirty(eventId);
      expect(await mailbox.done(eventId, [], undefined)).toBe(0);
      expect(await mailbox.dirtyEvents()).not.toContain(eventId);
    });

    it('publishes the answers', async () => {
      const { adapter, eventId, append, finish } = bench();
      const [ann] = await append('ann');
      const answer = answerTo(ann!);
      const seats = { capacity: 2, confirmed: 1, waitlist: 0, offered: 0, available: 1 };
      const roles = new Map([[aRoleId('volunteers'), seats]]);
      const counts = { eventId, version: 3, commitId: aCommitId('one'), roles };
      expect(await finish(1, { answers: [answer], counts })).toBe(0);
      await vi.waitFor(() => expect(adapter.answersHeard()).toContainEqual(answer));
    });
  });

  describe('dirty marks', () => {
    it('mark a mailbox while it holds something, and no longer', async () => {
      const { mailbox, eventId, append, finish } = bench();
      expect(await mailbox.dirtyEvents()).not.toContain(eventId);
      await append('ann', 'bob');
      expect(await mailbox.dirtyEvents()).toContain(eventId);
      await finish(1);
      expect(await mailbox.dirtyEvents()).toContain(eventId);
      await finish(1);
      expect(await mailbox.dirtyEvents()).not.toContain(eventId);
    });

    it('are cleared of an empty mailbox by check, which leaves others alone', async () => {
      const { adapter, mailbox, eventId, aCommand } = bench();
      const other = eventIdFor(newCommandId());
      await mailbox.append(aCommand('cem', other));
      await adapter.plantDirty(eventId);
      expect(await mailbox.dirtyEvents()).toEqual(expect.arrayContaining([eventId, other]));
      expect(await mailbox.check(eventId)).toBeUndefined();
      expect(await mailbox.dirtyEvents()).toContain(other);
      expect(await mailbox.dirtyEvents()).not.toContain(eventId);
    });

    it('stay when check finds something: the head, since when, and how deep', async () => {
      const { mailbox, eventId, append, read, finish } = bench();
      await append('ann', 'bob');
      const [first, second] = await read();
      const acceptedAt = first?.kind === 'command' ? first.command.acceptedAt : undefined;
      expect(await mailbox.check(eventId)).toEqual({ entryId: first!.entryId, acceptedAt, depth: 2 });
      expect(await mailbox.dirtyEvents()).toContain(eventId);
      await finish(1);
      expect(await mailbox.check(eventId)).toMatchObject({ entryId: second!.entryId, depth: 1 });
    });

    it('are seen to one by one when many mailboxes are checked at once', async () => {
      const { adapter, mailbox, aCommand } = bench();
      const events = Array.from({ length: 300 }, () => eventIdFor(newCommandId()));
      const isEmpty = (index: number) => index % 3 === 0;
      await Promise.all(
        events.map((eventId, index) =>
          isEmpty(index) ? adapter.plantDirty(eventId) : mailbox.append(aCommand(`user-${index}`, eventId)),
        ),
      );
      const heads = await Promise.all(events.map((eventId) => mailbox.check(eventId)));
      const entryIds = await Promise.all(
        events.map(async (eventId) => (await mailbox.readHead(eventId, 1))[0]?.entryId),
      );
      expect(heads.map((head) => head?.entryId)).toEqual(entryIds);
      expect(heads.map((head) => head?.depth)).toEqual(events.map((_, index) => (isEmpty(index) ? undefined : 1)));
      const dirty = new Set(await mailbox.dirtyEvents());
      expect(events.map((eventId) => dirty.has(eventId))).toEqual(events.map((_, index) => !isEmpty(index)));
    });
  });
}

function answerTo({ commandId, eventId, bodyHash }: NewCommand): Answer {
  const userId = aUserId('ann');
  const registrationId = registrationIdFor(commandId);
  const result = {
    kind: 'registered',
    registrationId,
    userId,
    roleId: aRoleId('volunteers'),
    status: 'confirmed',
  } as const;
  return { eventId, version: 3, commandId, bodyHash, actorId: userId, result };
}
