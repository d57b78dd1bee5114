import type { CommandId, EventId } from '@rollcall/domain';
import calculateSlot from 'cluster-key-slot';

/** Events are spread over this many partitions; the keys of one partition share a Redis Cluster slot. */
const partitionCount = 64;

/** Says in which Redis Cluster slot BullMQ's keys are: all in one, as its scripts need it. */
export const queueTag = '{rcq}';

/** Where things are in Redis. All keys of an event carry its partition's tag, so scripts may touch several of them. */
export interface Keyspace {
  mailbox(eventId: EventId): string;
  sequence(eventId: EventId): string;
  receipt(eventId: EventId, commandId: CommandId): string;
  dirty(eventId: EventId): string;
  deadLetters(eventId: EventId): string;
  lock(eventId: EventId): string;
  /** The dirty sets of all partitions. */
  readonly allDirty: readonly string[];
  /** The dead letters of all partitions. */
  readonly allDeadLetters: readonly string[];
  /** The channel on which workers tell APIs what they decided. */
  readonly publications: string;
  /** The lock of the one relay that leads. */
  readonly relay: string;
  /** The prefix of BullMQ's own keys. */
  readonly queuePrefix: string;
}

/** `prefix` keeps several Rollcalls apart that share a Redis; usually empty, and without braces: they would say which slot. */
export function createKeyspace(prefix: string): Keyspace {
  // A slot is CRC16 mod 16384, and 64 divides 16384: this is CRC16 mod 64.
  const tagOf = (partition: number) => `${prefix}{rc${partition}}`;
  const tag = (eventId: EventId) => tagOf(calculateSlot(eventId) % partitionCount);
  const tags = Array.from({ length: partitionCount }, (_, partition) => tagOf(partition));
  return {
    mailbox: (eventId) => `${tag(eventId)}:mb:${eventId}`,
    sequence: (eventId) => `${tag(eventId)}:seq:${eventId}`,
    receipt: (eventId, commandId) => `${tag(eventId)}:rc:${commandId}`,
    dirty: (eventId) => `${tag(eventId)}:dirty`,
    deadLetters: (eventId) => `${tag(eventId)}:dead`,
    lock: (eventId) => `${tag(eventId)}:lock:${eventId}`,
    allDirty: tags.map((each) => `${each}:dirty`),
    allDeadLetters: tags.map((each) => `${each}:dead`),
    publications: `${prefix}rc:decided`,
    relay: `${prefix}rc:relay`,
    queuePrefix: `${prefix}${queueTag}`,
  };
}
