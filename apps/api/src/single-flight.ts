/**
 * Shares the work of callers who ask for the same at the same time. Who comes while a turn is under way gets the next one,
 * which they all share: a turn that began before they asked could miss what they know to have happened.
 */
export function singleFlight<Key, Value>(work: (key: Key) => Promise<Value>): (key: Key) => Promise<Value> {
  const running = new Map<Key, { turn: Promise<Value>; next: Promise<Value> | undefined }>();

  function start(key: Key): Promise<Value> {
    const flight: { turn: Promise<Value>; next: Promise<Value> | undefined } = { turn: work(key), next: undefined };
    running.set(key, flight);
    const land = () => {
      if (flight.next === undefined) running.delete(key);
    };
    flight.turn.then(land, land);
    return flight.turn;
  }

  return (key) => {
    const flight = running.get(key);
    if (flight === undefined) return start(key);
    flight.next ??= flight.turn.then(
      () => start(key),
      () => start(key),
    );
    return flight.next;
  };
}
