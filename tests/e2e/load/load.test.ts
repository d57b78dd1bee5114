import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoadResult } from '@rollcall/load';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, type Ran } from '../../support/cli.ts';
import { createOpenEvent } from '../../support/events.ts';
import { signingEnv, staffClaims, startOnSharedServers, type Rollcall } from '../../support/rollcall.ts';
import { tamperWith } from './tampering.ts';

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 2, workers: 1 });
});
afterAll(() => rollcall.stop());

const dataDir = join(import.meta.dirname, '../../../.data');
const folder = mkdtempSync(join(tmpdir(), 'rollcall-load-'));
const short = ['--seconds', '2', '--ramp-seconds', '0', '--connections', '100'];

function loadAt(urls: readonly string[], ...args: readonly string[]): Promise<Ran> {
  return runCli({ env: signingEnv }, 'load', ...args, ...short, ...urls.flatMap((url) => ['--url', url]));
}

const load = (...args: readonly string[]): Promise<Ran> => loadAt(rollcall.urls, ...args);

const resultIn = (file: string): LoadResult => JSON.parse(readFileSync(file, 'utf8')) as LoadResult;

function expectGood({ exitCode, stdout, stderr }: Ran): void {
  expect({ exitCode, problem: exitCode === 0 ? '' : stdout + stderr }).toEqual({ exitCode: 0, problem: '' });
  expect(stdout).toContain(': 0 violations');
}

it('rushes, finds that every answer was true, and leaves a report', async () => {
  mkdirSync(dataDir, { recursive: true });
  // CI keeps these two.
  const [json, html] = [join(dataDir, 'load-rush.json'), join(dataDir, 'load-rush.html')];
  const size = ['--seats', '50', '--rate', '150', '--users', '600'];
  expectGood(await load('rush', ...size, '--json', json, '--html', html));

  const { totals, verdict, answers, seconds } = resultIn(json);
  expect(totals.answered).toBe(totals.sent);
  expect(verdict).toMatchObject({ violations: [], violationsCount: 0 });
  const { accepted, decisions, registrations } = verdict.checked;
  // 300 are expected, and 17 is the standard deviation; the event was made and opened too.
  expect(accepted).toBeGreaterThan(210);
  expect(decisions).toBe(accepted + 2);
  // Some clicked twice, and got one registration.
  expect(registrations).toBeGreaterThan(210);
  expect(answers['sign-up']?.['201']).toBeGreaterThan(registrations);
  expect(seconds.at(-1)?.story).toMatchObject({ taken: 50, seats: 50, undecided: 0 });

  const page = readFileSync(html, 'utf8');
  expect(page).toMatch(/^<!doctype html>/);
  expect(page).toContain('Everything that was promised held');
  expect(page.match(/<svg/g)?.length).toBe(6);
  expect(page).not.toMatch(/https?:|<script|src=|@import|url\(/);
});

describe.concurrent('every other scenario', () => {
  const small = ['--seats', '10', '--rate', '60', '--users', '300'];
  it.each([
    ['steady'],
    ['many-events', '--events', '5'],
    ['browse', '--events', '3'],
    ['live', '--streams', '20'],
    ['waitlist', '--waiting', '150'],
    ['mixed-admin'],
  ])('is played: %s', async (scenario, ...args) => {
    expectGood(await load(scenario, ...small, ...args));
  });
});

it('asks again what became of a command, when nobody is to wait', async () => {
  const json = join(folder, 'polling.json');
  expectGood(await load('rush', '--seats', '10', '--rate', '40', '--wait', '0', '--json', json));
  const { answers, verdict } = resultIn(json);
  expect(answers['sign-up']?.['202']).toBeGreaterThan(0);
  expect(answers.poll?.['200']).toBeGreaterThan(0);
  expect(verdict.checked.answers).toBeGreaterThanOrEqual(verdict.checked.accepted);
});

it('is shared by two processes, at an event that both have made, and joined', async () => {
  const files = [1, 2].map((k) => join(folder, `share-${k}.json`));
  const shared = ['--rate', '60', '--seats', '20', '--run', 'shared', '--users', '300'];
  const ran = await Promise.all(
    files.map((file, index) => load('rush', ...shared, '--share', `${index + 1}/2`, '--json', file)),
  );
  for (const one of ran) expectGood(one);
  const [one, other] = files.map(resultIn);
  expect(one?.eventIds).toEqual(other?.eventIds);
  const merged = join(folder, 'merged.json');
  const { exitCode, stdout } = await runCli({ env: {} }, 'load', 'merge', ...files, '--json', merged);
  expect({ exitCode, stdout }).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('2 processes') as string });
  expect(resultIn(merged).totals.sent).toBe((one?.totals.sent ?? 0) + (other?.totals.sent ?? 0));
  // Whoever read the journal last has seen what both have sent.
  const { decisions, accepted } = resultIn(merged).verdict.checked;
  expect(decisions).toBe(accepted + 2);
});

it('goes to an event that is there, with tokens that are there', async () => {
  const { eventId } = await createOpenEvent(rollcall, { roles: [{ name: 'cooks', capacity: 5, waitlist: 'off' }] });
  const [people, staff] = ['people', 'staff'].map((name) => join(folder, name)) as [string, string];
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => rollcall.token(`given-${n}`)));
  writeFileSync(people, tokens.join('\n'));
  writeFileSync(staff, await rollcall.token('staff-1', staffClaims));
  const json = join(folder, 'given.json');
  const given = ['--tokens', people, '--staff-token', staff, '--event', eventId, '--json', json];
  const urls = rollcall.urls.flatMap((url) => ['--url', url]);
  expectGood(await runCli({ env: {} }, 'load', 'rush', '--rate', '40', ...short, ...given, ...urls));
  const { eventIds, answers } = resultIn(json);
  expect(eventIds).toEqual([eventId]);
  expect(answers['sign-up']?.['409 role-full']).toBeGreaterThan(0);
});

describe.concurrent('ends with 1', () => {
  const small = ['--seats', '10', '--rate', '40', '--users', '200'];

  it('when somebody was told of a seat who waits', async () => {
    const [target = ''] = rollcall.urls;
    await using api = await tamperWith(target, (method, path, body) =>
      method === 'POST' && path.endsWith('/registrations') && body.includes('"waitlistPosition":3,')
        ? body.replace('"waitlist"', '"confirmed"')
        : undefined,
    );
    const html = join(folder, 'untrue.html');
    const { exitCode, stdout } = await loadAt([api.url], 'rush', ...small, '--html', html);
    expect(api.changed).toBeGreaterThan(0);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^answers · e\S+ · version/m) as string,
    });
    expect(readFileSync(html, 'utf8')).toContain('Not everything that was promised held');
  });

  it('when a command was acknowledged that nobody decides', async () => {
    const [target = ''] = rollcall.urls;
    let isPlanted = false;
    await using api = await tamperWith(target, (method, path, body) => {
      if (isPlanted || method !== 'POST' || !path.endsWith('/registrations')) return undefined;
      isPlanted = true;
      return body.replaceAll(/"c[A-Za-z0-9_-]{22}"/g, `"c${'x'.repeat(22)}"`);
    });
    const { exitCode, stdout } = await loadAt([api.url], 'rush', ...small, '--patience-seconds', '2');
    expect(stdout).toMatch(/^accepted · e\S+ · cx{22} was accepted and is not decided$/m);
    expect({ exitCode, changed: api.changed }).toEqual({ exitCode: 1, changed: 1 });
  });

  it('when the journal gives a seat twice', async () => {
    const [target = ''] = rollcall.urls;
    await using api = await tamperWith(target, (_, path, body) =>
      path.includes('/journal') && body.includes('RegistrationWaitlisted')
        ? body.replace('RegistrationWaitlisted', 'RegistrationConfirmed')
        : undefined,
    );
    const { exitCode, stdout } = await loadAt([api.url], 'rush', ...small);
    expect({ exitCode, stdout }).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/^capacity · /m) as string,
    });
  });

  it('when there is nobody who answers', async () => {
    const { exitCode, stderr } = await loadAt(['http://127.0.0.1:9'], 'rush', ...small);
    expect({ exitCode, stderr }).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('rollcall: ') as string,
    });
  });
});

it('ends with 2 when it is asked for what can not be', async () => {
  const impossible = [
    ['rush', '--share', '3/2'],
    ['rush', '--share', '1/2'],
    ['rush', '--rate', 'many'],
    ['waitlist', '--users', '10'],
    ['merge', join(folder, 'nothing.json')],
    ['panic'],
  ];
  const ran = await Promise.all(impossible.map((args) => runCli({ env: {} }, 'load', ...args)));
  expect(ran.map(({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
    impossible.map(() => ({ exitCode: 2, stdout: '' })),
  );
});
