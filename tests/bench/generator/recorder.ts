import { preciseNow } from '../clock.ts';
import type { Exchanges, Statuses } from './task.ts';

/** Notes when each request went and when its answer was complete. */
export class Recorder {
  readonly sentAt: Float64Array;
  readonly answeredAt: Float64Array;
  /** Resolves with the last answer. */
  readonly allAnswered: Promise<void>;
  readonly statusOf: Uint16Array;
  readonly #finish: () => void;
  #open: number;

  constructor(count: number) {
    this.sentAt = new Float64Array(count);
    this.answeredAt = new Float64Array(count);
    this.statusOf = new Uint16Array(count);
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
    this.statusOf[place] = status;
    this.leftOut();
  }

  /** One that is not sent is not waited for. */
  leftOut(): void {
    this.#open -= 1;
    if (this.#open === 0) this.#finish();
  }

  result(): Exchanges {
    return { statuses: countStatuses(this.statusOf), sentAt: this.sentAt, answeredAt: this.answeredAt };
  }
}

export function countStatuses(statusOf: Uint16Array): Statuses {
  const counts = new Map<number, number>();
  for (const status of statusOf) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}
