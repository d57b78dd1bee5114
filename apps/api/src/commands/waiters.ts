import type { Answer, CommandId, EventId } from '@rollcall/domain';

/** One request that waits for a decision. */
export interface Waiter {
  /** The decision, or undefined when it is not there in time, or nobody wants it any more. Call it once. */
  wait(msMax: number): Promise<Answer | undefined>;
  /** Leaves the table; who waits gets undefined. Harmless when it has left before. */
  drop(): void;
}

/** Who waits for which decision. Answers come by publication, and for those that were lost by asking the journal. */
export interface Waiters {
  readonly size: number;
  /** Before the command is appended, so that its answer can't be missed. Undefined when there is no room. */
  register(eventId: EventId, commandId: CommandId): Waiter | undefined;
  resolve(answers: readonly Answer[]): void;
  /** Looks up all who have waited since the turn before last, together per event. */
  poll(): Promise<void>;
  /** Takes no more, and lets all who wait go without an answer. */
  close(): void;
}

export interface WaitersOptions {
  readonly countMax: number;
  readonly findAnswers: (eventId: EventId, commandIds: readonly CommandId[]) => Promise<readonly Answer[]>;
  /** Told of each look-up that failed; the next turn repeats it. */
  readonly onError: (error: unknown, eventId: EventId) => void;
}

const lookUpSizeMax = 500;
/** Look-ups under way at a time. */
const lookUpsMax = 8;

export function createWaiters({ countMax, findAnswers, onError }: WaitersOptions): Waiters {
  /** Nearly always one per command; more when a client repeats while its first request waits. */
  const table = new Map<CommandId, WaitingRequest[]>();
  let size = 0;
  let turn = 0;
  let closed = false;

  class WaitingRequest implements Waiter {
    readonly eventId: EventId;
    readonly commandId: CommandId;
    readonly sinceTurn = turn;
    #left = false;
    #answer: Answer | undefined;
    #settle: ((answer: Answer | undefined) => void) | undefined;
    #timer: NodeJS.Timeout | undefined;

    constructor(eventId: EventId, commandId: CommandId) {
      this.eventId = eventId;
      this.commandId = commandId;
    }

    wait(msMax: number): Promise<Answer | undefined> {
      if (this.#left) return Promise.resolve(this.#answer);
      return new Promise((resolve) => {
        this.#settle = resolve;
        this.#timer = setTimeout(() => this.drop(), msMax);
      });
    }

    drop(): void {
      this.leave(undefined);
    }

    leave(answer: Answer | undefined): void {
      if (this.#left) return;
      this.#left = true;
      this.#answer = answer;
      clearTimeout(this.#timer);
      forget(this);
      this.#settle?.(answer);
    }
  }

  function forget(waiter: WaitingRequest): void {
    const together = table.get(waiter.commandId);
    const place = together?.indexOf(waiter) ?? -1;
    if (together === undefined || place < 0) return;
    size -= 1;
    if (together.length === 1) table.delete(waiter.commandId);
    else together.splice(place, 1);
  }

  /** All who wait for a command leave together. */
  function release(commandId: CommandId, answer: Answer | undefined): void {
    const together = table.get(commandId);
    if (together === undefined) return;
    table.delete(commandId);
    size -= together.length;
    for (const waiter of together) waiter.leave(answer);
  }

  function answerAll(answers: readonly Answer[]): void {
    for (const answer of answers) release(answer.commandId, answer);
  }

  function overdue(): Map<EventId, CommandId[]> {
    const byEvent = new Map<EventId, CommandId[]>();
    for (const [commandId, together] of table) {
      const oldest = together[0];
      if (oldest === undefined || oldest.sinceTurn >= turn) continue;
      const ofEvent = byEvent.get(oldest.eventId);
      if (ofEvent === undefined) byEvent.set(oldest.eventId, [commandId]);
      else ofEvent.push(commandId);
    }
    return byEvent;
  }

  async function lookUp(eventId: EventId, overdueIds: readonly CommandId[]): Promise<void> {
    for (let from = 0; from < overdueIds.length; from += lookUpSizeMax) {
      // Those before may have taken long, and who waited has got their answer or gone.
      const waiting = overdueIds.slice(from, from + lookUpSizeMax).filter((commandId) => table.has(commandId));
      if (waiting.length === 0) continue;
      try {
        answerAll(await findAnswers(eventId, waiting));
      } catch (error) {
        onError(error, eventId);
        return;
      }
    }
  }

  return {
    get size() {
      return size;
    },
    register(eventId, commandId) {
      if (closed || size >= countMax) return undefined;
      const waiter = new WaitingRequest(eventId, commandId);
      const together = table.get(commandId);
      if (together === undefined) table.set(commandId, [waiter]);
      else together.push(waiter);
      size += 1;
      return waiter;
    },
    resolve: answerAll,
    async poll() {
      const events = overdue().entries();
      turn += 1;
      // All take from the same iterator.
      const lookUpNext = async () => {
        for (const [eventId, commandIds] of events) await lookUp(eventId, commandIds);
      };
      await Promise.all(Array.from({ length: lookUpsMax }, lookUpNext));
    },
    close() {
      closed = true;
      for (const commandId of table.keys()) release(commandId, undefined);
    },
  };
}
