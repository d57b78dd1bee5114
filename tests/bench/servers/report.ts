import { preciseNow } from '../clock.ts';

/** From the bench to the worker: report when this many have been decided. */
export interface ReportRequest {
  readonly count: number;
}

/** From the worker to the bench: who was decided, and when, in ms since 1970. */
export interface DecisionReport {
  readonly userIds: readonly string[];
  readonly decidedAt: Float64Array;
}

/** Notes decisions until the bench has asked and there are as many as it asked for. */
export class Reporter {
  #userIds: string[] = [];
  #decidedAt: number[] = [];
  #wanted = Infinity;

  constructor() {
    process.on('message', ({ count }: ReportRequest) => {
      this.#wanted = count;
      this.#reportIfDue();
    });
  }

  decided(userId: string): void {
    this.#userIds.push(userId);
    this.#decidedAt.push(preciseNow());
    this.#reportIfDue();
  }

  #reportIfDue(): void {
    if (this.#userIds.length < this.#wanted) return;
    process.send?.({ userIds: this.#userIds, decidedAt: Float64Array.from(this.#decidedAt) } satisfies DecisionReport);
    this.#userIds = [];
    this.#decidedAt = [];
    this.#wanted = Infinity;
  }
}
