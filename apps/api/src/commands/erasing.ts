import type { UserId } from '@rollcall/domain';
import { eraseUser, type ErasedEvent, type ErasePorts, type EraseRequest } from '@rollcall/engine';
import { DeadlineError, within } from '../within.ts';

export interface ErasingOptions {
  readonly ports: ErasePorts;
  /** How long a request waits for the end, in ms. */
  readonly waitMsMax: number;
  /** How long one decision is waited for, in ms. */
  readonly decisionMsMax: number;
  /** How long the end of an erasure is kept for whoever asked for it, in ms. */
  readonly keptMs: number;
}

type Erasing =
  /** Somebody else is being erased. */
  | { readonly kind: 'busy' }
  | { readonly kind: 'erased'; readonly events: readonly ErasedEvent[]; readonly complete: boolean };

export interface Eraser {
  /**
   * Begins to erase the user, or goes on: what takes longer than a request may is asked for again. At most one user at a
   * time. @throws what the servers do
   */
  erase(userId: UserId, actor: EraseRequest['actor']): Promise<Erasing>;
  /** Breaks it off, for it would keep the process from stopping; whoever asks again has it taken up. */
  close(): void;
}

interface Running {
  readonly userId: UserId;
  readonly events: ErasedEvent[];
  readonly ending: Promise<boolean>;
  isOver: boolean;
}

export function createEraser({ ports, waitMsMax, decisionMsMax, keptMs }: ErasingOptions): Eraser {
  const closing = new AbortController();
  let running: Running | undefined;

  function begin(userId: UserId, actor: EraseRequest['actor']): Running {
    const events: ErasedEvent[] = [];
    const { signal } = closing;
    const onEvent = (event: ErasedEvent) => void events.push(event);
    const report = eraseUser(ports, { userId, actor, decisionMsMax, signal, onEvent });
    const begun: Running = { userId, events, ending: report.then(({ complete }) => complete), isOver: false };
    const forget = () => {
      if (running === begun) running = undefined;
    };
    const end = () => {
      begun.isOver = true;
      // Nobody may ever come for it.
      setTimeout(forget, keptMs).unref();
    };
    begun.ending.then(end, end);
    return begun;
  }

  return {
    async erase(userId, actor) {
      if (running !== undefined && running.userId !== userId && !running.isOver) return { kind: 'busy' };
      if (running?.userId !== userId) running = begin(userId, actor);
      const own = running;
      try {
        const complete = await within(waitMsMax, own.ending).catch((error: unknown) => {
          if (error instanceof DeadlineError) return false;
          throw error;
        });
        return { kind: 'erased', events: own.events, complete };
      } finally {
        if (own.isOver && running === own) running = undefined;
      }
    },
    close: () => closing.abort(),
  };
}
