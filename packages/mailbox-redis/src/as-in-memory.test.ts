import { eventIdFor, type CommandId, type EventId } from '@rollcall/domain';
import type { Mailbox, MailboxEntry, MailboxIntake } from '@rollcall/engine';
import { createDice, createInMemoryMailbox, newCommandId, newCommandOf, signUp, type Dice } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { createMailboxIntake } from './intake.ts';
import { createMailbox } from './mailbox.ts';
import { redisKinds, testRedis } from './testing.ts';

const depthMax = 6;
const turns = 250;

/** One side, with the entries that it has shown last: each has ids of its own for them. */
interface Side {
  readonly mailbox: Mailbox & MailboxIntake;
  readonly seen: Map<EventId, readonly MailboxEntry[]>;
}

/** The mailbox in memory is what simulation believes in, so it must do what the scripts in Redis do. */
describe.each(redisKinds)('mailboxes on $kind and in memory', ({ url }) => {
  it.each([1, 2, 3, 4])('do the same in random turns (seed %d)', async (seed) => {
    const server = testRedis(url);
    const { keyspace } = server;
    const redis = await server.connect('commands');
    const intake = { receiptTtlMs: 60_000, unkeyedReceiptTtlMs: 60_000, depthMax, isNearMemoryLimit: () => false };
    const sides: readonly Side[] = [
      {
        mailbox: {
          ...createMailboxIntake({ redis, keyspace, ...intake }),
          ...createMailbox({ redis, keyspace, deadLettersMax: 100, onUnread: () => undefined }),
        },
        seen: new Map(),
      },
      { mailbox: createInMemoryMailbox({ now: Date.now, depthMax }), seen: new Map() },
    ];
    const dice = createDice(seed);
    const eventIds = [eventIdFor(newCommandId()), eventIdFor(newCommandId())];
    // The id of a command follows from its event, among others.
    const commandIds = new Map(eventIds.map((eventId) => [eventId, Array.from({ length: 8 }, () => newCommandId())]));
    for (let turn = 0; turn < turns; turn += 1) {
      const eventId = dice.pick(eventIds);
      const act = someAct(dice, eventId, dice.pick(commandIds.get(eventId) ?? []));
      const [one, other] = await Promise.all(sides.map(act));
      expect(one).toEqual(other);
    }
    server.close();
  });
});

/** What it comes to, without what each side makes up. */
function someAct(dice: Dice, eventId: EventId, commandId: CommandId): (side: Side) => Promise<unknown> {
  const [throwOf, count] = [dice.below(100), 1 + dice.below(4)];
  if (throwOf < 40) {
    const command = newCommandOf(signUp('ann', { eventId, commandId }));
    return ({ mailbox }) => mailbox.append(command);
  }
  if (throwOf < 60) {
    return async ({ mailbox, seen }) => {
      const entries = await mailbox.readHead(eventId, count);
      seen.set(eventId, entries);
      return entries.map((entry) => (entry.kind === 'dead' ? entry.kind : [entry.kind, idOf(entry)]));
    };
  }
  if (throwOf < 80) {
    return async ({ mailbox, seen }) => {
      const entries = (seen.get(eventId) ?? []).slice(0, count);
      return mailbox.done(
        eventId,
        entries.map(({ entryId }) => entryId),
        undefined,
      );
    };
  }
  if (throwOf < 88) return ({ mailbox }) => mailbox.findPending(eventId, commandId);
  if (throwOf < 92) return ({ mailbox }) => mailbox.forget(eventId, commandId);
  if (throwOf < 96) return async ({ mailbox }) => (await mailbox.dirtyEvents()).toSorted();
  return async ({ mailbox }) => (await mailbox.check(eventId))?.depth;
}

const idOf = (entry: Exclude<MailboxEntry, { kind: 'dead' }>): CommandId =>
  entry.kind === 'command' ? entry.command.commandId : entry.commandId;
