import { describe, expect, it } from 'vitest';
import { createClient } from './client.ts';

/** A client whose server answers this, and what was sent to it. */
function clientOf(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
  const sent: { url: string; init: RequestInit }[] = [];
  const client = createClient({
    url: 'https://rollcall.example.org/',
    token: async () => 'a-token',
    fetch: async (input, init = {}) => {
      sent.push({ url: input instanceof Request ? input.url : input.toString(), init });
      return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
    },
  });
  return { client, sent };
}

describe('what is sent', () => {
  it('is a signup with its options as headers', async () => {
    const { client, sent } = clientOf(202, {});
    await client.signUpForEvent('e1', { roleId: 'r1', notes: 'n' }, { idempotencyKey: 'k', waitSeconds: 5 });
    expect(sent[0]?.url).toBe('https://rollcall.example.org/v1/events/e1/registrations');
    expect(sent[0]?.init).toMatchObject({ method: 'POST', body: '{"roleId":"r1","notes":"n"}' });
    expect(sent[0]?.init.headers).toMatchObject({
      authorization: 'Bearer a-token',
      'content-type': 'application/json',
      'idempotency-key': 'k',
      prefer: 'wait=5',
    });
  });

  it.each([
    ['cancelSignup', 'POST', '/registrations/r%2F1/cancel'],
    ['removeUserFromRole', 'DELETE', '/registrations/r%2F1'],
  ] as const)('%s goes where it should, whatever is in an id', async (method, verb, path) => {
    const { client, sent } = clientOf(202, {});
    await client[method]('e/1', 'r/1');
    expect([sent[0]?.init.method, sent[0]?.url]).toEqual([verb, `https://rollcall.example.org/v1/events/e%2F1${path}`]);
  });

  it('are queries of those parts that are given', async () => {
    const { client, sent } = clientOf(200, { items: [], nextCursor: null });
    await client.listEvents({ status: 'open', from: '2030-01-01T00:00:00+02:00', limit: 5 });
    await client.listEvents();
    expect(sent.map(({ url }) => url.slice('https://rollcall.example.org'.length))).toEqual([
      '/v1/events?status=open&from=2030-01-01T00%3A00%3A00%2B02%3A00&limit=5',
      '/v1/events',
    ]);
  });
});

describe('what comes back', () => {
  it('is a decision', async () => {
    const { client } = clientOf(201, { commandId: 'c', status: 'confirmed' });
    expect(await client.signUpForEvent('e', { roleId: 'r' })).toEqual({
      kind: 'decided',
      value: { commandId: 'c', status: 'confirmed' },
    });
  });

  it('is a receipt', async () => {
    const { client } = clientOf(202, { commandId: 'c', eventId: 'e', status: 'pending', ahead: 7 });
    expect(await client.openEvent('e')).toEqual({ kind: 'pending', commandId: 'c', eventId: 'e', ahead: 7 });
  });

  it('is a refusal with its problem and code', async () => {
    const problem = { type: '/problems/role-full', title: 'Role full', status: 409, capacity: 2 };
    const { client } = clientOf(409, problem);
    expect(await client.signUpForEvent('e', { roleId: 'r' })).toEqual({
      kind: 'refused',
      status: 409,
      code: 'role-full',
      problem,
    });
  });

  it('says when to try again', async () => {
    const { client } = clientOf(503, { type: '/problems/busy', title: 'Busy', status: 503 }, { 'retry-after': '1' });
    expect(await client.getEvent('e')).toMatchObject({ kind: 'refused', code: 'busy', retryAfterSeconds: 1 });
  });

  it('is a refusal without a code when it is not from Rollcall', async () => {
    const { client } = clientOf(502, '<html>Bad gateway</html>');
    expect(await client.getEvent('e')).toMatchObject({
      kind: 'refused',
      status: 502,
      code: undefined,
      problem: { type: 'about:blank' },
    });
  });
});
