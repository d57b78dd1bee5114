import { performance } from 'node:perf_hooks';
import { LRUCache } from 'lru-cache';
import { singleFlight } from '../single-flight.ts';

/** Answers that were read a moment ago, so that a crowd of readers costs one read and not one each. */
export interface Snapshots<Key, Value> {
  /** Without waiting: what is kept, and not too old. */
  peek(key: Key): Value | undefined;
  /** By a read that began at most so long ago as a snapshot may be old. Failures are not kept. */
  read(key: Key): Promise<Value | undefined>;
  /** By a read that begins now or later, shared by all who ask for that meanwhile. */
  renew(key: Key): Promise<Value | undefined>;
}

export interface SnapshotsOptions<Key, Value> {
  /** How old they may be, from the moment their read began, in ms; 0 keeps none. */
  readonly msMax: number;
  /** The sizes of all that are kept together; those that nobody asked for longest make room. */
  readonly sizeMax: number;
  readonly sizeOf: (value: Value, key: Key) => number;
  /** Must end by itself. Undefined: there is no such thing. */
  readonly read: (key: Key) => Promise<Value | undefined>;
}

export function createSnapshots<Key extends string, Value extends object>(
  options: SnapshotsOptions<Key, Value>,
): Snapshots<Key, Value> {
  const { msMax, sizeMax, sizeOf, read } = options;
  const kept = new LRUCache<Key, { readonly value: Value; readonly beganAt: number }>({
    maxSize: sizeMax,
    sizeCalculation: ({ value }, key) => sizeOf(value, key),
  });

  const shared = singleFlight(async (key: Key) => {
    const beganAt = performance.now();
    const value = await read(key);
    if (value === undefined || msMax === 0) kept.delete(key);
    else kept.set(key, { value, beganAt });
    return value;
  });

  return {
    peek(key) {
      const found = kept.get(key);
      return found !== undefined && performance.now() - found.beganAt < msMax ? found.value : undefined;
    },
    read: (key) => shared(key, msMax),
    renew: (key) => shared(key),
  };
}
