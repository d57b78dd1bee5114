import type { RoleId, UserId } from '@rollcall/domain';
import type { RegistrationView } from '@rollcall/engine';
import { describe, expect, it } from 'vitest';
import { csvCell, csvRow } from './csv.ts';
import { participantsCsv } from './participants-csv.ts';
import { aRegistration, registrationIdOf, roleId } from '../testing/fakes.ts';

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

  it.each(['=HYPERLINK("https://example.org","x")', '\ttext', '\rtext', '\ntext', '=1,2', '-"a"'])(
    '%j is quoted, and no formula inside its quotes',
    (text) => {
      expect(csvCell(text)).toBe(`"'${text.replaceAll('"', '""')}"`);
    },
  );

  it.each([
    ["a;=cmd|' /C calc'!A0;b", `"a;'=cmd|' /C calc'!A0;b"`],
    ['hi\n=1+1', `"hi\n'=1+1"`],
    ['hi\r\n+1', `"hi\r\n'+1"`],
    ['a,-1', `"a,'-1"`],
    ['a\t@SUM(A1)', `"a\t'@SUM(A1)"`],
    ['\t=1', `"'\t'=1"`],
    [' =1', `" '=1"`],
    ['a; =1', `"a; '=1"`],
    ['a;"=1"', `"a;""'=1"""`],
    ['a;;＝1', `"a;;'＝1"`],
  ])('%j is %j: it holds no formula where it falls apart', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it.each([
    ['a-b; c=d', '"a-b; c=d"'],
    ['2 + 2', '2 + 2'],
    ['ann@example.org, 1-2', '"ann@example.org, 1-2"'],
  ])('%j keeps its signs', (text, cell) => {
    expect(csvCell(text)).toBe(cell);
  });

  it('of the longest kind of nonsense takes no time', () => {
    const text = `${';"\n '.repeat(25_000)}x`;
    expect(csvCell(text).length).toBeGreaterThan(text.length);
  });

  it('that is missing is empty', () => {
    expect(csvRow(['a', undefined, 'b'])).toBe('a,,b\r\n');
  });
});

/** As spreadsheets read: quotes mean something only where a cell begins, and what follows them belongs to it. */
function cellsOf(text: string, separator: string): string[] {
  const cells: string[] = [];
  const ends = new Set([separator, '\r', '\n']);
  for (let place = 0; place <= text.length; place += 1) {
    let cell = '';
    if (text[place] === '"') {
      for (place += 1; place < text.length; place += 1) {
        if (text[place] === '"' && text[(place += 1)] !== '"') break;
        cell += text.charAt(place);
      }
    }
    for (; place < text.length && !ends.has(text.charAt(place)); place += 1) cell += text.charAt(place);
    cells.push(cell);
  }
  return cells;
}

/** All texts of up to so many of these letters. */
function textsOf(letters: readonly string[], lengthMax: number): string[] {
  if (lengthMax === 0) return [''];
  const shorter = textsOf(letters, lengthMax - 1);
  return ['', ...letters.flatMap((letter) => shorter.map((text) => letter + text))];
}

describe('whatever people write', () => {
  it.each([',', ';', '\t'])('is no formula where %j separates', (separator) => {
    const calculated = textsOf(['=', ';', ',', '\t', '\n', '"', ' ', 'a'], 5).filter((text) =>
      // As the last cell of a row, between two others, and after one that ends where a new one begins.
      cellsOf(csvRow(['r', text]) + csvRow(['r', text, text, 'a;', '"=1']), separator).some((cell) =>
        /^[\s"]*[=+\-@]/.test(cell),
      ),
    );
    expect(calculated).toEqual([]);
  });

  it('is read as it was written where commas separate, but for what stands before signs', () => {
    const cells = ['a"b', 'c;\nd', 'e,f', '"', ' g '];
    expect(cellsOf(csvRow(cells), ',').slice(0, 5)).toEqual(cells);
    expect(cellsOf(csvRow(['c;\n-d']), ',')[0]).toBe("c;\n'-d");
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
