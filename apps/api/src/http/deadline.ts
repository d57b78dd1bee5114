import { performance } from 'node:perf_hooks';
import { within } from '../within.ts';

/**
 * By when a request must have been answered as far as servers are concerned. All that it asks of them, one after the other
 * or of a turn that others began, takes from this one allowance.
 */
export class Deadline {
  /** Has an answer come at the last moment, the next question gets a fair chance, and the request still ends within 2 s. */
  static readonly #lastMs = 100;
  readonly #atMs: number;

  /** Runs from here: how long a client takes to send its body is not the servers' fault. */
  constructor(msMax: number) {
    this.#atMs = performance.now() + msMax;
  }

  /** What `work` gives, if it is there in time and within `msMax` of its own. @throws DeadlineError */
  bound<T>(work: Promise<T>, msMax = Number.POSITIVE_INFINITY): Promise<T> {
    const msLeft = Math.max(Deadline.#lastMs, this.#atMs - performance.now());
    return within(Math.min(msMax, msLeft), work);
  }
}
