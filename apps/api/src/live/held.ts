/** What is there as long as somebody holds it. */
export interface Held<Key, Value> {
  readonly size: number;
  get(key: Key): Value | undefined;
  keys(): IterableIterator<Key>;
  values(): IterableIterator<Value>;
  /** Made anew when nobody has held it. Each holder calls `release` once. */
  hold(key: Key): { readonly value: Value; release(): void };
}

export function createHeld<Key, Value>(make: (key: Key) => Value): Held<Key, Value> {
  const all = new Map<Key, { readonly value: Value; holders: number }>();
  return {
    get size() {
      return all.size;
    },
    get: (key) => all.get(key)?.value,
    keys: () => all.keys(),
    *values() {
      for (const { value } of all.values()) yield value;
    },
    hold(key) {
      const one = all.get(key) ?? { value: make(key), holders: 0 };
      all.set(key, one);
      one.holders += 1;
      return {
        value: one.value,
        release() {
          one.holders -= 1;
          if (one.holders === 0) all.delete(key);
        },
      };
    },
  };
}
