import { performance } from 'node:perf_hooks';

interface Flight<Value> {
  readonly turn: Promise<Value>;
  readonly beganAt: number;
  next: Promise<Value> | undefined;
}

/**
 * Shares the work of callers who ask for the same at the same time. Who comes while a turn is under way gets the next one,
 * which they all share: a turn that began before they asked could miss what they know to have happened. Who says that an
 * answer may be `msMax` old joins a turn that began that recently. Work must end by itself, for nobody overtakes it.
 */
export function singleFlight<Key, Value>(
  work: (key: Key) => Promise<Value>,
): (key: Key, msMax?: number) => Promise<Value> {
  const running = new Map<Key, Flight<Value>>();

  function start(key: Key): Promise<Value> {
    const flight: Flight<Value> = { beganAt: performance.now(), turn: work(key), next: undefined };
    running.set(key, flight);
    const land = () => {
      if (flight.next === undefined) running.delete(key);
    };
    flight.turn.then(land, land);
    return flight.turn;
  }

  return (key, msMax = 0) => {
    const flight = running.get(key);
    if (flight === undefined) return start(key);
    if (performance.now() - flight.beganAt < msMax) return flight.turn;
    flight.next ??= flight.turn.then(
      () => start(key),
      () => start(key),
    );
    return flight.next;
  };
}
