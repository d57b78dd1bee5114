import { describe, expect, it } from 'vitest';
import {
  commandIdFromToken,
  eventIdFor,
  parseCommandId,
  parseEventId,
  parseOrganizerId,
  parsePoolId,
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

  it.each([parseCommandId, parseEventId, parseRegistrationId])('of one kind are not ids of another', (parse) => {
    const parsed = [`c${token}`, `e${token}`, `r${token}`].map((text) => parse(text));
    expect(parsed.filter((id) => id !== undefined)).toHaveLength(1);
    expect([`e${token}x`, `xe${token}`, `r${token}x`, `xr${token}`, `e${token}\n`].map((text) => parse(text))).toEqual(
      Array.from({ length: 5 }),
    );
  });

  it.each([
    ['a', true],
    ['Zebra_keepers-2', true],
    ['a'.repeat(32), true],
    ['a'.repeat(33), false],
    ['', false],
    ['with space', false],
    ['dot.dot', false],
    ['$set', false],
  ])('of roles and pools: %j', (text, good) => {
    expect(parseRoleId(text)).toBe(good ? text : undefined);
    expect(parsePoolId(text)).toBe(good ? text : undefined);
  });

  it.each([
    ['auth0|5f7c', true],
    ['ann@example.org', true],
    ['Ünïcode 名', true],
    ['a'.repeat(128), true],
    ['a'.repeat(129), false],
    ['', false],
    ['line\nbreak', false],
    ['nul\u0000', false],
    ['half a \uD83D pair', false],
    ['a whole 👍 pair', true],
    ['a line\n', false],
    ['\tindented', false],
  ])('of users and organizers: %j', (text, good) => {
    expect(parseUserId(text)).toBe(good ? text : undefined);
    expect(parseOrganizerId(text)).toBe(good ? text : undefined);
  });
});
