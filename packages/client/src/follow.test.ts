import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createClient } from './client.ts';
import { createComeback } from './comeback.ts';
import type { FollowOptions } from './follow.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const problem = (status: number, code: string, headers: Readonly<Record<string, string>> = {}) =>
  new Response(JSON.stringify({ type: `/problems/${code}`, title: code, status }), { status, headers });
const frame = (version: number) => `id: ${version}-c\nevent: counts\ndata: {"version":${version}}\n\n`;

/** Ends after these pieces, or stays open. */
function streamOf(pieces: readonly string[], how: 'ends' | 'breaks' | 'stays' = 'ends') {
  const encoder = new TextEncoder();
  return new Response(
    new ReadableStream({
      start(controller) {
        for (const piece of pieces) controller.enqueue(encoder.encode(piece));
        if (how === 'ends') controller.close();
        if (how === 'breaks') controller.error(new Error('reset'));
      },
    }),
  );
}

/** A client whose server answers these one after the other, and what it was asked. */
function following(
  answers: ((signal: AbortSignal | null | undefined) => Response | Promise<Response>)[],
  options: FollowOptions = {},
) {
  const asked: { url: string; lastEventId: string | null; signal: AbortSignal | null | undefined; atMs: number }[] = [];
  const client = createClient({
    url: 'https://rollcall.example.org',
    fetch: async (input, { headers, signal } = {}) => {
      const lastEventId = new Headers(headers).get('last-event-id');
      asked.push({
        url: input instanceof Request ? input.url : input.toString(),
        lastEventId,
        signal,
        atMs: Date.now(),
      });
      const answer = answers.shift();
      if (answer === undefined) throw new TypeError('fetch failed');
      return answer(signal);
    },
  });
  const states: string[] = [];
  const news = client.followCounts('e/1', { onState: (state) => states.push(state), ...options });
  const iterator = news[Symbol.asyncIterator]();
  return {
    asked,
    states,
    iterator,
    async next() {
      const result = iterator.next();
      // Whatever it waits for comes.
      const seen = { isThere: false };
      void result.then(() => (seen.isThere = true));
      for (let turns = 0; !seen.isThere && turns < 200; turns += 1) await vi.advanceTimersByTimeAsync(500);
      return result;
    },
    waits: () => asked.slice(1).map(({ atMs }, index) => atMs - (asked[index]?.atMs ?? 0)),
  };
}
const found = (version: number) => ({ done: false, value: { kind: 'found', value: { version } } });

it('gives the state, comes back when told to with the last id, and ends with a refusal that is final', async () => {
  const { next, asked, waits, states } = following([
    () => streamOf(['retry: 3000\n\n', frame(3)]),
    () => streamOf([': up to date\n\n', frame(4)]),
    () => problem(404, 'event-not-found'),
  ]);
  expect(await next()).toEqual(found(3));
  expect(await next()).toEqual(found(4));
  expect(await next()).toMatchObject({ value: { kind: 'refused', status: 404, code: 'event-not-found' } });
  expect(await next()).toEqual({ done: true, value: undefined });
  expect(asked.map(({ lastEventId }) => lastEventId)).toEqual([null, '3-c', '4-c']);
  expect(asked[0]?.url).toBe('https://rollcall.example.org/v1/events/e%2F1/live');
  for (const ms of waits()) expect(ms).toBeGreaterThanOrEqual(3000);
  expect(states).toEqual(['connecting', 'open', 'waiting', 'connecting', 'open', 'waiting', 'connecting']);
});

it('is served the newest of what has come together, and whole ones however they are cut', async () => {
  const { next } = following([
    () => streamOf([frame(1) + frame(2) + frame(3) + 'id: 4-c\nda', 'ta: {"version":4}\n\n']),
  ]);
  expect(await next()).toEqual(found(3));
  expect(await next()).toEqual(found(4));
});

it('goes on after a connection that broke, a server that is away, and one that is full', async () => {
  const { next, waits } = following([
    () => streamOf([frame(3)], 'breaks'),
    () => {
      throw new TypeError('fetch failed');
    },
    () => problem(503, 'too-many-streams', { 'retry-after': '8' }),
    () => new Response('<html>Bad gateway</html>', { status: 502 }),
    () => problem(429, 'too-many-requests'),
    () => streamOf([frame(5)]),
  ]);
  // A stream that errs loses what it had buffered.
  expect(await next()).toEqual(found(5));
  expect(waits()).toHaveLength(5);
  expect(waits()[2]).toBeGreaterThanOrEqual(8000);
});

it('gives up a connection that is silent', async () => {
  const { next, iterator, asked } = following(
    [() => streamOf([frame(3)], 'stays'), () => streamOf([frame(4)], 'stays')],
    {
      silenceMsMax: 1000,
    },
  );
  expect(await next()).toEqual(found(3));
  const second = iterator.next();
  await vi.advanceTimersByTimeAsync(999);
  expect(asked[0]?.signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[0]?.signal?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(2000);
  expect(await second).toEqual(found(4));
});

/** Takes the connection, and never answers. */
const unanswered = (signal: AbortSignal | null | undefined) =>
  new Promise<Response>((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });

it('gives up a server that does not answer', async () => {
  const { iterator, asked, states } = following([unanswered, () => streamOf([frame(4)], 'stays')], {
    silenceMsMax: 1000,
  });
  const first = iterator.next();
  await vi.advanceTimersByTimeAsync(999);
  expect(asked[0]?.signal?.aborted).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked[0]?.signal?.aborted).toBe(true);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(2);
  expect(await first).toEqual(found(4));
  expect(states).toEqual(['connecting', 'waiting', 'connecting', 'open']);
});

it('leaves the time for an answer behind once there is one', async () => {
  const { next, iterator, asked } = following([() => streamOf([frame(3)], 'stays')], { silenceMsMax: 1000 });
  expect(await next()).toEqual(found(3));
  expect(vi.getTimerCount()).toBe(0);
  await vi.advanceTimersByTimeAsync(5000);
  expect(asked[0]?.signal?.aborted).toBe(false);
  await iterator.return?.();
});

it('ends when it is told to as soon as it says that it waits', async () => {
  const abort = new AbortController();
  const onState = (state: string) => {
    if (state === 'waiting') abort.abort();
  };
  const { next, iterator, asked } = following([() => streamOf([frame(3)])], { signal: abort.signal, onState });
  expect(await next()).toEqual(found(3));
  const ending = vi.fn<(result: unknown) => void>();
  void iterator.next().then(ending);
  await vi.advanceTimersByTimeAsync(0);
  expect(ending).toHaveBeenCalledWith({ done: true, value: undefined });
  expect(asked).toHaveLength(1);
});

it('ends when it is told to, also while it waits', async () => {
  const abort = new AbortController();
  const { next, iterator, asked } = following([() => streamOf([frame(3)])], { signal: abort.signal });
  expect(await next()).toEqual(found(3));
  const ending = iterator.next();
  await vi.advanceTimersByTimeAsync(10);
  abort.abort();
  expect(await ending).toEqual({ done: true, value: undefined });
  expect(asked).toHaveLength(1);
});

it('lets go of the connection when whoever reads has had enough', async () => {
  const { next, iterator, asked } = following([() => streamOf([frame(3)], 'stays')]);
  expect(await next()).toEqual(found(3));
  await iterator.return?.();
  expect(asked[0]?.signal?.aborted).toBe(true);
});

it('tries later each time, spread out, and at once as told after it was connected', () => {
  const comeback = createComeback(() => 1);
  comeback.told(1000);
  expect([1, 2, 3, 4, 5, 6, 7].map(() => comeback.nextMs())).toEqual([
    1500, 3000, 6000, 12_000, 24_000, 45_000, 45_000,
  ]);
  expect(comeback.nextMs(4)).toBe(6000);
  comeback.connected();
  expect(comeback.nextMs()).toBe(1000);
  expect(comeback.nextMs()).toBe(1500);
  expect(createComeback(() => 0).nextMs()).toBe(2000);
});
