export interface GatheredOptions<Item, Result> {
  /** Items of different keys go by different calls: those of a Redis Cluster may be on different servers. */
  readonly keyOf: (item: Item) => string;
  /** Its results stand in the order of the items. */
  readonly send: (items: readonly Item[]) => Promise<readonly Result[]>;
}

/** Items per call of a script: it keeps Redis from everything else for well under a millisecond. */
const itemsPerCallMax = 64;

/**
 * Sends what comes in one turn of the event loop together, per key and in order: one script call that takes several one
 * after the other is the same as a call each, and costs Redis less than half as much.
 */
export function gathered<Item, Result>({
  keyOf,
  send,
}: GatheredOptions<Item, Result>): (item: Item) => Promise<Result> {
  interface Asked {
    readonly item: Item;
    readonly resolve: (result: Result) => void;
    readonly reject: (error: unknown) => void;
  }
  let gathering: Asked[] = [];

  async function sendSome(some: readonly Asked[]): Promise<void> {
    try {
      const results = await send(some.map(({ item }) => item));
      if (results.length !== some.length) throw new Error(`${results.length} results of ${some.length} things`);
      for (const [index, result] of results.entries()) some[index]?.resolve(result);
    } catch (error) {
      for (const { reject } of some) reject(error);
    }
  }

  function flush(): void {
    const due = gathering;
    gathering = [];
    for (const all of Map.groupBy(due, ({ item }) => keyOf(item)).values()) {
      for (let start = 0; start < all.length; start += itemsPerCallMax) {
        void sendSome(all.slice(start, start + itemsPerCallMax));
      }
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      if (gathering.length === 0) setImmediate(flush);
      gathering.push({ item, resolve, reject });
    });
}
