import { Worker, type Job, type Processor, type WorkerOptions } from 'bullmq';
import type { WritePause } from './write-pause.ts';

/**
 * A BullMQ worker that waits while Redis is full. BullMQ itself waits after a refused fetch neither by `runRetryDelay`, which
 * is for broken connections, nor in any other way: it fetches again at once.
 */
export class PausingWorker<Data> extends Worker<Data> {
  readonly #writes: WritePause;
  readonly #stopping: AbortSignal;

  /** `stopping`: aborted before it is closed, so that nothing is waited for then. */
  constructor(
    name: string,
    process: Processor<Data>,
    options: WorkerOptions,
    { writes, stopping }: { readonly writes: WritePause; readonly stopping: AbortSignal },
  ) {
    super(name, process, options);
    this.#writes = writes;
    this.#stopping = stopping;
  }

  /** BullMQ's own step that takes the next job; it has none of its own errors for a full Redis, so the refusal is read. */
  protected override async moveToActive(token: string, name?: string): Promise<Job<Data>> {
    for (;;) {
      await this.#writes.over(this.#stopping);
      try {
        return await super.moveToActive(token, name);
      } catch (error) {
        if (!this.#writes.noticed(error) || this.#stopping.aborted) throw error;
      }
    }
  }
}
