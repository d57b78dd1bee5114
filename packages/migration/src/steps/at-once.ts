/**
 * Works on items as they come, so many at once at most, and ends when all are done. The first failure ends it: nothing new is
 * begun, what is under way is waited for, and the failure thrown.
 */
export async function atOnce<Item>(
  items: AsyncIterable<Item> | Iterable<Item>,
  atOnceMax: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  try {
    for await (const item of items) {
      if (failure !== undefined) break;
      const one: Promise<void> = work(item)
        .catch((error: unknown) => {
          failure ??= { error };
        })
        .finally(() => running.delete(one));
      running.add(one);
      if (running.size >= atOnceMax) await Promise.race(running);
    }
  } catch (error) {
    failure ??= { error };
  }
  await Promise.all(running);
  if (failure !== undefined) throw failure.error;
}

/** In groups of at most so many, in their order. */
export async function* grouped<Item>(
  items: AsyncIterable<Item>,
  groupMax: number,
): AsyncGenerator<Item[], void, undefined> {
  let group: Item[] = [];
  for await (const item of items) {
    group.push(item);
    if (group.length < groupMax) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}

/** The same of what is there already. */
export function inGroups<Item>(items: Iterable<Item>, groupMax: number): readonly (readonly Item[])[] {
  const all = [...items];
  const groups: (readonly Item[])[] = [];
  for (let start = 0; start < all.length; start += groupMax) groups.push(all.slice(start, start + groupMax));
  return groups;
}
