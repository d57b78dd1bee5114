import { createHash } from 'node:crypto';
import { parseCommandId, parseEventId, parseRoleId, registrationIdFor } from '@rollcall/domain';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventIdOf, registrationCommandId, roleIdOf, writtenIdOf } from './ids.ts';
import type { LegacyId } from './legacy.ts';

const hashed = (text: string) => createHash('sha256').update(text).digest('base64url').slice(0, 22);

describe('ids that follow from the old ones', () => {
  it('are those that are documented', () => {
    expect(eventIdOf('65f0' as LegacyId)).toBe(`e${hashed('event:65f0')}`);
    expect(registrationCommandId('document:65f0')).toBe(`c${hashed('registration:document:65f0')}`);
  });

  it.each([
    ['a3bb189e-8bf9-3888-9912-ace4e6543002', 'a3bb189e8bf938889912ace4e6543002'],
    ['A3BB189E-8BF9-3888-9912-ACE4E6543002', 'A3BB189E8BF938889912ACE4E6543002'],
    ['helpers_1', 'helpers_1'],
    ['a-b', 'a-b'],
    ['with space', hashed('role:with space')],
    ['', hashed('role:')],
    ['a'.repeat(33), hashed(`role:${'a'.repeat(33)}`)],
  ])('of roles: %j', (legacyRoleId, roleId) => expect(roleIdOf(legacyRoleId)).toBe(roleId));

  it('are such ids, whatever they follow from', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(parseEventId(eventIdOf(text as LegacyId))).toBeDefined();
        expect(parseCommandId(registrationCommandId(text))).toBeDefined();
        expect(parseRoleId(roleIdOf(text))).toBe(roleIdOf(text));
        expect(roleIdOf(roleIdOf(text))).toBe(roleIdOf(text));
        expect(writtenIdOf(registrationIdFor(registrationCommandId(text)))).toMatch(/^[0-9a-f]{24}$/);
      }),
    );
  });
});
