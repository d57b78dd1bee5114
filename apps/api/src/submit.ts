import type { Answer, CommandBody, CommandId, EventId } from '@rollcall/domain';
import type { AppendResult, Mailbox, WakeUps } from '@rollcall/engine';
import type { Ledger } from './ledger.ts';
import type { Waiter, Waiters } from './waiters.ts';
import { within } from './within.ts';

interface Submission {
  readonly commandId: CommandId;
  readonly eventId: EventId;
  readonly bodyHash: string;
  /** Whether the client can repeat it: then it may have been decided before. */
  readonly keyed: boolean;
  readonly body: CommandBody;
  readonly waitMs: number;
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

export interface SubmitPorts {
  readonly mailbox: Pick<Mailbox, 'append' | 'findPending'>;
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
    const { commandId, eventId, bodyHash, body } = submission;
    try {
      const appended = await within(ports.replyMsMax, mailbox.append({ commandId, eventId, bodyHash, body }));
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
      if (appended === undefined) return { kind: 'unknown' };
      if (appended.kind === 'full') return { kind: 'not-taken' };

      if (appended.kind === 'repeat' && appended.bodyHash !== submission.bodyHash) {
        // The journal is the authority: the receipt may be that of another body, sent after Redis had lost the first.
        const entry = await ledger.find(eventId, commandId);
        if (entry.kind === 'answer') return conclude(submission, entry.answer);
        return entry.kind === 'none' ? { kind: 'key-reused' } : { kind: 'unknown' };
      }
      const answer = await waiter?.wait(waitMs);
      if (answer !== undefined) return conclude(submission, answer);
      const waited = waiter !== undefined;
      if (appended.kind === 'new') return { kind: 'pending', ahead: appended.ahead, waited };
      return { kind: 'pending', ahead: await aheadOf(eventId, commandId), waited };
    } finally {
      waiter?.drop();
    }
  };

  async function aheadOf(eventId: EventId, commandId: CommandId): Promise<number> {
    const pending = await within(ports.replyMsMax, mailbox.findPending(eventId, commandId)).catch(() => undefined);
    return pending?.ahead ?? 0;
  }
}

/** A decision without a hash was made without reading the command; it stands for whatever was sent. */
function conclude({ keyed, bodyHash }: Submission, answer: Answer): Outcome {
  if (keyed && answer.bodyHash !== '' && answer.bodyHash !== bodyHash) return { kind: 'key-reused' };
  return { kind: 'decided', answer };
}
