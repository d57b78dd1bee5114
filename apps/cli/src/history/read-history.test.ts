import { readHistory } from '@rollcall/checkers';
import type { UserId } from '@rollcall/domain';
import { createRecords } from '@rollcall/store-mongo';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../testing/testing-run-cli.ts';
import { stage, type Stage } from '../testing/testing-stage.ts';
import { at, eventId, idOf } from '../testing/testing-story.ts';
import { entriesOf } from './entries.ts';

let staged: Stage;
beforeAll(async () => {
  staged = await stage();
});
afterAll(() => staged[Symbol.asyncDispose]());

const read = async (query: { readonly at?: number; readonly userId?: UserId } = {}) => {
  const { places, ...rest } = await readHistory(entriesOf(createRecords(staged.collections), eventId), {
    eventId,
    ...query,
  });
  const shown = [...places].map(({ registration, standing, waitlistPosition, since }) =>
    [registration.userId, registration.roleId, standing, waitlistPosition ?? '-', since].join(' '),
  );
  return { ...rest, places: shown };
};

describe('who held which seat', () => {
  it('is told as of now', async () => {
    const { version, places } = await read();
    expect(version).toBe(14);
    expect(places).toEqual([
      'bob volunteers confirmed - 13',
      'cem volunteers confirmed - 10',
      'dan volunteers waitlist 1 6',
      'eve drivers confirmed - 7',
      'fay drivers offered - 14',
      'gil cooks confirmed - 9',
      'gil drivers waitlist 1 12',
    ]);
  });

  it('is told as of a time', async () => {
    // Decisions are made 50 ms after the mailbox took their commands.
    const { version, decidedAt, places } = await read({ at: at(5) + 50 });
    expect({ version, decidedAt }).toEqual({ version: 6, decidedAt: at(5) + 50 });
    expect(places).toEqual([
      'ann volunteers confirmed - 3',
      'bob volunteers confirmed - 4',
      'cem volunteers waitlist 1 5',
      'dan volunteers waitlist 2 6',
    ]);
    expect((await read({ at: at(5) + 49 })).version).toBe(5);
    expect(await read({ at: at(0) })).toEqual({ eventId, version: 0, chain: [], places: [] });
  });

  it('is told of one user, with the decisions that led there', async () => {
    const { places, chain } = await read({ userId: 'cem' as UserId });
    expect(places).toEqual(['cem volunteers confirmed - 10']);
    expect(chain).toMatchObject([
      { version: 5, commandType: 'SignUp', actor: 'user', facts: [{ type: 'RegistrationWaitlisted' }] },
      // Ann left; of that decision only what it did to cem is told.
      { version: 10, commandType: 'CancelSignup', actor: 'user', facts: [{ type: 'RegistrationPromoted' }] },
    ]);
    expect(chain[1]?.facts).toHaveLength(1);
  });

  it('is told with refusals and their facts', async () => {
    const { chain } = await read({ userId: 'bob' as UserId });
    expect(chain.map(({ version, rejection }) => [version, rejection])).toEqual([
      [4, undefined],
      [11, { reason: 'already-registered', registrationId: idOf('bob'), status: 'confirmed' }],
      [13, undefined],
    ]);
  });
});

describe('rollcall history', () => {
  it('prints it line by line', async () => {
    const { exitCode, stdout } = await runCli(staged.env, 'history', '--event', eventId, '--user', 'bob');
    expect(exitCode).toBe(0);
    expect(stdout.split('\n')).toEqual([
      `event ${eventId} at version 14, decided 2030-05-01T09:13:00.050Z`,
      `${idOf('bob')} confirmed in volunteers, since version 13, user bob`,
      'version 4 2030-05-01T09:03:00.050Z SignUp by user',
      `  RegistrationConfirmed ${idOf('bob')} in volunteers {"sequence":4}`,
      'version 11 2030-05-01T09:10:00.050Z SignUp by user',
      `  refused: already-registered {"registrationId":"${idOf('bob')}","status":"confirmed"}`,
      'version 13 2030-05-01T09:12:00.050Z CheckIn by staff',
      `  RegistrationCheckedIn ${idOf('bob')} in volunteers {"sequence":4,"attendedAt":${at(12)}}`,
      '',
    ]);
  });

  it('prints it as JSON', async () => {
    const { stdout } = await runCli(
      staged.env,
      'history',
      '--event',
      eventId,
      '--at',
      '2030-05-01T11:03:01+02:00',
      '--json',
    );
    const documents = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(documents).toMatchObject([
      { type: 'event', version: 4 },
      { type: 'place', userId: 'ann', roleId: 'volunteers', standing: 'confirmed', sinceVersion: 3 },
      { type: 'place', userId: 'bob' },
    ]);
  });

  it.each([
    ['--event', 'nonsense'],
    ['--event', `e${'u'.repeat(22)}`],
    ['--event', eventId, '--at', '2030-05-01'],
    ['--event', eventId, '--at', '2030-05-01T25:00:00Z'],
    ['--event', eventId, '--user', ''],
  ])('is a mistake of the caller with %s', async (...args) => {
    expect(await runCli(staged.env, 'history', ...args)).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
