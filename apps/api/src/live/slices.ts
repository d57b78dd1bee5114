import { setImmediate as nextTurn } from 'node:timers/promises';

/** So many are served in a few milliseconds. */
const sliceSize = 250;

/** Visits all of them, and lets the process do something else after each slice. What is added meanwhile is visited too. */
export async function inSlices<Item>(items: Iterable<Item>, visit: (item: Item) => void): Promise<void> {
  let left = sliceSize;
  for (const item of items) {
    if (left === 0) {
      await nextTurn();
      left = sliceSize;
    }
    visit(item);
    left -= 1;
  }
}
