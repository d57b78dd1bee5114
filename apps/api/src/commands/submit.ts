import type { Answer, CommandBody, CommandId, EventId } from '@rollcall/domain';
import type { AppendResult, MailboxIntake, WakeUps } from '@rollcall/engine';
import type { Deadline } from '../http/deadline.ts';
import type { Ledger } from './ledger.ts';
import type { Waiter, Waiters } from './waiters.ts';

interface Submission {
  readonly commandId: CommandId;
  readonly eventId: EventId;
  readonly bodyHash: string;
  /** Whether the client can repeat it: then it may have been decided before. */
  readonly keyed: boolean;
  readonly body: CommandBody;
  readonly waitMs: number;
  /** For everything but the wait. */
  readonly deadline: Deadline;
}

type Outcome =
  | { readonly kind: 'decided'; readonly answer: Answer }
  /** `waited`: whether the time that was asked for was used. */
  | { readonly kind: 'pending'; readonly ahead: number; readonly waited: boolean }
  /** The Idempotency-Key came with another body before. */
  | { readonly kind: 'key-reused' }
  /** Surely not taken. */
  | { readonly kind: 'not-taken' }
  /** Perhaps taken: the reply was lost. */
  | { readonly kind: 'unknown' };

/** It is in the mailbox. */
interface Taken {
  readonly kind: 'taken';
  readonly ahead: number;
}

const unavailable = { kind: 'unavailable' } as const;

export interface SubmitPorts {
  readonly mailbox: MailboxIntake;
  /** Whether the mailbox can be reached as far as this process knows. */
  readonly mailboxReady: () => boolean;
  readonly wakeUps: WakeUps;
  readonly ledger: Ledger;
  readonly waiters: Waiters;
  readonly replyMsMax: number;
  readonly onAccepted: (type: CommandBody['type']) => void;
  readonly onFault: (message: string, eventId: EventId, error: unknown) => void;
}

export interface Submit {
  /** `onWaiter`: told who waits, so that a client that goes away can be dropped. */
  (submission: Submission, onWaiter: (waiter: Waiter) => void): Promise<Outcome>;
}

/** Hands a command in and says what became of it as far as that is known in time. */
export function createSubmit(ports: SubmitPorts): Submit {
  const { mailbox, wakeUps, ledger, waiters } = ports;

  function wakeUp(eventId: EventId): void {
    // Not awaited: the command is safe in the mailbox, and the sweeper finds it without a wake-up.
    wakeUps.add(eventId).catch((error: unknown) => ports.onFault('wake-up not added', eventId, error));
  }

  /** Undefined when the reply was lost. Goes on to wake a worker also when nobody waits for it any more. */
  async function append(submission: Submission): Promise<AppendResult | undefined> {
    const { commandId, eventId, bodyHash, keyed, body, deadline } = submission;
    try {
      const appending = mailbox.append({ commandId, eventId, bodyHash, keyed, body });
      const appended = await deadline.bound(appending, ports.replyMsMax);
      if (appended.kind === 'new') ports.onAccepted(body.type);
      if (appended.kind !== 'full' && appended.wakeUpDue) wakeUp(eventId);
      return appended;
    } catch (error) {
      ports.onFault('append without a reply', eventId, error);
      return undefined;
    }
  }

  return async (submission, onWaiter) => {
    const { commandId, eventId, keyed, waitMs } = submission;
    // Before the append, so that the answer can't come unheard.
    const waiter = waitMs > 0 ? waiters.register(eventId, commandId) : undefined;
    if (waiter !== undefined) onWaiter(waiter);
    try {
      const appending = ports.mailboxReady() ? append(submission) : undefined;
      if (keyed) {
        const earlier = await ledger.find(eventId, commandId);
        if (earlier.kind === 'answer') return conclude(submission, earlier.answer);
      }
      if (appending === undefined) return { kind: 'not-taken' };
      const appended = await appending;
      const taken = appended?.kind === 'repeat' ? await recall(submission, appended.bodyHash) : takenBy(appended);
      if (taken.kind !== 'taken') return taken;
      const answer = await waiter?.wait(waitMs);
      if (answer !== undefined) return conclude(submission, answer);
      return { kind: 'pending', ahead: taken.ahead, waited: waiter !== undefined };
    } finally {
      waiter?.drop();
    }
  };

  /** What a receipt stands for: a command that waits in the mailbox, one that was decided, or one that has been lost. */
  async function recall(submission: Submission, receiptHash: string): Promise<Outcome | Taken> {
    const { commandId, eventId, bodyHash, deadline } = submission;
    // The journal is the authority on what the receipt is of: perhaps another body, sent after Redis had lost the first.
    if (receiptHash === bodyHash) {
      try {
        const pending = await deadline.bound(mailbox.findPending(eventId, commandId), ports.replyMsMax);
        if (pending !== undefined) return { kind: 'taken', ahead: pending.ahead };
      } catch (error) {
        ports.onFault('mailbox not asked', eventId, error);
        return { kind: 'taken', ahead: 0 };
      }
    }
    // After the mailbox: what has left it decided is in the journal by then.
    const entry = await deadline.bound(ledger.find(eventId, commandId)).catch(() => unavailable);
    if (entry.kind === 'answer') return conclude(submission, entry.answer);
    if (entry.kind === 'unavailable') return { kind: 'unknown' };
    return receiptHash === bodyHash ? takeAgain(submission) : { kind: 'key-reused' };
  }

  /** In neither: its entry was damaged and put aside, or the store was set back. Several who do this at once do no harm: it is decided once. */
  async function takeAgain(submission: Submission): Promise<Outcome | Taken> {
    const { commandId, eventId, deadline } = submission;
    try {
      await deadline.bound(mailbox.forget(eventId, commandId), ports.replyMsMax);
    } catch (error) {
      ports.onFault('receipt not dropped', eventId, error);
      return { kind: 'unknown' };
    }
    return takenBy(await append(submission));
  }
}

/** A repeat, where it is one still, is of somebody who took the command again at the same time. */
function takenBy(appended: AppendResult | undefined): Outcome | Taken {
  switch (appended?.kind) {
    case undefined:
      return { kind: 'unknown' };
    case 'full':
      return { kind: 'not-taken' };
    case 'new':
      return { kind: 'taken', ahead: appended.ahead };
    case 'repeat':
      return { kind: 'taken', ahead: 0 };
  }
}

/** A decision without a hash was made without reading the command; it stands for whatever was sent. */
function conclude({ keyed, bodyHash }: Submission, answer: Answer): Outcome {
  if (keyed && answer.bodyHash !== '' && answer.bodyHash !== bodyHash) return { kind: 'key-reused' };
  return { kind: 'decided', answer };
}
