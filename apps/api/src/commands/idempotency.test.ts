import { parseCommandId, type UserId } from '@rollcall/domain';
import { describe, expect, it } from 'vitest';
import { canonicalJson, createIdempotency } from './idempotency.ts';

const ids = createIdempotency('a-secret-of-the-tests-and-of-nothing-else');
const commandId: typeof ids.commandId = (...parts) => ids.commandId(...parts);
const bodyHash: typeof ids.bodyHash = (...parts) => ids.bodyHash(...parts);
const [alice, bob] = ['alice', 'bob'] as UserId[] as [UserId, UserId];

describe('command ids', () => {
  it('are the same for the same subject, route and key, and for nothing else', () => {
    const id = commandId(alice, 'POST /a', 'key');
    expect(parseCommandId(id)).toBe(id);
    expect(commandId(alice, 'POST /a', 'key')).toBe(id);
    const others = [
      commandId(bob, 'POST /a', 'key'),
      commandId(alice, 'POST /b', 'key'),
      commandId(alice, 'POST /a', 'key2'),
      createIdempotency('another-secret-of-the-tests-and-of-nothing-else').commandId(alice, 'POST /a', 'key'),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('are all different without a key', () => {
    const random = Array.from({ length: 1000 }, () => commandId(alice, 'POST /a', undefined));
    expect(new Set(random).size).toBe(1000);
    expect(random.every((id) => parseCommandId(id) === id)).toBe(true);
  });
});

describe('body hashes', () => {
  it('do not see the order of keys, and see everything else', () => {
    const hash = bodyHash({ a: 1, b: { c: [1, 2], d: null } }, 'key');
    expect(hash).toHaveLength(22);
    expect(bodyHash({ b: { d: null, c: [1, 2] }, a: 1 }, 'key')).toBe(hash);
    expect(bodyHash({ a: 1, b: { c: [2, 1], d: null } }, 'key')).not.toBe(hash);
    expect(bodyHash({ a: '1', b: { c: [1, 2], d: null } }, 'key')).not.toBe(hash);
  });

  it('are empty without a key', () => {
    expect(bodyHash({ a: 1 }, undefined)).toBe('');
  });

  it('are of canonical JSON', () => {
    expect(canonicalJson({ b: [true, null, 'x"'], a: undefined, c: {} })).toBe('{"b":[true,null,"x\\""],"c":{}}');
    expect(canonicalJson(undefined)).toBe('null');
  });
});
