import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startProxy, type Proxy } from './proxy.ts';

const echo = createServer((socket) => socket.pipe(socket).on('error', () => undefined));
let way: Proxy;

beforeAll(async () => {
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  const address = echo.address();
  if (address === null || typeof address === 'string') throw new Error('an echo without a port');
  way = await startProxy({ host: '127.0.0.1', port: address.port });
});
afterAll(async () => {
  await way[Symbol.asyncDispose]();
  echo.close();
});

const pieces = Array.from({ length: 40 }, (_, n) => Buffer.alloc(1_000, n));
const whole = Buffer.concat(pieces);

/** What comes back of them. */
async function through(before: (index: number) => void, onPiece: () => void = () => undefined): Promise<Buffer> {
  const socket = connect(way.port, '127.0.0.1').setNoDelay(true);
  const came: Buffer[] = [];
  const all = new Promise<void>((resolve) => {
    socket.on('data', (piece) => {
      came.push(piece);
      onPiece();
      if (Buffer.concat(came).length >= whole.length) resolve();
    });
  });
  for (const [index, piece] of pieces.entries()) {
    before(index);
    socket.write(piece);
    // Most of them come by themselves then, and go on as the way is now.
    await delay(5);
  }
  await all;
  socket.destroy();
  return Buffer.concat(came);
}

it('keeps everything in order while the way changes', async () => {
  const ways = [{ delayMs: 30 }, { bytesPerSecond: 100_000 }, { delayMs: 0 }, { bytesPerSecond: Infinity }];
  const came = await through((index) => way.set(ways[index % ways.length] ?? {}));
  way.mend();
  expect(came.equals(whole)).toBe(true);
});

it('lets what is more than the way can bring wait', async () => {
  way.set({ bytesPerSecond: 100_000 });
  let waited = 0;
  const came = await through(
    () => undefined,
    () => (waited = Math.max(waited, way.waiting)),
  );
  way.mend();
  expect(came.equals(whole)).toBe(true);
  expect(waited).toBeGreaterThan(1_000);
  expect(way.waiting).toBe(0);
});
