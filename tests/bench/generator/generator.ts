import type { Child } from '../child.ts';
import type { Task, TaskResults } from './task.ts';

type Reply = { readonly result: TaskResults[keyof TaskResults] } | { readonly error: string };

/** The generator's process as the bench sees it. */
export class Generator {
  readonly process: Child;
  #waiting: ((reply: Reply) => void) | undefined;

  constructor(process: Child) {
    this.process = process;
    process.onMessage((message) => {
      this.#waiting?.(message as Reply);
      this.#waiting = undefined;
    });
  }

  /** @throws Error when the task could not be done. */
  async perform<Kind extends Task['kind']>(task: Extract<Task, { kind: Kind }>): Promise<TaskResults[Kind]> {
    if (this.#waiting !== undefined) throw new Error('the generator does one task at a time');
    const { promise, resolve } = Promise.withResolvers<Reply>();
    this.#waiting = resolve;
    this.process.send(task);
    const reply = await promise;
    if ('error' in reply) throw new Error(`the generator: ${reply.error}`);
    return reply.result as TaskResults[Kind];
  }
}
