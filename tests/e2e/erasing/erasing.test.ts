import { checkHistory } from '@rollcall/checkers';
import { createClient, type RollcallClient } from '@rollcall/client';
import { isErasedId, type EventId, type UserId } from '@rollcall/domain';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { dumpOf, findTexts } from '../../support/dump.ts';
import { createOpenEvent, type OpenEvent } from '../../support/events.ts';
import { recordedHistory } from '../../support/recorded.ts';
import { staffClaims, startOnSharedServers, type Rollcall } from '../../support/rollcall.ts';

/** An id with all that needs care somewhere, and a part of it that is nowhere else. */
const zoe = 'zoe-7f3a "ü"\\|%2F🌱';
const texts = ['zoe-7f3a', 'secret-1', 'secret-2', 'secret-3', 'secret-4', 'secret-5', 'secret-6'];
const wait = { waitSeconds: 20 };

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 1, workers: 1 });
});
afterAll(() => rollcall.stop());

async function clientOf(user: string, claims: Readonly<Record<string, unknown>> = {}): Promise<RollcallClient> {
  const [url = ''] = rollcall.urls;
  return createClient({ url, token: await rollcall.token(user, claims) });
}

function decided<Value>(result: { readonly kind: string; readonly value?: Value }): Value {
  if (result.kind !== 'decided' || result.value === undefined) throw new Error(JSON.stringify(result));
  return result.value;
}

const anEvent = () =>
  createOpenEvent(rollcall, {
    roles: [
      { name: 'volunteers', roleId: 'volunteers', capacity: 1, waitlist: 'auto' },
      { name: 'cooks', roleId: 'cooks', capacity: 3, waitlist: 'auto' },
      { name: 'drivers', roleId: 'drivers', capacity: 1, waitlist: 'offer' },
    ],
    settings: { registrationsPerUserMax: 2, usersMayMove: true },
  });

async function stopWorkers(): Promise<void> {
  for (const worker of rollcall.workers.splice(0)) await worker.stop(20_000);
}

/** Everything that can name somebody: seats, lines, refusals, moves, dry runs, and what they do to others as staff. */
async function liveThrough({ eventId }: OpenEvent): Promise<void> {
  const [own, bob, cem] = [await clientOf(zoe), await clientOf('bob'), await clientOf('cem')];
  const olga = await clientOf('olga', staffClaims);
  decided(await bob.signUpForEvent(eventId, { roleId: 'volunteers', notes: 'notes of bob' }, wait));
  const cems = decided(await cem.signUpForEvent(eventId, { roleId: 'drivers' }, wait));

  const gone = decided(await own.signUpForEvent(eventId, { roleId: 'cooks', notes: 'secret-1' }, wait));
  decided(await own.cancelSignup(eventId, gone.registrationId, { ...wait, reason: 'secret-2' }));
  const held = decided(await own.signUpForEvent(eventId, { roleId: 'cooks', specialRequirements: 'secret-3' }, wait));
  decided(await own.updateRegistration(eventId, held.registrationId, { notes: 'secret-4' }, wait));
  decided(
    await own.moveUserBetweenRoles(eventId, held.registrationId, { roleId: 'volunteers', ifFull: 'waitlist' }, wait),
  );
  decided(await own.signUpForEvent(eventId, { roleId: 'drivers' }, wait));
  expect(await own.signUpForEvent(eventId, { roleId: 'drivers' }, wait)).toMatchObject({ code: 'already-registered' });
  expect(await own.signUpForEvent(eventId, { roleId: 'cooks' }, wait)).toMatchObject({ code: 'already-registered' });
  expect(await own.cancelSignup(eventId, cems.registrationId, wait)).toMatchObject({ code: 'registration-not-found' });

  decided(await olga.checkIn(eventId, held.registrationId, wait));
  const preview = await olga.changeRole(eventId, 'cooks', { capacity: 0, ifOver: 'demote', dryRun: true }, wait);
  expect(JSON.stringify(preview)).toContain('zoe-7f3a');

  const asStaff = await clientOf(zoe, staffClaims);
  const dans = decided(
    await asStaff.signUpForEvent(eventId, { roleId: 'cooks', userId: 'dan', profile: { displayName: 'Dan' } }, wait),
  );
  decided(await asStaff.removeUserFromRole(eventId, dans.registrationId, { ...wait, reasonCode: 'other' }));
  expect(await asStaff.addRole(eventId, { name: 'cooks', capacity: 1 }, wait)).toMatchObject({
    code: 'role-name-taken',
  });
}

async function plantLetters(eventId: EventId): Promise<void> {
  const { redis, keyspace } = rollcall;
  const letter = (userId: string, notes: string) => ['p', JSON.stringify({ body: { type: 'SignUp', userId, notes } })];
  for (const fields of [
    letter(zoe, 'secret-5'),
    letter('bob', 'a letter of bob'),
    ['p', `{"userId":${JSON.stringify(zoe)}`],
  ]) {
    await redis.xadd(keyspace.deadLetters(eventId), '*', 'event', eventId, 'entry', '1-1', ...fields);
  }
}

/** Those who came meanwhile wait. */
async function takenAt({ eventId }: OpenEvent): Promise<unknown> {
  const available = await (await clientOf('bob')).getAvailability(eventId);
  if (available.kind !== 'found') throw new Error(JSON.stringify(available));
  return available.value.roles.map(({ roleId, confirmed, offered }) => ({ roleId, confirmed, offered }));
}

async function expectSound(...eventIds: readonly EventId[]): Promise<void> {
  for (const eventId of eventIds) {
    const history = await recordedHistory(rollcall, eventId);
    expect(checkHistory(history)).toEqual([]);
    const ran = await runCli(rollcall, 'verify', '--event', eventId);
    expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(': 0 differences') });
  }
}

describe('rollcall erase', () => {
  let first: OpenEvent;
  let second: OpenEvent;
  let before: unknown;

  beforeAll(async () => {
    [first, second] = [await anEvent(), await anEvent()];
    await liveThrough(first);
    await plantLetters(first.eventId);
    before = await takenAt(first);
  });

  it('is about somebody who is everywhere', async () => {
    const found = await findTexts(rollcall, texts);
    const named = texts.filter((text) => found.some((where) => where.startsWith(text)));
    // The last is still to come.
    expect(named).toEqual(texts.slice(0, -1));
  });

  it('asks first, and says so where nobody can answer', async () => {
    const ran = await runCli(rollcall, 'erase', '--user', zoe);
    expect(ran).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining('--yes') });
    expect(await runCli(rollcall, 'erase', '--user', '', '--yes')).toMatchObject({ exitCode: 2 });
    expect(await findTexts(rollcall, ['secret-1'])).not.toEqual([]);
  });

  it('leaves nothing of them anywhere, decided or not, while others go on', async () => {
    await stopWorkers();
    // At an event where nothing of them has been decided yet.
    await (await clientOf(zoe)).signUpForEvent(second.eventId, { roleId: 'cooks', notes: 'secret-6' });
    const erasing = runCli(rollcall, 'erase', '--user', zoe, '--yes');
    const others = await Promise.all(
      Array.from({ length: 30 }, async (_, n) => {
        const client = await clientOf(`other-${n}`);
        return client.signUpForEvent(n % 2 === 0 ? first.eventId : second.eventId, { roleId: 'volunteers' });
      }),
    );
    expect(others.map(({ kind }) => kind)).toEqual(others.map(() => 'pending'));
    rollcall.startWorker();
    const ran = await erasing;
    expect(ran).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ran.stdout.trim().split('\n').toSorted()).toEqual(
      [
        '2 events, 5 registrations, 2 dead letters: nothing is left',
        `${first.eventId} 4 registrations`,
        `${second.eventId} 1 registration`,
      ].toSorted(),
    );
    expect(await findTexts(rollcall, texts)).toEqual([]);
    expect(await findTexts(rollcall, ['notes of bob', 'a letter of bob'])).toHaveLength(2);
  });

  it('leaves seats, history and everything that is checked as it was', async () => {
    expect(await takenAt(first)).toEqual(before);
    await expectSound(first.eventId, second.eventId);
    const { entries, registrations } = await recordedHistory(rollcall, first.eventId);
    const erased = registrations.filter(({ userId }) => isErasedId(userId));
    expect(erased.map(({ status }) => status).toSorted()).toEqual(['cancelled', 'confirmed', 'waitlist', 'waitlist']);
    const [nobody] = erased.map(({ userId }) => userId) as [UserId];
    expect(new Set(erased.map(({ userId }) => userId))).toEqual(new Set([nobody]));
    expect(entries.filter(({ commandType }) => commandType === 'EraseUser')).toHaveLength(1);
    // At another event they are somebody else.
    const elsewhere = await recordedHistory(rollcall, second.eventId);
    expect(elsewhere.registrations.map(({ userId }) => userId)).not.toContain(nobody);

    const ran = await runCli(rollcall, 'history', '--event', first.eventId, '--user', nobody);
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toContain(`confirmed in cooks`);
    expect(ran.stdout).toContain('UserErased from 4 registrations');
    expect(ran.stdout).toContain('refused: already-registered');
  });

  it('changes nothing the second time', async () => {
    const then = await dumpOf(rollcall);
    const ran = await runCli(rollcall, 'erase', '--user', zoe, '--yes', '--json');
    expect(JSON.parse(ran.stdout)).toEqual({
      type: 'summary',
      events: 0,
      registrations: 0,
      deadLetters: 0,
      complete: true,
    });
    for (const name of ['events', 'journal', 'registrations']) {
      expect((await dumpOf(rollcall)).get(name)).toBe(then.get(name));
    }
  });

  it('lets them come again as somebody new', async () => {
    const client = await clientOf(zoe);
    const again = decided(await client.signUpForEvent(first.eventId, { roleId: 'cooks' }, wait));
    expect(again).toMatchObject({ userId: zoe });
    const own = await client.myRegistrations();
    expect(own).toMatchObject({ value: { items: [{ registrationId: again.registrationId }] } });
    await expectSound(first.eventId);
  });
});

describe('erasing over HTTP', () => {
  it('is for those with the grant, through the client', async () => {
    const event = await anEvent();
    const ann = await clientOf('ann');
    decided(await ann.signUpForEvent(event.eventId, { roleId: 'cooks', notes: 'of ann' }, wait));
    expect(await (await clientOf('olga', staffClaims)).eraseUser('ann')).toMatchObject({
      kind: 'refused',
      status: 403,
    });
    const dora = await clientOf('dora', { grants: ['erase'] });
    expect(decided(await dora.eraseUser('ann'))).toEqual({
      events: [{ eventId: event.eventId, registrations: 1, left: false }],
      complete: true,
    });
    expect(await findTexts(rollcall, ['"ann"', 'of ann', 'Name of ann', 'ann@example.org'])).toEqual([]);
    expect(decided(await dora.eraseUser('ann'))).toEqual({ events: [], complete: true });
    // Who asked for it is told, and may be erased in turn, by themselves.
    expect(await findTexts(rollcall, ['"dora"'])).not.toEqual([]);
    decided(await dora.eraseUser('dora'));
    expect(await findTexts(rollcall, ['"dora"'])).toEqual([]);
    await expectSound(event.eventId);
  });
});
