import { parseCommandId, senderOf, type EventId, type Instant } from '@rollcall/domain';
import {
  createMentions,
  type AppendResult,
  type Mailbox,
  type MailboxEntry,
  type MailboxHead,
  type MailboxIntake,
  type MailboxTraces,
  type NewCommand,
  type Publication,
} from '@rollcall/engine';
import { readPayload, writePayload } from './payload.ts';
import { copyOf } from './copy.ts';

export interface InMemoryMailboxOptions {
  readonly now: () => Instant;
  /** Commands that one event's mailbox takes before it refuses. */
  readonly depthMax?: number;
  /** Told of each publication, instead of its being kept. */
  readonly publish?: (publication: Publication) => void;
}

/** The fields of a stream entry: `c` commandId, `at` epoch ms, `p` payload as JSON. */
export type RawFields = Readonly<Record<string, string>>;

interface Stored {
  readonly entryId: string;
  readonly fields: RawFields;
  /** What it says; found out once. */
  parsed?: MailboxEntry;
}

export interface InMemoryMailbox extends Mailbox, MailboxIntake, MailboxTraces {
  /** What `done` published, in order. */
  readonly published: readonly Publication[];
  /** Entries that were buried, per event. */
  readonly dead: ReadonlyMap<EventId, readonly RawFields[]>;
  /** Puts an entry into the stream past `append`, as damage would. */
  plantRaw(eventId: EventId, fields: RawFields): void;
  plantDirty(eventId: EventId): void;
  /** Receipts run out, or are lost with Redis. */
  loseReceipts(): void;
  /** The ids of the commands that wait, in order; those of damaged entries are empty. */
  waiting(eventId: EventId): readonly string[];
  /** All of it as it is, to bring it back later: a Redis that lost its last seconds. What is published is out of its hands. */
  snapshot(): () => void;
  /** Everything is lost. */
  flush(): void;
}

/** The mailbox of PROTOCOL's steps 2, 5, 8 and 9 in one process. Each method is one step, as a script is in Redis. */
export function createInMemoryMailbox({
  now,
  depthMax = Number.POSITIVE_INFINITY,
  publish,
}: InMemoryMailboxOptions): InMemoryMailbox {
  let streams = new Map<EventId, readonly Stored[]>();
  let dirty = new Set<EventId>();
  let receipts = new Map<string, string>();
  let numbers = new Map<EventId, number>();
  let dead = new Map<EventId, readonly RawFields[]>();
  const published: Publication[] = [];
  const tell = publish ?? ((publication: Publication) => void published.push(publication));

  const streamOf = (eventId: EventId): readonly Stored[] => streams.get(eventId) ?? [];

  function push(eventId: EventId, fields: RawFields): boolean {
    const number = (numbers.get(eventId) ?? 0) + 1;
    numbers.set(eventId, number);
    // Numbers come again after some were lost, but not for the same command.
    streams.set(eventId, [...streamOf(eventId), { entryId: `${number}-${fields['c'] ?? ''}`, fields }]);
    const wakeUpDue = !dirty.has(eventId);
    dirty.add(eventId);
    return wakeUpDue;
  }

  return {
    published,
    get dead() {
      return dead;
    },

    async append({ commandId, eventId, bodyHash, body }: NewCommand): Promise<AppendResult> {
      const receipt = receipts.get(commandId);
      // A repeat takes no room, and "not taken" would be untrue of it: it comes before the cap.
      if (receipt !== undefined) return { kind: 'repeat', bodyHash: receipt, wakeUpDue: dirty.has(eventId) };
      const ahead = streamOf(eventId).length;
      if (ahead >= depthMax) return { kind: 'full' };
      const wakeUpDue = push(eventId, { c: commandId, at: String(now()), p: writePayload(bodyHash, body) });
      receipts.set(commandId, bodyHash);
      return { kind: 'new', ahead, wakeUpDue };
    },

    async findPending(eventId, commandId) {
      const ahead = streamOf(eventId).findIndex(({ fields }) => fields['c'] === commandId);
      const stored = streamOf(eventId)[ahead];
      if (stored === undefined || !receipts.has(commandId)) return undefined;
      const entry = parse(eventId, stored);
      return { ahead, senderId: entry.kind === 'command' ? senderOf(entry.command.actor) : undefined };
    },

    async forget(_eventId, commandId) {
      receipts.delete(commandId);
    },

    async readHead(eventId, countMax) {
      return streamOf(eventId)
        .slice(0, countMax)
        .map((stored) => parse(eventId, stored));
    },

    async bury(eventId, entryId) {
      const stored = streamOf(eventId).find((entry) => entry.entryId === entryId);
      if (stored !== undefined) dead.set(eventId, [...(dead.get(eventId) ?? []), stored.fields]);
    },

    async done(eventId, entryIds, publication) {
      if (publication !== undefined) tell(copyOf(publication));
      const read = new Set(entryIds);
      const left = streamOf(eventId).filter(({ entryId }) => !read.has(entryId));
      streams.set(eventId, left);
      if (left.length === 0) dirty.delete(eventId);
      return left.length;
    },

    async findWaitingOf(userId) {
      const isNamed = createMentions({ userId, registrationIds: [] });
      return [...dirty].filter((eventId) =>
        streamOf(eventId).some(({ fields }) => Object.values(fields).some(isNamed)),
      );
    },

    async removeDeadLetters(named) {
      const isNamed = createMentions(named);
      let removed = 0;
      for (const [eventId, letters] of dead) {
        const kept = letters.filter((fields) => !Object.values(fields).some(isNamed));
        removed += letters.length - kept.length;
        dead.set(eventId, kept);
      }
      return removed;
    },

    async dirtyEvents() {
      return [...dirty];
    },

    async check(eventId): Promise<MailboxHead | undefined> {
      const [head, ...rest] = streamOf(eventId);
      if (head !== undefined) return { entryId: head.entryId, acceptedAt: timeOf(head.fields), depth: rest.length + 1 };
      dirty.delete(eventId);
      return undefined;
    },

    plantRaw: (eventId, fields) => void push(eventId, fields),
    plantDirty: (eventId) => void dirty.add(eventId),
    loseReceipts: () => receipts.clear(),
    waiting: (eventId) => streamOf(eventId).map(({ fields }) => fields['c'] ?? ''),
    snapshot() {
      const then = [new Map(streams), new Set(dirty), new Map(receipts), new Map(numbers), new Map(dead)] as const;
      return () => {
        streams = new Map(then[0]);
        dirty = new Set(then[1]);
        receipts = new Map(then[2]);
        numbers = new Map(then[3]);
        dead = new Map(then[4]);
      };
    },
    flush() {
      for (const all of [streams, dirty, receipts, numbers, dead]) all.clear();
    },
  };
}

function timeOf(fields: RawFields): Instant | undefined {
  const at = Number(fields['at'] ?? Number.NaN);
  return Number.isSafeInteger(at) ? at : undefined;
}

const parse = (eventId: EventId, stored: Stored): MailboxEntry => (stored.parsed ??= parsed(eventId, stored));

function parsed(eventId: EventId, { entryId, fields }: Stored): MailboxEntry {
  const commandId = parseCommandId(fields['c'] ?? '');
  const acceptedAt = timeOf(fields);
  if (commandId === undefined || acceptedAt === undefined) return { kind: 'dead', entryId };
  const payload = readPayload(fields['p'] ?? '');
  if (payload === undefined) return { kind: 'unreadable', entryId, commandId, acceptedAt };
  const { bodyHash, body } = payload;
  return { kind: 'command', entryId, bodyHash, command: { ...body, commandId, eventId, acceptedAt } };
}
