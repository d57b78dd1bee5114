import { performance } from 'node:perf_hooks';
import { setImmediate } from 'node:timers/promises';

/** How long one answer may keep the event loop before the others have their turn, in ms. */
const turnMsMax = 10;

/** The same items, with turns for others in between: what is there already comes without one, however much it is. */
export async function* inTurns<Item>(items: AsyncIterable<Item>): AsyncGenerator<Item, void, undefined> {
  let begunAtMs = performance.now();
  for await (const item of items) {
    yield item;
    if (performance.now() - begunAtMs < turnMsMax) continue;
    await setImmediate();
    begunAtMs = performance.now();
  }
}
