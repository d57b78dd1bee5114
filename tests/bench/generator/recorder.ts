import { preciseNow } from '../clock.ts';
import type { Exchanges } from './task.ts';

/** Notes when each request went and when its answer was complete. */
export class Recorder {
  readonly sentAt: Float64Array;
  readonly answeredAt: Float64Array;
  /** Resolves with the last answer. */
  readonly allAnswered: Promise<void>;
  readonly #statuses = new Map<number, number>();
  readonly #finish: () => void;
  #open: number;

  constructor(count: number) {
    this.sentAt = new Float64Array(count);
    this.answeredAt = new Float64Array(count);
    this.#open = count;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.allAnswered = promise;
    this.#finish = resolve;
  }

  sent(place: number): void {
    this.sentAt[place] = preciseNow();
  }

  answered(place: number, status: number): void {
    this.answeredAt[place] = preciseNow();
    this.#statuses.set(status, (this.#statuses.get(status) ?? 0) + 1);
    this.#open -= 1;
    if (this.#open === 0) this.#finish();
  }

  result(): Exchanges {
    return { statuses: this.#statuses, sentAt: this.sentAt, answeredAt: this.answeredAt };
  }
}
