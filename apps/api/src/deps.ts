import type { Answer, EventCounts, EventId } from '@rollcall/domain';
import type { CountCache, EventQueries, MailboxIntake, MailboxTraces, StoreTraces, WakeUps } from '@rollcall/engine';
import type { Logger, Registry } from '@rollcall/runtime';

export interface PublicationHandlers {
  /** Asked before a message is looked into. */
  readonly isWanted: () => boolean;
  readonly onPublication: (publication: {
    readonly eventId: EventId;
    readonly answers: readonly Answer[];
    readonly counts?: EventCounts;
  }) => void;
  /** Told each time publications are followed from now on; those before may have been missed. */
  readonly onFollowing: () => void;
}

/** What the API works with; `compose.ts` makes it of drivers, tests of fakes. */
export interface ApiDeps {
  readonly mailbox: MailboxIntake;
  /** Whether the mailbox can be reached as far as this process knows, without asking. */
  readonly mailboxReady: () => boolean;
  readonly wakeUps: WakeUps;
  readonly counts: CountCache;
  readonly queries: EventQueries;
  /** What erasing a user takes besides. */
  readonly erasing: { readonly store: StoreTraces; readonly mailboxes: MailboxTraces };
  readonly followPublications: (handlers: PublicationHandlers) => Promise<AsyncDisposable>;
  /** Whether an error says that the store can't be reached, and not that something is wrong with the question. */
  readonly isStoreAway: (error: unknown) => boolean;
  /** Asks both servers; may take as long as it takes. */
  readonly ping: { readonly mongodb: () => Promise<unknown>; readonly redis: () => Promise<unknown> };
  readonly logger: Logger;
  readonly registry: Registry;
}
