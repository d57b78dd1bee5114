import { newHistogram, record, type Histogram } from './histogram.ts';

/** What is sent. `poll` asks what became of a command; `look` for one's own registration. */
export const kinds = ['sign-up', 'cancel', 'staff', 'look', 'read', 'poll'] as const;
export type Kind = (typeof kinds)[number];

/** What can be seen apart on a plot: commands have to be decided, reads do not. */
export const groups = ['commands', 'reads'] as const;
export type Group = (typeof groups)[number];

const groupOf: Readonly<Record<Kind, Group>> = {
  'sign-up': 'commands',
  cancel: 'commands',
  staff: 'commands',
  look: 'reads',
  read: 'reads',
  poll: 'reads',
};

/** One second of a run. Latency stands in the second in which a request was due, everything else in that in which it happened. */
export interface Second {
  sent: number;
  answered: number;
  /** Told to come again: 429 and 503. */
  turnedAway: number;
  /** The greatest `ahead` that somebody was told; undefined when nobody was. */
  aheadMax: number | undefined;
  readonly latency: Partial<Record<Group, Histogram>>;
  lag: Histogram | undefined;
}

/** Notes what happened to requests. Times are ms since the start of the run, and may be before it. */
export class Recorder {
  /** From the instant at which a request was due to the end of its answer; of what was due after the warm-up. */
  readonly latency = new Map<Kind, Histogram>();
  /** From the instant at which a command was due first to when whoever sent it knew the decision, through all repeats and polls. */
  readonly decision = newHistogram();
  /** From the instant at which a request was due to when it went: what the generator is late. */
  readonly lag = newHistogram();
  /** How often each answer was given, as `201` or `503 busy`. */
  readonly answers = new Map<Kind, Map<string, number>>();
  readonly seconds: Second[] = [];
  /** All that was sent, also in the warm-up; how much of it has been answered. */
  sent = 0;
  answered = 0;
  turnedAway = 0;
  /** The last `ahead` that anybody was told. */
  aheadLatest = 0;
  /** Since it was looked at last: for whoever watches. */
  #recent = { latency: newHistogram(2), lag: newHistogram(2) };
  readonly #warmUpMs: number;

  constructor(warmUpMs: number) {
    this.#warmUpMs = warmUpMs;
  }

  wentOut(dueMs: number, sentMs: number): void {
    this.sent += 1;
    const second = this.#secondAt(sentMs);
    second.sent += 1;
    record((second.lag ??= newHistogram(2)), sentMs - dueMs);
    record(this.#recent.lag, sentMs - dueMs);
    if (dueMs >= this.#warmUpMs) record(this.lag, sentMs - dueMs);
  }

  /** `answer`: as it is counted. */
  cameBack(kind: Kind, dueMs: number, atMs: number, answer: string): void {
    this.answered += 1;
    this.#secondAt(atMs).answered += 1;
    record(this.#recent.latency, atMs - dueMs);
    const { latency } = this.#secondAt(dueMs);
    record((latency[groupOf[kind]] ??= newHistogram(2)), atMs - dueMs);
    if (dueMs < this.#warmUpMs) return;
    record(entryOf(this.latency, kind, newHistogram), atMs - dueMs);
    const counts = entryOf(this.answers, kind, () => new Map<string, number>());
    counts.set(answer, (counts.get(answer) ?? 0) + 1);
  }

  wasTurnedAway(atMs: number): void {
    this.turnedAway += 1;
    this.#secondAt(atMs).turnedAway += 1;
  }

  wasTold(ahead: number, atMs: number): void {
    this.aheadLatest = ahead;
    const second = this.#secondAt(atMs);
    second.aheadMax = Math.max(second.aheadMax ?? 0, ahead);
  }

  isKnown(dueMs: number, atMs: number): void {
    if (dueMs >= this.#warmUpMs) record(this.decision, atMs - dueMs);
  }

  /** What was answered, and what went, since this was asked last. */
  takeRecent(): { readonly latency: Histogram; readonly lag: Histogram } {
    const recent = this.#recent;
    this.#recent = { latency: newHistogram(2), lag: newHistogram(2) };
    return recent;
  }

  #secondAt(ms: number): Second {
    const index = Math.max(0, Math.floor(ms / 1000));
    while (this.seconds.length <= index) this.seconds.push(newSecond());
    return this.seconds[index] ?? newSecond();
  }
}

const newSecond = (): Second => ({
  sent: 0,
  answered: 0,
  turnedAway: 0,
  aheadMax: undefined,
  latency: {},
  lag: undefined,
});

function entryOf<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
