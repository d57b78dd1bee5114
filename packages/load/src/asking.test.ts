import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { commandIdFromToken, eventIdFor } from '@rollcall/domain';
import { afterEach, expect, it } from 'vitest';
import { createAsking } from './asking.ts';
import { Book } from './book.ts';
import { Connections } from './http/connections.ts';
import { Recorder } from './recorder.ts';
import { Tasks } from './tasks.ts';

const commandId = commandIdFromToken('0'.repeat(22));
const eventId = eventIdFor(commandId);
const decided = { commandId, eventId, version: 3 };

interface Answer {
  readonly status: number;
  readonly body?: object;
  readonly retryAfter?: string;
  /** Break the connection instead. */
  readonly breaks?: true;
}

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** Gives these answers in turn, the last for ever, and lets somebody ask until everybody has what they want. */
async function ask(answers: readonly Answer[], patienceMs = 60_000) {
  const asked: { readonly line: string; readonly key: string | undefined; readonly prefer: string | undefined }[] = [];
  server = createServer((request, response) => {
    if (request.url === '/health/live') return void response.end();
    const answer = answers[Math.min(asked.length, answers.length - 1)];
    asked.push({
      line: `${request.method} ${request.url}`,
      key: header(request, 'idempotency-key'),
      prefer: header(request, 'prefer'),
    });
    if (answer === undefined || answer.breaks === true) return void request.socket.destroy();
    if (answer.retryAfter !== undefined) response.setHeader('retry-after', answer.retryAfter);
    response.writeHead(answer.status, { 'content-type': 'application/json' });
    return void response.end(JSON.stringify(answer.body ?? {}));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a server without a port');
  await using connections = await Connections.open([`http://127.0.0.1:${address.port}`], 2);
  const [recorder, tasks, book, wrong] = [new Recorder(0), new Tasks(), new Book(), new Map<string, number>()];
  const startsAt = performance.timeOrigin + performance.now();
  const now = () => performance.timeOrigin + performance.now() - startsAt;
  const asking = createAsking({ connections, recorder, tasks, now, startsAt, random: () => 0, patienceMs, wrong });
  asking.command({
    kind: 'sign-up',
    by: ['authorization', 'Bearer somebody'],
    eventId,
    book,
    method: 'POST',
    path: `/v1/events/${eventId}/registrations`,
    body: '{}',
    key: 'my-key',
    waitSeconds: 5,
    dueMs: 0,
  });
  await tasks.allEnded();
  return { asked, recorder, book, wrong, givenUp: asking.givenUp };
}

const header = ({ headers }: IncomingMessage, name: string): string | undefined => headers[name]?.toString();

const signUp = `POST /v1/events/${eventId}/registrations`;
const question = `GET /v1/events/${eventId}/commands/${commandId}`;
const registered = { ...decided, registrationId: 'r1', userId: 'me', roleId: 'cooks', status: 'confirmed' };
const pending = { commandId, eventId, status: 'pending', ahead: 7 };

it('takes a decision for what it is', async () => {
  const { asked, book, recorder, wrong } = await ask([{ status: 201, body: registered }]);
  expect(asked).toEqual([{ line: signUp, key: 'my-key', prefer: 'wait=5' }]);
  expect(book.told).toEqual([{ commandId, status: 201, body: registered }]);
  expect([...book.underWay.keys()]).toEqual([commandId]);
  expect(recorder.answers.get('sign-up')).toEqual(new Map([['201', 1]]));
  expect([recorder.decision.totalCount, wrong.size]).toEqual([1, 0]);
});

it('comes again with the same key when it is told to, or hears nothing, and counts that apart', async () => {
  const busy = { status: 503, body: { type: '/problems/busy' }, retryAfter: '0' };
  const { asked, recorder, book } = await ask([
    busy,
    { status: 429, retryAfter: '0' },
    busy,
    { status: 201, body: registered },
  ]);
  expect(asked.map(({ line, key, prefer }) => `${line} ${key} ${prefer}`)).toEqual(
    Array<string>(4).fill(`${signUp} my-key wait=5`),
  );
  expect(recorder.answers.get('sign-up')).toEqual(
    new Map([
      ['503 busy', 2],
      ['429', 1],
      ['201', 1],
    ]),
  );
  expect(recorder.turnedAway).toBe(3);
  expect(book.told.length).toBe(1);
  // Known once, after all of it.
  expect(recorder.decision.totalCount).toBe(1);
});

it('comes again after a connection that broke', async () => {
  const { asked, recorder } = await ask([
    { status: 0, breaks: true },
    { status: 201, body: registered },
  ]);
  expect(asked.map(({ key }) => key)).toEqual(['my-key', 'my-key']);
  expect(recorder.answers.get('sign-up')).toEqual(
    new Map([
      ['no answer', 1],
      ['201', 1],
    ]),
  );
  expect(recorder.turnedAway).toBe(0);
});

it('asks what became of a command, and is told as whoever waits is', async () => {
  const { kind: _, ...result } = { kind: 'registered', ...registered };
  const { asked, book, recorder } = await ask([
    { status: 202, body: pending, retryAfter: '0' },
    { status: 200, body: { ...pending, ahead: 2 }, retryAfter: '0' },
    { status: 200, body: { ...decided, status: 'accepted', result: { kind: 'registered', ...result } } },
  ]);
  expect(asked.map(({ line }) => line)).toEqual([signUp, question, question]);
  expect(book.told).toEqual([{ commandId, status: 201, body: registered }]);
  expect(recorder.answers.get('poll')).toEqual(new Map([['200', 2]]));
  expect(recorder.seconds[0]?.aheadMax).toBe(7);
});

it('hears of a refusal, also later', async () => {
  const problem = { type: '/problems/role-full', title: 'Role full', status: 409, roleId: 'cooks' };
  const { book } = await ask([
    { status: 202, body: pending, retryAfter: '0' },
    { status: 200, body: { ...decided, status: 'rejected', problem } },
  ]);
  expect(book.told).toEqual([{ commandId, status: 409, body: { ...problem, commandId, version: 3 } }]);
});

it('names what nobody should be told', async () => {
  const { wrong, book } = await ask([{ status: 500, body: { type: '/problems/internal' } }]);
  expect(wrong).toEqual(new Map([['sign-up: 500 internal', 1]]));
  expect([book.told.length, book.underWay.size]).toEqual([0, 0]);
  const forgotten = await ask([
    { status: 202, body: pending, retryAfter: '0' },
    { status: 404, body: { type: '/problems/unknown-command', commandId, version: 1 } },
  ]);
  expect(forgotten.wrong).toEqual(new Map([['poll: 404 unknown-command', 1]]));
  expect(forgotten.book.underWay.size).toBe(1);
});

it('gives up when patience has run out', async () => {
  const { asked, givenUp, book } = await ask([{ status: 503, retryAfter: '3600' }]);
  expect([asked.length, givenUp, book.underWay.size]).toEqual([1, 1, 0]);
});
