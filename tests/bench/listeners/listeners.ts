import { join } from 'node:path';
import type { Child } from '../child.ts';
import type { Stage } from '../stage.ts';
import type { ListenersReply, ListenersTask, Received } from './task.ts';

const main = join(import.meta.dirname, 'main.ts');

/** The process of the clients, from the bench's side. */
export interface Listeners extends AsyncDisposable {
  readonly process: Child;
  perform(task: ListenersTask): Promise<Received>;
}

export function startListeners(stage: Stage): Listeners {
  const child = stage.startChild('listeners', main, {});
  let pending: PromiseWithResolvers<Received> | undefined;
  child.onMessage((message) => {
    const reply = message as ListenersReply;
    if (reply.kind === 'done') pending?.resolve(reply.received);
    else pending?.reject(new Error(reply.message));
  });
  return {
    process: child,
    perform(task) {
      pending = Promise.withResolvers<Received>();
      child.send(task);
      return Promise.race([pending.promise, stage.died]);
    },
    [Symbol.asyncDispose]: () => child.stop(),
  };
}
