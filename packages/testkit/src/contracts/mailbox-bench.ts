import { eventIdFor, type Answer, type CommandId, type EventId } from '@rollcall/domain';
import type { Mailbox, MailboxEntry, MailboxIntake, MailboxTraces, NewCommand, Publication } from '@rollcall/engine';
import type { RawFields } from '../in-memory/mailbox.ts';
import { signUp } from '../spec/commands.ts';
import { newCommandId } from '../spec/ids.ts';
import { newCommandOf } from '../spec/new-command.ts';

export interface MailboxUnderTest {
  readonly mailbox: Mailbox & MailboxIntake & MailboxTraces;
  /** Commands that one mailbox takes; small (5 to 50), because it is filled. */
  readonly depthMax: number;
  /** Puts an entry into the stream past `append`, and the event among the dirty ones. */
  plantRaw(eventId: EventId, fields: RawFields): Promise<void>;
  /** Marks the event dirty and nothing else. */
  plantDirty(eventId: EventId): Promise<void>;
  /** The fields of the event's buried entries. */
  buried(eventId: EventId): Promise<readonly RawFields[]>;
  /** The answers that somebody who listens to publications has heard so far. */
  answersHeard(): readonly Answer[];
  close(): Promise<void>;
}

/** What the parts of the suite work with: an adapter with nothing in it, and an event that nobody else has. */
export interface MailboxBench {
  readonly adapter: MailboxUnderTest;
  readonly mailbox: MailboxUnderTest['mailbox'];
  readonly eventId: EventId;
  aCommand(user?: string, at?: EventId): NewCommand;
  /** One command per user, one after the other. */
  append(...users: readonly string[]): Promise<readonly NewCommand[]>;
  read(countMax?: number): Promise<readonly MailboxEntry[]>;
  commandIds(countMax?: number): Promise<readonly (CommandId | undefined)[]>;
  /** Takes the first entries off, as done. */
  finish(count: number, publication?: Publication): Promise<number>;
}

export function benchOf(adapter: MailboxUnderTest): MailboxBench {
  const { mailbox } = adapter;
  const eventId = eventIdFor(newCommandId());
  const aCommand = (user = 'ann', at = eventId): NewCommand =>
    newCommandOf(signUp(user, { eventId: at, notes: `from ${user}` }), `hash-${user}`);
  const read = (countMax = 100) => mailbox.readHead(eventId, countMax);
  return {
    adapter,
    mailbox,
    eventId,
    aCommand,
    async append(...users) {
      const commands = users.map((user) => aCommand(user));
      for (const command of commands) await mailbox.append(command);
      return commands;
    },
    read,
    commandIds: async (countMax) =>
      (await read(countMax)).map((entry) => (entry.kind === 'command' ? entry.command.commandId : undefined)),
    finish: async (count, publication) => mailbox.done(eventId, idsOf(await read(count)), publication),
  };
}

const idsOf = (entries: readonly MailboxEntry[]) => entries.map(({ entryId }) => entryId);
