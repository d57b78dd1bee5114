import { setImmediate } from 'node:timers/promises';
import { checkHistory } from '@rollcall/checkers';
import { createClient, type RollcallClient } from '@rollcall/client';
import { isErasedId, registrationIdFor, type CommandId, type DomainEvent } from '@rollcall/domain';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runCli } from '../../support/cli.ts';
import { findTexts } from '../../support/dump.ts';
import { createOpenEvent, type OpenEvent } from '../../support/events.ts';
import { recordedHistory, untilDecided } from '../../support/recorded.ts';
import { startOnSharedServers, type Rollcall } from '../../support/rollcall.ts';

const rolesMax = 100;
const rounds = 12;

let rollcall: Rollcall;
beforeAll(async () => {
  rollcall = await startOnSharedServers({ apis: 2, workers: 2 });
});
afterAll(() => rollcall.stop());

async function clientOf(user: string, claims: Readonly<Record<string, unknown>> = {}): Promise<RollcallClient> {
  const [url = ''] = rollcall.urls;
  return createClient({ url, token: await rollcall.token(user, claims) });
}

const eventWithManyRoles = () =>
  createOpenEvent(rollcall, {
    roles: Array.from({ length: rolesMax }, (_, n) => ({
      name: `role ${n}`,
      roleId: `role-${n}`,
      capacity: 1,
      waitlist: 'auto' as const,
    })),
    settings: { registrationsPerUserMax: 50 },
  });

const takenOf = (results: readonly Awaited<ReturnType<RollcallClient['signUpForEvent']>>[]): readonly CommandId[] =>
  results.map((result) => {
    if (result.kind !== 'pending') throw new Error(JSON.stringify(result));
    return result.commandId;
  });

/** One signs up for half of the roles, is refused the others, and cancels; time and again. */
async function comeAndGo(client: RollcallClient, { eventId, roleIds }: OpenEvent, times: number): Promise<void> {
  for (let round = 0; round < times; round += 1) {
    const signUps = await Promise.all(
      roleIds.map((roleId) => client.signUpForEvent(eventId, { roleId, notes: 'secret-9' })),
    );
    const registrationIds = takenOf(signUps).map(registrationIdFor);
    const cancels = await Promise.all(registrationIds.map((id) => client.cancelSignup(eventId, id)));
    expect(cancels.map(({ kind }) => kind)).toEqual(cancels.map(() => 'pending'));
  }
}

const isSettled = (work: Promise<unknown>) => Promise.race([work.then(() => true), setImmediate(false)]);

const erasedIn = async ({ eventId }: OpenEvent) => {
  const { entries } = await recordedHistory(rollcall, eventId);
  const facts = entries.flatMap(({ decision }): readonly DomainEvent[] =>
    decision.outcome === 'accepted' ? decision.domainEvents : [],
  );
  return facts.filter((fact) => fact.type === 'UserErased');
};

it(`takes steps for somebody with ${rounds * 100} registrations and refusals, and each of them is sound`, async () => {
  const event = await eventWithManyRoles();
  await comeAndGo(await clientOf('zoe-9d'), event, rounds);
  const erasing = runCli(rollcall, 'erase', '--user', 'zoe-9d', '--yes', '--json');
  while (!(await isSettled(erasing))) {
    const { stdout } = await runCli(rollcall, 'verify', '--event', event.eventId);
    expect(stdout).toContain(': 0 differences');
    const { arrivals: _unfinished, ...history } = await recordedHistory(rollcall, event.eventId);
    expect(checkHistory(history)).toEqual([]);
  }
  const ran = await erasing;
  expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('"complete":true') });

  const steps = await erasedIn(event);
  // 600 registrations with two decisions each, and 1,200 refusals.
  expect(steps.length).toBeGreaterThan(5);
  expect(steps.map(({ left }) => left)).toEqual(steps.map((_, index) => index < steps.length - 1));
  for (const { registrationIds, acts } of steps) expect(3 * registrationIds.length + acts).toBeLessThanOrEqual(500);
  expect(steps.reduce((sum, { registrationIds }) => sum + registrationIds.length, 0)).toBe(600);
  expect(await findTexts(rollcall, ['zoe-9d', 'secret-9'])).toEqual([]);
  expect(checkHistory(await recordedHistory(rollcall, event.eventId))).toEqual([]);
});

it('goes on while the user signs up all the time, and is sound whatever comes first', async () => {
  const event = await eventWithManyRoles();
  const { eventId, roleIds } = event;
  const client = await clientOf('zoe-8c');
  await comeAndGo(client, event, 3);
  const dora = await clientOf('dora', { grants: ['erase'] });
  const sent: CommandId[] = [];
  const erasing = dora.eraseUser('zoe-8c');
  while (!(await isSettled(erasing))) {
    const signUps = await Promise.all(roleIds.slice(0, 10).map((roleId) => client.signUpForEvent(eventId, { roleId })));
    sent.push(...takenOf(signUps));
  }
  expect(await erasing).toMatchObject({ kind: 'decided', value: { complete: true } });
  await untilDecided(rollcall, eventId, new Set(sent));
  const history = await recordedHistory(rollcall, eventId);
  expect(checkHistory(history)).toEqual([]);
  // Of what was taken, nothing names them; what came after it does.
  const taken = new Set((await erasedIn(event)).flatMap(({ registrationIds }) => registrationIds));
  for (const { registrationId, userId } of history.registrations) {
    expect(isErasedId(userId)).toBe(taken.has(registrationId));
  }
  const ran = await runCli(rollcall, 'verify', '--event', eventId);
  expect(ran).toMatchObject({ exitCode: 0, stdout: expect.stringContaining(': 0 differences') });

  expect(await dora.eraseUser('zoe-8c')).toMatchObject({ value: { complete: true } });
  expect(await findTexts(rollcall, ['zoe-8c', 'secret-9'])).toEqual([]);
  expect(checkHistory(await recordedHistory(rollcall, eventId))).toEqual([]);
});
