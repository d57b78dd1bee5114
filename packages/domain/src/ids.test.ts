import { describe, expect, it } from 'vitest';
import {
  commandIdFromToken,
  eventIdFor,
  parseCommandId,
  parseEventId,
  parseRegistrationId,
  parseRoleId,
  parseUserId,
  registrationIdFor,
} from './ids.ts';

const token = 'AZaz09_-AZaz09_-AZaz09';

describe('ids', () => {
  it('take the token of the command that they come from', () => {
    const commandId = commandIdFromToken(token);
    expect([commandId, eventIdFor(commandId), registrationIdFor(commandId)]).toEqual([
      `c${token}`,
      `e${token}`,
      `r${token}`,
    ]);
    expect(parseCommandId(commandId)).toBe(commandId);
    expect(parseEventId(eventIdFor(commandId))).toBe(`e${token}`);
    expect(parseRegistrationId(registrationIdFor(commandId))).toBe(`r${token}`);
  });

  it.each([
    '',
    token,
    `r${token}`,
    `c${token}x`,
    `c${token.slice(1)}`,
    `c${token.slice(1)}=`,
    `c${token}\n`,
    ` c${token}`,
  ])('that are none are refused: %j', (text) => expect(parseCommandId(text)).toBeUndefined());

  it.each([
    ['a', true],
    ['Zebra_keepers-2', true],
    ['a'.repeat(32), true],
    ['a'.repeat(33), false],
    ['', false],
    ['with space', false],
    ['dot.dot', false],
    ['$set', false],
  ])('of roles: %j', (text, good) => expect(parseRoleId(text)).toBe(good ? text : undefined));

  it.each([
    ['auth0|5f7c', true],
    ['ann@example.org', true],
    ['Ünïcode 名', true],
    ['a'.repeat(128), true],
    ['a'.repeat(129), false],
    ['', false],
    ['line\nbreak', false],
    ['nul\u0000', false],
  ])('of users: %j', (text, good) => expect(parseUserId(text)).toBe(good ? text : undefined));
});
