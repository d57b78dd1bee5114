import type { CommandId, EventId } from '@rollcall/domain';
import type { Book } from './book.ts';
import { createExchanges, type Exchanges, type ExchangesOptions } from './exchanges.ts';
import type { Sending } from './http/connections.ts';
import type { Reply } from './http/exchange.ts';
import type { DecidedReply } from './judge/check-replies.ts';
import { outcomeOf, outcomeOfPoll, type Outcome } from './outcome.ts';
import type { Kind } from './recorder.ts';

/** Somebody who sends requests: their token, as headers. */
export type Person = readonly [name: 'authorization', value: string];

export interface Wish {
  readonly kind: Extract<Kind, 'sign-up' | 'cancel' | 'staff'>;
  readonly by: Person;
  readonly eventId: EventId;
  readonly book: Book;
  readonly method: 'POST' | 'PATCH';
  readonly path: string;
  /** JSON */
  readonly body: string;
  readonly key: string;
  /** How long each request waits for the decision, in s. */
  readonly waitSeconds: number;
  /** ms since the start of the run, as all times here */
  readonly dueMs: number;
  readonly onDecided?: (told: DecidedReply) => void;
}

export interface AskingOptions extends ExchangesOptions {
  /** When it is 0 by `now`, in ms since 1970. */
  readonly startsAt: number;
  readonly random: () => number;
  readonly patienceMs: number;
}

export interface Asking {
  /** Sends a command and follows it, through repeats with the same key and questions what became of it, to its decision. */
  command(wish: Wish): void;
  /** One request, whose answer is only counted. */
  read(kind: Extract<Kind, 'look' | 'read'>, by: Person, path: string, dueMs: number): void;
  readonly later: Exchanges['later'];
  /** Commands that were given up: turned away, unanswered or undecided for as long as anybody has patience. */
  readonly givenUp: number;
}

/** Others were told to come again at the same time; as the client of Rollcall does. */
const jitter = 0.5;

/** How people send what they want, like a browser that behaves. */
export function createAsking(options: AskingOptions): Asking {
  const { recorder, now, startsAt, random, patienceMs } = options;
  const { send: exchange, later, noteWrong } = createExchanges(options);
  let givenUp = 0;

  function command(wish: Wish): void {
    const { kind, by, book, method, path, body, key, waitSeconds } = wish;
    const waits = waitSeconds > 0 ? ['prefer', `wait=${waitSeconds}`] : [];
    const sending: Sending = {
      method,
      path,
      headers: [...by, 'content-type', 'application/json', 'idempotency-key', key, ...waits],
      body,
      keepsBody: true,
    };
    /** Of the first of all repeats: any of them may be the one that was taken. */
    let firstSentMs: number | undefined;
    send(wish.dueMs);

    function send(dueMs: number): void {
      exchange(kind, dueMs, sending, (reply, sentMs) => {
        firstSentMs ??= sentMs;
        hear(kind, reply, outcomeOf(reply), send);
      });
    }

    function poll(commandId: CommandId, dueMs: number): void {
      const question: Sending = {
        method: 'GET',
        path: `/v1/events/${wish.eventId}/commands/${commandId}`,
        headers: [...by, ...waits],
        keepsBody: true,
      };
      exchange('poll', dueMs, question, (reply) => {
        hear('poll', reply, outcomeOfPoll(reply), (nextDueMs) => poll(commandId, nextDueMs));
      });
    }

    function hear(sent: Kind, reply: Reply, outcome: Outcome, again: (dueMs: number) => void): void {
      const atMs = now();
      switch (outcome.kind) {
        case 'decided':
          accept(outcome.told.commandId, atMs);
          book.tell(outcome.told);
          recorder.isKnown(wish.dueMs, atMs);
          wish.onDecided?.(outcome.told);
          return;
        case 'pending':
          accept(outcome.commandId, atMs);
          recorder.wasTold(outcome.ahead, atMs);
          retry(outcome.afterMs, (dueMs) => poll(outcome.commandId, dueMs));
          return;
        case 'again':
          if (outcome.isTurnedAway) recorder.wasTurnedAway(atMs);
          retry(outcome.afterMs, again);
          return;
        case 'wrong':
          noteWrong(sent, reply);
          return;
      }
    }

    function accept(commandId: CommandId, atMs: number): void {
      book.accept(commandId, startsAt + (firstSentMs ?? wish.dueMs), startsAt + atMs);
    }

    function retry(afterMs: number, act: (dueMs: number) => void): void {
      const ms = afterMs * (1 + jitter * random());
      if (now() + ms > wish.dueMs + patienceMs) givenUp += 1;
      else later(ms, act);
    }
  }

  return {
    command,
    later,
    read(kind, by, path, dueMs) {
      exchange(kind, dueMs, { method: 'GET', path, headers: [...by], keepsBody: false }, (reply) => {
        const { status } = reply;
        if (status === 429 || status === 503) recorder.wasTurnedAway(now());
        else if (status !== 200 && status !== 0) noteWrong(kind, reply);
      });
    },
    get givenUp() {
      return givenUp;
    },
  };
}
