/** What people have begun and not ended: requests, thinking, waiting to come again. */
export class Tasks {
  #open = 0;
  readonly #waiting: (() => void)[] = [];

  get open(): number {
    return this.#open;
  }

  begin(): void {
    this.#open += 1;
  }

  end(): void {
    this.#open -= 1;
    if (this.#open > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  /** Until nothing is open. */
  async allEnded(): Promise<void> {
    if (this.#open === 0) return;
    await new Promise<void>((resolve) => void this.#waiting.push(resolve));
  }
}
