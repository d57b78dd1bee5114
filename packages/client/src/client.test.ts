import { describe, expect, it } from 'vitest';
import { createClient, type RollcallClient } from './client.ts';
import { valueOf } from './results.ts';

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

  const options = { idempotencyKey: 'k', waitSeconds: 5 };
  const calls: readonly [
    method: keyof RollcallClient,
    call: (client: RollcallClient) => Promise<unknown>,
    line: string,
    body: unknown,
  ][] = [
    ['cancelSignup', (c) => c.cancelSignup('e/1', 'r/1', options), 'POST /registrations/r%2F1/cancel', {}],
    [
      'cancelSignup',
      (c) => c.cancelSignup('e/1', 'r/1', { ...options, reason: 'ill' }),
      'POST /registrations/r%2F1/cancel',
      { reason: 'ill' },
    ],
    [
      'removeUserFromRole',
      (c) => c.removeUserFromRole('e/1', 'r/1', options),
      'POST /registrations/r%2F1/cancel',
      { reasonCode: 'other' },
    ],
    [
      'removeUserFromRole',
      (c) => c.removeUserFromRole('e/1', 'r/1', { ...options, reasonCode: 'no-show', reason: 'again' }),
      'POST /registrations/r%2F1/cancel',
      { reasonCode: 'no-show', reason: 'again' },
    ],
    [
      'signUpForEvent',
      (c) => c.signUpForEvent('e/1', { roleId: 'r', userId: 'bob', override: true }, options),
      'POST /registrations',
      { roleId: 'r', userId: 'bob', override: true },
    ],
    [
      'moveUserBetweenRoles',
      (c) => c.moveUserBetweenRoles('e/1', 'r/1', { roleId: 'bar', ifFull: 'waitlist' }, options),
      'POST /registrations/r%2F1/move',
      { roleId: 'bar', ifFull: 'waitlist' },
    ],
    ['acceptOffer', (c) => c.acceptOffer('e/1', 'r/1', options), 'POST /registrations/r%2F1/accept', undefined],
    ['declineOffer', (c) => c.declineOffer('e/1', 'r/1', options), 'POST /registrations/r%2F1/decline', undefined],
    [
      'updateRegistration',
      (c) => c.updateRegistration('e/1', 'r/1', { notes: null }, options),
      'PATCH /registrations/r%2F1',
      { notes: null },
    ],
    ['checkIn', (c) => c.checkIn('e/1', 'r/1', options), 'POST /registrations/r%2F1/check-in', undefined],
    ['undoCheckIn', (c) => c.undoCheckIn('e/1', 'r/1', options), 'POST /registrations/r%2F1/undo-check-in', undefined],
    [
      'changeEvent',
      (c) => c.changeEvent('e/1', { capacity: null, pools: { p: null }, dryRun: true }, options),
      'PATCH ',
      { capacity: null, pools: { p: null }, dryRun: true },
    ],
    ['openEvent', (c) => c.openEvent('e/1', options), 'PATCH ', { status: 'open' }],
    ['closeEvent', (c) => c.closeEvent('e/1', options), 'PATCH ', { status: 'closed' }],
    ['cancelEvent', (c) => c.cancelEvent('e/1', options), 'PATCH ', { status: 'cancelled' }],
    [
      'addRole',
      (c) => c.addRole('e/1', { name: 'bar', capacity: null }, options),
      'POST /roles',
      { name: 'bar', capacity: null },
    ],
    [
      'changeRole',
      (c) => c.changeRole('e/1', 'b/1', { capacity: 1, ifOver: 'keep' }, options),
      'PATCH /roles/b%2F1',
      { capacity: 1, ifOver: 'keep' },
    ],
    ['deleteRole', (c) => c.deleteRole('e/1', 'b/1', options), 'DELETE /roles/b%2F1', undefined],
  ];

  it.each(calls)('by %s goes where it should, whatever is in an id', async (_method, call, line, body) => {
    const { client, sent } = clientOf(202, {});
    await call(client);
    const { url, init } = sent[0] ?? { url: '', init: {} };
    expect(`${init.method} ${url.replace('https://rollcall.example.org/v1/events/e%2F1', '')}`).toBe(line);
    expect(typeof init.body === 'string' ? JSON.parse(init.body) : undefined).toEqual(body);
    expect(init.headers).toMatchObject({ 'idempotency-key': 'k', prefer: 'wait=5' });
  });

  it('is typed: ids are texts, and words are those that there are', async () => {
    const { client } = clientOf(202, {});
    const settings = { organizerId: 'o', title: 't', startsAt: '', endsAt: '', timeZone: 'UTC' };
    const roles = [{ roleId: 'bar', name: 'bar', capacity: 1, waitlist: 'offer' as const }];
    await client.createEvent({ ...settings, roles, pools: { p: { capacity: 1, roleIds: ['bar'] } } });
    // @ts-expect-error No waitlist is like that.
    await client.createEvent({ ...settings, roles: [{ name: 'bar', capacity: 1, waitlist: 'queue' }] });
    // @ts-expect-error Nor is there such a status.
    expect(await client.changeEvent('e', { status: 'gone' })).toMatchObject({ kind: 'pending' });
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

describe('erasing a user', () => {
  const report = { events: [{ eventId: 'e', registrations: 2, left: true }], complete: false };

  it.each([200, 202])('says how far it has come (%s)', async (status) => {
    const { client, sent } = clientOf(status, report);
    expect(await client.eraseUser('a/b c')).toEqual({ kind: 'decided', value: report });
    expect(sent[0]?.url).toBe('https://rollcall.example.org/v1/users/a%2Fb%20c/erase');
    expect(sent[0]?.init).toMatchObject({ method: 'POST' });
    expect(sent[0]?.init).not.toHaveProperty('body');
  });

  it('is refused to who may not', async () => {
    const { client } = clientOf(403, { type: '/problems/forbidden', title: 'Forbidden', status: 403 });
    expect(await client.eraseUser('ann')).toMatchObject({ kind: 'refused', code: 'forbidden' });
  });
});

describe('the participants', () => {
  it('are a list with filters', async () => {
    const { client, sent } = clientOf(200, { items: [], nextCursor: null });
    const found = await client.listParticipants('e/1', { roleId: 'bar', status: 'waitlist', cursor: 'c', limit: 5 });
    expect(found).toEqual({ kind: 'found', value: { items: [], nextCursor: null } });
    expect(sent[0]?.url).toBe(
      'https://rollcall.example.org/v1/events/e%2F1/registrations?roleId=bar&status=waitlist&cursor=c&limit=5',
    );
  });

  it('are CSV as it comes', async () => {
    const { client, sent } = clientOf(200, 'registrationId\r\n');
    const found = await client.participantsCsv('e/1', { status: 'confirmed', bom: true });
    expect(sent[0]?.url).toBe(
      'https://rollcall.example.org/v1/events/e%2F1/registrations.csv?status=confirmed&bom=true',
    );
    expect(sent[0]?.init.headers).toMatchObject({ accept: 'text/csv, application/problem+json' });
    if (found.kind !== 'found') throw new Error('refused');
    let text = '';
    for await (const piece of found.value.pipeThrough(new TextDecoderStream())) text += piece;
    expect(text).toBe('registrationId\r\n');
  });

  it('are refused to others than staff', async () => {
    const { client } = clientOf(403, { type: '/problems/forbidden', title: 'Forbidden', status: 403 });
    expect(await client.participantsCsv('e')).toMatchObject({ kind: 'refused', status: 403, code: 'forbidden' });
  });
});

describe('the journal', () => {
  it('is read after a version', async () => {
    const { client, sent } = clientOf(200, { items: [], nextAfter: 7 });
    expect(await client.readJournal('e/1', { after: 7, limit: 500 })).toEqual({
      kind: 'found',
      value: { items: [], nextAfter: 7 },
    });
    await client.readJournal('e/1');
    expect(sent.map(({ url }) => url.slice('https://rollcall.example.org'.length))).toEqual([
      '/v1/events/e%2F1/journal?after=7&limit=500',
      '/v1/events/e%2F1/journal',
    ]);
  });
});

describe('a history', () => {
  const documents = [
    { type: 'event', eventId: 'e', version: 3 },
    { type: 'place', userId: 'zoë 🎟\u2028', standing: 'confirmed' },
  ];
  const text = documents.map((document) => `${JSON.stringify(document)}\n`).join('');

  /** A client whose server answers these bytes, one by one. */
  const byteByByte = (bytes: Uint8Array<ArrayBuffer>, fault?: Error) =>
    createClient({
      url: 'https://rollcall.example.org',
      fetch: async () =>
        new Response(
          new ReadableStream({
            start(controller) {
              for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
              if (fault === undefined) controller.close();
              else controller.error(fault);
            },
          }),
        ),
    });

  async function linesOf(client: RollcallClient): Promise<unknown[]> {
    const found = await client.readHistory('e');
    if (found.kind !== 'found') throw new Error('refused');
    const lines: unknown[] = [];
    for await (const line of found.value) lines.push(line);
    return lines;
  }

  it('is its documents, wherever the answer is cut into pieces', async () => {
    expect(await linesOf(byteByByte(new TextEncoder().encode(text)))).toEqual(documents);
    expect(await linesOf(byteByByte(new Uint8Array()))).toEqual([]);
  });

  it('that is cut short fails, and does not look whole', async () => {
    const cut = new TextEncoder().encode(text.slice(0, -5));
    await expect(linesOf(byteByByte(cut))).rejects.toThrow('cut short');
    await expect(linesOf(byteByByte(cut, new Error('terminated')))).rejects.toThrow('terminated');
  });

  it('is asked for as of a time, and of one user', async () => {
    const { client, sent } = clientOf(422, {
      type: '/problems/history-too-long',
      title: 'History too long',
      status: 422,
    });
    const found = await client.readHistory('e/1', { at: '2030-05-01T10:00:00+02:00', userId: 'a b' });
    expect(found).toMatchObject({ kind: 'refused', code: 'history-too-long' });
    expect(sent[0]?.url).toBe(
      'https://rollcall.example.org/v1/events/e%2F1/history?at=2030-05-01T10%3A00%3A00%2B02%3A00&userId=a+b',
    );
    expect(sent[0]?.init.headers).toMatchObject({ accept: 'application/x-ndjson, application/problem+json' });
  });
});

describe('the value of a result', () => {
  it('is what was decided or found', () => {
    expect([valueOf({ kind: 'decided', value: 1 }), valueOf({ kind: 'found', value: 2 })]).toEqual([1, 2]);
  });

  it('is an error for anything else, which tells what the API said', async () => {
    const resultOf = (status: number, body: object) =>
      clientOf(status, body).client.signUpForEvent('e', { roleId: 'r' });
    const pending = await resultOf(202, { commandId: 'c', eventId: 'e', status: 'pending', ahead: 3 });
    expect(() => valueOf(pending)).toThrow('no worker decided it');
    const refused = await resultOf(503, { type: 'about:blank', title: 'Busy', status: 503 });
    expect(() => valueOf(refused)).toThrow(/503 .*Busy/);
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
