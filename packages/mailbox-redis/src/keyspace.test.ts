import { commandIdFromToken, eventIdFor } from '@rollcall/domain';
import calculateSlot from 'cluster-key-slot';
import { expect, it } from 'vitest';
import { createKeyspace } from './keyspace.ts';

it('gives all keys of an event one slot, so that one script may touch them', () => {
  const keyspace = createKeyspace('p:');
  for (let n = 0; n < 200; n += 1) {
    const commandId = commandIdFromToken(String(n).padStart(22, '0'));
    const eventId = eventIdFor(commandId);
    const keys = [
      keyspace.mailbox(eventId),
      keyspace.sequence(eventId),
      keyspace.receipt(eventId, commandId),
      keyspace.dirty(eventId),
      keyspace.deadLetters(eventId),
    ];
    expect(new Set(keys.map((key) => calculateSlot(key))).size).toBe(1);
    expect(keyspace.allDirty).toContain(keyspace.dirty(eventId));
  }
  expect(keyspace.allDirty).toHaveLength(64);
});
