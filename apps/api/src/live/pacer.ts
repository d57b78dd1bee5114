/** What the process may send to all clients together. */
export interface SendBudget {
  /** No dispatch begins before. */
  readonly freeAtMs: number;
  spend(startedAtMs: number, sends: number): void;
}

export function createSendBudget(sendsPerSecondMax: number): SendBudget {
  let freeAtMs = 0;
  return {
    get freeAtMs() {
      return freeAtMs;
    },
    spend(startedAtMs, sends) {
      freeAtMs = Math.max(freeAtMs, startedAtMs) + (sends * 1000) / sendsPerSecondMax;
    },
  };
}

type Next<Key> =
  | { readonly kind: 'send'; readonly key: Key }
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'idle' };

/**
 * Says whose turn it is. Who is wanted gets a turn once its pause is over and the budget allows it, first come, first
 * served; however often it was wanted meanwhile, it is one turn, and what was wanted last is never left out. Knows no
 * clock: times are whatever the caller measures, in ms.
 */
export interface Pacer<Key> {
  want(key: Key): void;
  /** After `send`, the key's turn lasts until `sent`. */
  next(nowMs: number): Next<Key>;
  sent(key: Key, startedAtMs: number, sends: number): void;
}

export interface PacerOptions {
  /** From the beginning of a turn to that of the key's next one. */
  readonly pauseMs: number;
  readonly budget: SendBudget;
}

export function createPacer<Key>({ pauseMs, budget }: PacerOptions): Pacer<Key> {
  const ready = new Set<Key>();
  /** Whose turn it is, and whether they are wanted again. */
  const sending = new Map<Key, boolean>();
  /** Who had a turn a moment ago, in order. */
  const resting = new Map<Key, { readonly untilMs: number; wanted: boolean }>();
  let restingWanted = 0;

  function wake(nowMs: number): void {
    for (const [key, { untilMs, wanted }] of resting) {
      if (untilMs > nowMs) return;
      resting.delete(key);
      if (!wanted) continue;
      restingWanted -= 1;
      ready.add(key);
    }
  }

  return {
    want(key) {
      const rest = resting.get(key);
      if (sending.has(key)) sending.set(key, true);
      else if (rest === undefined) ready.add(key);
      else if (!rest.wanted) {
        rest.wanted = true;
        restingWanted += 1;
      }
    },
    next(nowMs) {
      wake(nowMs);
      for (const key of ready) {
        if (budget.freeAtMs > nowMs) return { kind: 'wait', ms: budget.freeAtMs - nowMs };
        ready.delete(key);
        sending.set(key, false);
        return { kind: 'send', key };
      }
      if (restingWanted === 0) return { kind: 'idle' };
      const [first] = resting.values();
      return { kind: 'wait', ms: (first?.untilMs ?? nowMs) - nowMs };
    },
    sent(key, startedAtMs, sends) {
      const wanted = sending.get(key) ?? false;
      sending.delete(key);
      budget.spend(startedAtMs, sends);
      resting.set(key, { untilMs: startedAtMs + pauseMs, wanted });
      if (wanted) restingWanted += 1;
    },
  };
}
