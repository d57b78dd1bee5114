import type { CommandId, RegistrationId } from '@rollcall/domain';
import type { DecidedReply } from './judge/check-replies.ts';
import type { UnderWay } from './judge/check-order.ts';

export interface Known {
  readonly registrationId: RegistrationId;
  readonly user: number;
}

/** What people have been told about one event, for the judge; and who is registered, as far as they know. */
export class Book {
  readonly told: DecidedReply[] = [];
  readonly underWay = new Map<CommandId, UnderWay>();
  readonly known: Known[] = [];

  /** It was taken: by a 202, or by an answer that is the decision itself. */
  accept(commandId: CommandId, sentMs: number, acknowledgedMs: number): void {
    const before = this.underWay.get(commandId);
    this.underWay.set(commandId, {
      // Of two clicks the first may be the one that was taken.
      sentMs: Math.min(before?.sentMs ?? sentMs, sentMs),
      acknowledgedMs: Math.min(before?.acknowledgedMs ?? acknowledgedMs, acknowledgedMs),
    });
  }

  tell(told: DecidedReply): void {
    this.told.push(told);
  }

  /** @param pick from 0 to 1, without 1 */
  pick(pick: number): Known | undefined {
    return this.known[Math.floor(pick * this.known.length)];
  }
}
