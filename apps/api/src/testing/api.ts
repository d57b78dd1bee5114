import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { afterEach, expect } from 'vitest';
import type { EventId, Result } from '@rollcall/domain';
import type { NewCommand } from '@rollcall/engine';
import type { Api } from '../http/api.ts';
import { createApi } from '../server.ts';
import { eventIdOf, fakeServers, someSettings, StoreAwayError, type FakeServers } from './fakes.ts';
import { staffClaims, tokenOf } from './tokens.ts';

/** Tokens as header values: a user, and staff of the organizer of every fake event. */
export const alice = `Bearer ${await tokenOf('alice')}`;
export const staff = `Bearer ${await tokenOf('olga', { claims: staffClaims })}`;
/** Staff, but of another organizer. */
export const others = `Bearer ${await tokenOf('oscar', { claims: { ...staffClaims, org: ['org-2'] } })}`;

interface Call extends Pick<InjectOptions, 'headers'> {
  /** As `PATCH /v1/events/e1`; without a method: GET. */
  readonly to: string;
  readonly by?: string;
  readonly body?: unknown;
}

export interface TestApi {
  start(overrides?: Readonly<Record<string, string>>): Promise<FakeServers>;
  readonly api: Api;
  send(call: Call): Promise<LightMyRequestResponse>;
}

/** An API over fakes for each test that starts one; closed after it. */
export function useApi(): TestApi {
  let api: Api | undefined;
  afterEach(async () => {
    await api?.close();
    api = undefined;
  });
  const started = (): Api => {
    if (api === undefined) throw new Error('start first');
    return api;
  };
  return {
    async start(overrides) {
      const servers = fakeServers();
      api = await createApi(servers.deps, someSettings(overrides));
      return servers;
    },
    get api() {
      return started();
    },
    send({ to, by, body, headers }) {
      const [method, url = to] = to.includes(' ') ? to.split(' ') : ['GET', to];
      return started().inject({
        method: method as 'GET',
        url,
        headers: {
          ...(by === undefined ? {} : { authorization: by }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    },
  };
}

/** Every command is decided so, at once. */
export function decideAll(servers: FakeServers, result: Result | ((command: NewCommand) => Result)): void {
  servers.append = async (command) => {
    setImmediate(() => servers.decide(command, typeof result === 'function' ? result(command) : result));
    return { kind: 'new', ahead: 0, wakeUpDue: true };
  };
}

export function expectProblem(response: LightMyRequestResponse, status: number, code: string): Record<string, unknown> {
  const problem = response.json<Record<string, unknown>>();
  expect(problem).toMatchObject({ type: `/problems/${code}`, status });
  expect(response.statusCode).toBe(status);
  expect(response.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  return problem;
}

/** What it says is wrong, as `pointer: detail`. */
export function expectMistakes(response: LightMyRequestResponse, ...pointers: readonly string[]): readonly string[] {
  const { errors } = expectProblem(response, 400, 'validation') as { errors: { pointer: string; detail: string }[] };
  expect(errors.map(({ pointer }) => pointer)).toEqual(pointers);
  return errors.map(({ detail }) => detail);
}

/** What staff of the organizer read, and nobody else. `to` names the event, which is open. */
export async function expectForStaff(test: TestApi, servers: FakeServers, to: string, eventId: EventId): Promise<void> {
  expectProblem(await test.send({ to }), 401, 'unauthorized');
  expectProblem(await test.send({ to, by: alice }), 403, 'forbidden');
  expectProblem(await test.send({ to, by: others }), 403, 'forbidden');
  const draft = to.replace(eventId, eventIdOf('draft'));
  expectProblem(await test.send({ to: draft, by: alice }), 404, 'event-not-found');
  expect((await test.send({ to: draft, by: staff })).statusCode).toBe(200);
  expectProblem(await test.send({ to: to.replace(eventId, eventIdOf('none')), by: staff }), 404, 'event-not-found');
  servers.storeFault = new StoreAwayError();
  expectProblem(await test.send({ to, by: staff }), 503, 'unavailable');
}
