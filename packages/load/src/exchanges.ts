import type { Connections, Sending } from './http/connections.ts';
import type { Reply } from './http/exchange.ts';
import { labelOf } from './outcome.ts';
import type { Kind, Recorder } from './recorder.ts';
import type { Tasks } from './tasks.ts';

export interface ExchangesOptions {
  readonly connections: Connections;
  readonly recorder: Recorder;
  readonly tasks: Tasks;
  /** ms since the start of the run, as all times here */
  readonly now: () => number;
  /** Answers that nobody should get, by what they were. */
  readonly wrong: Map<string, number>;
}

/** Requests and waits, each of them noted. */
export interface Exchanges {
  send(kind: Kind, dueMs: number, sending: Sending, onReply: (reply: Reply, sentMs: number) => void): void;
  /** When so much time has passed; `act` is told when that was due. */
  later(ms: number, act: (dueMs: number) => void): void;
  noteWrong(kind: Kind, reply: Reply): void;
}

export function createExchanges({ connections, recorder, tasks, now, wrong }: ExchangesOptions): Exchanges {
  return {
    send(kind, dueMs, sending, onReply) {
      let sentMs = dueMs;
      tasks.begin();
      connections.send(
        sending,
        () => {
          sentMs = now();
          recorder.wentOut(dueMs, sentMs);
        },
        (reply) => {
          recorder.cameBack(kind, dueMs, now(), labelOf(reply));
          onReply(reply, sentMs);
          tasks.end();
        },
      );
    },
    later(ms, act) {
      const dueMs = now() + ms;
      tasks.begin();
      setTimeout(() => {
        act(dueMs);
        tasks.end();
      }, ms);
    },
    noteWrong(kind, reply) {
      const what = `${kind}: ${labelOf(reply)}`;
      wrong.set(what, (wrong.get(what) ?? 0) + 1);
    },
  };
}
