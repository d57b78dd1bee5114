import type { RoleId, UserId } from '@rollcall/domain';
import type { RegistrationView } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import { csvCell, csvRow } from './csv.ts';
import { participantsCsv } from './participants-csv.ts';
import { aRegistration, registrationIdOf, roleId } from './testing/fakes.ts';

describe('a cell', () => {
  it.each([
    ['', ''],
    ['plain', 'plain'],
    ['with a, comma', '"with a, comma"'],
    ['with a; semicolon', '"with a; semicolon"'],
    ['say "hello"', '"say ""hello"""'],
    ['two\nlines', '"two\nlines"'],
    [' padded ', '" padded "'],
    ['שלום 🎟', 'שלום 🎟'],
    ['a=b', 'a=b'],
    ["it's", "it's"],
  ])('%j is %j', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '＝1+1', '＠x'])('%j is no formula', (text) => {
    expect(csvCell(text)).toBe(`'${text}`);
  });

  it.each(['=HYPERLINK("https://example.org","x")', '\t=1', '\r=1', '\n=1', '=1,2', '-"a"'])(
    '%j is quoted, and no formula inside its quotes',
    (text) => {
      expect(csvCell(text)).toBe(`"'${text.replaceAll('"', '""')}"`);
    },
  );

  it('that is missing is empty', () => {
    expect(csvRow(['a', undefined, 'b'])).toBe('a,,b\r\n');
  });
});

async function* from(views: readonly RegistrationView[]): AsyncGenerator<RegistrationView> {
  yield* views;
}

async function csvOf(views: readonly RegistrationView[], bom = false): Promise<string[]> {
  const pieces: string[] = [];
  const roleNames = new Map([[roleId, '=volunteers']]);
  for await (const piece of participantsCsv(from(views), { roleNames, bom })) pieces.push(piece);
  return pieces;
}

const header =
  'registrationId,userId,displayName,email,roleId,roleName,status,waitlistPosition,offerExpiresAt,replaces,' +
  'registrationDate,registeredBy,attendedAt,cancelledAt,cancelCause,cancelReasonCode,cancelReason,notes,specialRequirements';

describe('the participants', () => {
  it('are a row each, with all that is known of them, and nothing that is calculated', async () => {
    const whole = aRegistration('one', {
      userId: '-1' as UserId,
      status: 'cancelled',
      profile: { displayName: '=Ann', email: '+ann@example.org' },
      registeredBy: '@olga' as UserId,
      attendedAt: 1000,
      cancelledAt: 2000,
      cancelCause: 'staff',
      cancelReasonCode: 'no-show',
      cancelReason: '=1+1',
      notes: 'a "b"\nc',
      specialRequirements: '＋1',
    });
    expect(await csvOf([whole])).toEqual([
      `${header}\r\n${registrationIdOf('one')},'-1,'=Ann,'+ann@example.org,role-1,'=volunteers,cancelled,,,,` +
        `1970-01-01T00:00:00.000Z,'@olga,1970-01-01T00:00:01.000Z,1970-01-01T00:00:02.000Z,staff,no-show,'=1+1,` +
        `"a ""b""\nc",'＋1\r\n`,
    ]);
  });

  it('are a header alone when there are none, with a byte order mark on request', async () => {
    expect(await csvOf([])).toEqual([`${header}\r\n`]);
    expect(await csvOf([], true)).toEqual([`\uFEFF${header}\r\n`]);
  });

  it('in line have their places, in each role its own', async () => {
    const waiting = (name: string, other: Partial<RegistrationView> = {}) =>
      aRegistration(name, { status: 'waitlist', ...other });
    const bar = 'bar' as RoleId;
    const [text = ''] = await csvOf([
      waiting('a', { roleId: bar }),
      waiting('b', { roleId: bar, offer: { expiresAt: 5000 } }),
      waiting('c', { roleId: bar, replaces: registrationIdOf('x') }),
      aRegistration('d'),
      waiting('e'),
    ]);
    const rows = text
      .trim()
      .split('\r\n')
      .map((row) => row.split(','));
    expect(rows.slice(1).map((row) => [row[6], row[7], row[8], row[9]])).toEqual([
      ['waitlist', '1', '', ''],
      ['waitlist', '', '1970-01-01T00:00:05.000Z', ''],
      ['waitlist', '2', '', registrationIdOf('x')],
      ['confirmed', '', '', ''],
      ['waitlist', '1', '', ''],
    ]);
  });

  it('come in pieces that are neither single rows nor all at once', async () => {
    const views = Array.from({ length: 2000 }, (_, index) => aRegistration(`n${index}`));
    const pieces = await csvOf(views);
    expect(pieces.join('').split('\r\n')).toHaveLength(2002);
    for (const piece of pieces) expect(piece.length).toBeLessThan(17_000);
    expect(pieces.length).toBeLessThan(25);
  });
});
