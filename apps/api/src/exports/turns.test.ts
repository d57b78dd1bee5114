import { expect, it } from 'vitest';
import { inTurns } from './turns.ts';

async function* endless(): AsyncGenerator<number, void, undefined> {
  for (let n = 0; ; n += 1) yield n;
}

it('gives others their turn between items that come without a wait', async () => {
  let isTurn = false;
  setImmediate(() => (isTurn = true));
  let expected = 0;
  for await (const item of inTurns(endless())) {
    expect(item).toBe(expected);
    expected += 1;
    if (isTurn) break;
  }
  expect(isTurn).toBe(true);
});
