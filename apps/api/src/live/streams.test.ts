import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { UserId } from '@rollcall/domain';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { answering, type Answering } from '../testing/answering.ts';
import type { EndReason, LiveStream } from './stream.ts';
import { createLiveStreams, type LiveStreams, type LiveStreamsOptions } from './streams.ts';

const open: Answering[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((answer) => answer.close()));
});

const state = (text: string) => Buffer.from(`data: ${text}\n\n`);
/** More than the kernel takes for a connection that nobody reads from. */
const huge = (text: string) => state(text.padEnd(16 * 2 ** 20, '.'));

function streamsOf(options: Partial<LiveStreamsOptions> = {}) {
  const ended: EndReason[] = [];
  const clock = { ms: 0 };
  const streams = createLiveStreams({
    countMax: 10,
    perAddressMax: 10,
    perUserMax: 10,
    heartbeatMs: 20,
    stalledMsMax: 1000,
    streamMsMax: 60_000,
    retryMs: 2000,
    returnSpreadMs: 10_000,
    elapsed: () => clock.ms,
    random: () => 0.5,
    onEnded: (_kind, reason) => ended.push(reason),
    onError: (error) => {
      throw error;
    },
    ...options,
  });
  return { streams, ended, clock };
}

async function listen(streams: LiveStreams, frame = state('first'), endsInMsMax = Infinity) {
  const answer = await answering();
  open.push(answer);
  const place = streams.admit({ address: 'a', userId: undefined });
  const stream = place?.open('counts', answer.raw, endsInMsMax, () => undefined);
  if (stream === undefined) throw new Error('not admitted');
  stream.begin(streams.retryMs(), frame, false);
  return { ...answer, stream };
}

const seen = (text: () => string, part: string) => vi.waitFor(() => expect(text()).toContain(part), 10_000);

/** Until the client has got it all, and the kernel has told us so. */
async function settled(stream: LiveStream, text: () => string, name: string): Promise<void> {
  stream.offer(state(name));
  await seen(text, name);
}

describe('a stream', () => {
  it('begins with the time to come back and the state, and is sent what is new', async () => {
    const { streams } = streamsOf();
    const { stream, text } = await listen(streams);
    await seen(text, 'retry: 3000\n\ndata: first\n\n');
    stream.offer(state('second'));
    await seen(text, 'data: second\n\n');
    expect(streams.count('counts')).toBe(1);
  });

  it('is not sent again what the client has', async () => {
    const { streams } = streamsOf();
    const { stream, text } = await listen(streams);
    await seen(text, 'first');
    const second = state('second');
    stream.offer(second);
    await seen(text, 'second');
    stream.offer(second);
    await settled(stream, text, 'third');
    expect(text().split('data: second')).toHaveLength(2);
  });

  it('of a client that has the state begins with a comment', async () => {
    const { streams } = streamsOf();
    const answer = await answering();
    open.push(answer);
    const stream = streams.admit({ address: 'a', userId: undefined })?.open('counts', answer.raw, 9e9, () => undefined);
    stream?.begin(7, state('first'), true);
    await seen(answer.text, 'retry: 7\n\n: up to date\n\n');
    expect(answer.text()).not.toContain('first');
  });

  it('of a client that does not read keeps what is on its way and the newest, which comes when it reads again', async () => {
    const { streams } = streamsOf();
    const { stream, raw, client, text } = await listen(streams);
    await seen(text, 'first');
    client.pause();
    stream.offer(huge('stuck'));
    const buffered = raw.writableLength;
    for (let n = 0; n < 1000; n += 1) stream.offer(state(`skipped-${n}.`));
    stream.offer(state('newest'));
    expect(raw.writableLength).toBe(buffered);
    client.resume();
    await seen(text, 'data: newest\n\n');
    expect(text()).toContain('stuck');
    expect(text()).not.toContain('skipped');
  });

  it('of a client that takes nothing is broken off after a while, and not before', async () => {
    const { streams, clock, ended } = streamsOf();
    const { stream, client, text } = await listen(streams);
    await seen(text, 'first');
    client.pause();
    stream.offer(huge('stuck'));
    clock.ms = 1000;
    stream.tend();
    expect(ended).toEqual([]);
    clock.ms = 1001;
    stream.tend();
    await vi.waitFor(() => expect(ended).toEqual(['stalled']), 10_000);
    expect(streams.count('counts')).toBe(0);
  });

  it('gives a sign of life when it has been quiet, but not to who has not taken what was sent', async () => {
    const { streams, clock } = streamsOf();
    const { stream, client, raw, text } = await listen(streams);
    await settled(stream, text, 'second');
    const before = text().length;
    await vi.waitFor(() => {
      clock.ms += 20;
      stream.tend();
      expect(text().slice(before)).toContain('\n:\n\n');
    }, 10_000);
    client.pause();
    stream.offer(huge('stuck'));
    const buffered = raw.writableLength;
    clock.ms += 500;
    stream.tend();
    expect(raw.writableLength).toBe(buffered);
  });

  it.each([
    ['its own time is over', 60_000 * 0.95, Infinity],
    ['its client may not listen any longer', 500, 500],
  ])('ends when %s', async (_why, endsAtMs, endsInMsMax) => {
    const { streams, clock, ended } = streamsOf();
    const { stream, text } = await listen(streams, state('first'), endsInMsMax);
    await seen(text, 'first');
    clock.ms = endsAtMs - 1;
    stream.tend();
    clock.ms = endsAtMs;
    stream.tend();
    await vi.waitFor(() => expect(ended).toEqual(['time']), 10_000);
    await seen(text, '\r\n0\r\n\r\n');
  });

  it('is over when the client leaves', async () => {
    const { streams, ended } = streamsOf();
    const { client, stream } = await listen(streams);
    client.destroy();
    await vi.waitFor(() => expect(ended).toEqual(['left']), 10_000);
    stream.offer(state('for nobody'));
    stream.tend();
    expect(streams.count('counts')).toBe(0);
  });
});

describe('places', () => {
  const ann = { address: 'a', userId: 'ann' as UserId };

  it.each([
    ['all', { countMax: 2 }, { address: 'c', userId: undefined }],
    ['an address', { perAddressMax: 2 }, { address: 'a', userId: 'bob' as UserId }],
    ['a user', { perUserMax: 2 }, { address: 'c', userId: 'ann' as UserId }],
  ])('of %s are limited, and free again when left', (_whose, options, another) => {
    const { streams } = streamsOf(options);
    const places = [streams.admit(ann), streams.admit(ann)];
    expect(streams.admit(another)).toBeUndefined();
    const isForAnother = streams.admit({ address: 'c', userId: 'cem' as UserId }) !== undefined;
    expect(isForAnother).toBe(!('countMax' in options));
    places[0]?.leave();
    places[0]?.leave();
    expect(streams.admit(another)).toBeDefined();
    expect(streams.admit(another)).toBeUndefined();
  });

  it('are free again when a stream is over', async () => {
    const { streams } = streamsOf({ countMax: 1 });
    const { client } = await listen(streams);
    expect(streams.admit(ann)).toBeUndefined();
    client.destroy();
    await vi.waitFor(() => expect(streams.admit(ann)).toBeDefined(), 10_000);
  });

  it('are of no use to a client that has gone meanwhile', async () => {
    const { streams } = streamsOf({ countMax: 1 });
    const answer = await answering();
    open.push(answer);
    const place = streams.admit(ann);
    answer.client.destroy();
    await vi.waitFor(() => expect(answer.raw.destroyed).toBe(true), 10_000);
    expect(place?.open('counts', answer.raw, 9e9, () => undefined)).toBeUndefined();
    expect(streams.admit(ann)).toBeDefined();
  });

  it('are not taken by who has to wait for another answer on the same connection', () => {
    const { streams } = streamsOf({ countMax: 1 });
    const behind = new ServerResponse(new IncomingMessage(new Socket()));
    expect(streams.admit(ann)?.open('counts', behind, 9e9, () => undefined)).toBeUndefined();
    expect(streams.count('counts')).toBe(0);
    expect(streams.admit(ann)).toBeDefined();
  });
});

describe('stopping', () => {
  it('tells each client when to come back, ends all of them, and admits nobody', async () => {
    let turn = 0;
    const { streams, ended, clock } = streamsOf({ random: () => (turn += 0.1) % 1 });
    streams.start();
    const clients = [await listen(streams), await listen(streams)];
    const late = streams.admit({ address: 'b', userId: undefined });
    await streams.close();
    for (const { text } of clients) await seen(text, '\r\n0\r\n\r\n');
    const last = clients.map(({ text }) => [...text().matchAll(/retry: (\d+)/g)].at(-1)?.[1]);
    expect(new Set(last).size).toBe(2);
    for (const ms of last.map(Number)) {
      expect(ms).toBeGreaterThan(2000);
      expect(ms).toBeLessThan(12_000);
    }
    expect(ended).toEqual(['shutdown', 'shutdown']);
    expect(clock.ms).toBe(0);
    expect(streams.admit({ address: 'b', userId: undefined })).toBeUndefined();
    const answer = await answering();
    open.push(answer);
    expect(late?.open('counts', answer.raw, 9e9, () => undefined)).toBeUndefined();
  });

  it('does not wait for a client that takes nothing', async () => {
    const clock = { ms: 0 };
    const { streams, ended } = streamsOf({ elapsed: () => (clock.ms += 100) });
    const { stream, client, text } = await listen(streams);
    await seen(text, 'first');
    client.pause();
    stream.offer(huge('stuck'));
    await streams.close();
    await vi.waitFor(() => expect(ended).toEqual(['shutdown']), 10_000);
  });
});
