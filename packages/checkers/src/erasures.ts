import {
  isErasedId,
  senderOf,
  type DomainEvent,
  type JournalEntry,
  type RegistrationImported,
  type UserId,
} from '@rollcall/domain';
import { factsOf, type Violation } from './history.ts';
import type { Watch } from './watch.ts';

const check = 'erasures';

export interface Erasures {
  readonly watch: Watch;
  /** Who stands there as erased and never was; after the last decision. */
  unsaid(): readonly Violation[];
}

/** Nobody is erased by a user, and nobody is hidden behind an erased id without a fact that says so. */
export function startErasures(): Erasures {
  const said = new Set<UserId>();
  /** With the version that named them first. */
  const named = new Map<UserId, number>();
  return {
    watch: {
      check,
      fact(_before, fact, { actor }) {
        if (fact.type !== 'UserErased') return undefined;
        said.add(fact.erasedAs);
        return actor?.kind === 'user' ? 'a user erased somebody' : undefined;
      },
      decision(_after, entry) {
        for (const userId of usersIn(entry)) {
          if (isErasedId(userId) && !named.has(userId)) named.set(userId, entry.version);
        }
        return undefined;
      },
    },
    unsaid: () =>
      [...named]
        .filter(([userId]) => !said.has(userId))
        .map(([, version]) => ({ check, version, message: 'names somebody as erased whom nobody erased' })),
  };
}

function* usersIn(entry: JournalEntry): Generator<UserId, void, undefined> {
  const sender = entry.actor && senderOf(entry.actor);
  // Who erases themselves is named as erased, also where there was nothing left to erase.
  if (sender !== undefined && (entry.commandType !== 'EraseUser' || factsOf(entry).length > 0)) yield sender;
  for (const fact of factsOf(entry)) {
    const userId = userOf(fact);
    if (userId !== undefined) yield userId;
    if (fact.type === 'RegistrationImported') yield* actorsOf(fact);
  }
}

/** Who did something to it in the system before. */
function* actorsOf({ registeredBy, history = [] }: RegistrationImported): Generator<UserId, void, undefined> {
  if (registeredBy !== undefined) yield registeredBy;
  for (const { performedBy } of history) if (performedBy !== undefined) yield performedBy;
}

const userOf = (fact: DomainEvent): UserId | undefined => ('userId' in fact ? fact.userId : undefined);
