export interface TogetherOptions<Item> {
  /** How much one item is of what may be done at once; 1 each unless told otherwise. */
  readonly sizeOf?: (item: Item) => number;
  /** How much may be done at once; an item that is larger is done alone. */
  readonly sizeMax: number;
}

/**
 * Does together what is asked for while the last of it is under way: one call for many when there is much to do, and at
 * once what comes while nothing is.
 *
 * @param run its results stand in the order of the items; one that fails fails alone
 */
export function together<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly (Result | Promise<Result>)[]>,
  { sizeOf = () => 1, sizeMax }: TogetherOptions<Item>,
): (item: Item) => Promise<Result> {
  interface Asked {
    readonly item: Item;
    readonly resolve: (result: Result | Promise<Result>) => void;
    readonly reject: (reason: unknown) => void;
  }
  const waiting: Asked[] = [];
  let isRunning = false;

  /** From the front, as many as fit, and one at least. */
  function nextOnes(): readonly Asked[] {
    let size = 0;
    const end = waiting.findIndex(({ item }, index) => (size += sizeOf(item)) > sizeMax && index > 0);
    return waiting.splice(0, end < 0 ? waiting.length : end);
  }

  async function runAll(): Promise<void> {
    isRunning = true;
    while (waiting.length > 0) {
      const some = nextOnes();
      try {
        const results = await run(some.map(({ item }) => item));
        if (results.length !== some.length) throw new Error(`${results.length} results of ${some.length} things`);
        for (const [index, result] of results.entries()) some[index]?.resolve(result);
      } catch (error) {
        for (const { reject } of some) reject(error);
      }
    }
    isRunning = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isRunning) void runAll();
    });
}
