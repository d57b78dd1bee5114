/**
 * What comes while somebody works on what came before, together and each item once: so nobody who comes often is worked on
 * more often than once at a time. Ends, or fails, with the source.
 */
export async function* coalesced<Item>(source: AsyncIterable<readonly Item[]>): AsyncGenerator<readonly Item[]> {
  const waiting = new Set<Item>();
  let ended = false;
  let failure: { readonly error: unknown } | undefined;
  let wake: () => void = () => undefined;
  async function read(): Promise<void> {
    try {
      for await (const items of source) {
        for (const item of items) waiting.add(item);
        wake();
      }
    } catch (error) {
      failure = { error };
    }
    ended = true;
    wake();
  }
  void read();
  for (;;) {
    if (waiting.size > 0) {
      const items = [...waiting];
      waiting.clear();
      yield items;
    } else if (ended) {
      if (failure !== undefined) throw failure.error;
      return;
    } else {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  }
}
