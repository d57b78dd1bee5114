import type { CommandId, JournalEntry, Registration } from '@rollcall/domain';
import { watchAllowed } from './allowed.ts';
import { wrongCounts } from './counts.ts';
import { watchDemotions } from './demotions.ts';
import { startErasures } from './erasures.ts';
import { watchFacts } from './facts.ts';
import type { RecordedEvent, ShownCounts } from './history.ts';
import { watchLineOrder, watchPromotions } from './line.ts';
import { watchMoves } from './moves.ts';
import { watchObligations } from './obligations.ts';
import { watchOffers } from './offers.ts';
import { startProjection, type Projection } from './projection.ts';
import { watchCapacity, watchFreeSeats, watchNobodyPassed } from './seats.ts';
import { watchTold } from './told.ts';
import { watchOneActive, watchUserLimit } from './users.ts';
import { undecidedOf, watchArrivalOrder, watchDecidedOnce, watchVersions } from './versions.ts';
import { startWatching, type Complain, type StartWatch } from './watch.ts';

const watches: readonly StartWatch[] = [
  watchVersions,
  watchDecidedOnce,
  watchFacts,
  watchCapacity,
  watchFreeSeats,
  watchNobodyPassed,
  watchPromotions,
  watchLineOrder,
  watchOffers,
  watchMoves,
  watchDemotions,
  watchObligations,
  watchOneActive,
  watchUserLimit,
  watchAllowed,
  watchTold,
];

/** All checks of one event, fed piece by piece: first its decisions in version order, then what is stored of it. */
export interface HistoryChecks {
  entry(entry: JournalEntry): void;
  /** Counts that are shown, and have to be those of the version that was folded last. */
  counts(shown: ShownCounts): void;
  /** A stored registration, in any order; after the last decision. */
  registration(stored: Registration): void;
  /** When all registrations have been shown. */
  end(event: RecordedEvent | undefined): void;
  /** What the journal says, in the order in which they came; after the last decision. */
  registrations(): Iterable<Registration>;
  /** How many there are by the journal. */
  readonly size: number;
}

/** @param arrivals the commands in the order in which the mailbox took them, where that is known */
export function startChecks(complain: Complain, arrivals?: readonly CommandId[]): HistoryChecks {
  const erasures = startErasures();
  const always = [...watches, () => erasures.watch];
  const starts = arrivals === undefined ? always : [...always, () => watchArrivalOrder(arrivals)];
  const watched = startWatching(starts, complain);
  const { folded } = watched;
  let projection: Projection | undefined;
  let latest = 0;
  const projected = (): Projection => (projection ??= startProjection(folded, complain));
  return {
    entry(entry) {
      watched.entry(entry);
      latest = entry.version;
    },
    counts({ by, version, roles }) {
      if (version === latest) {
        for (const message of wrongCounts(folded, roles, by)) complain({ check: 'counts', version, message });
      } else {
        complain({ check: 'counts', version, message: `${by} is of version ${version}, and the event at ${latest}` });
      }
    },
    registration(stored) {
      projected().registration(stored);
    },
    end(event) {
      for (const violation of undecidedOf(folded, arrivals ?? [])) complain(violation);
      for (const violation of erasures.unsaid()) complain(violation);
      projected().end(event);
    },
    *registrations() {
      for (let slot = 0; slot < folded.registrations.size; slot += 1) yield folded.registrations.at(slot);
    },
    get size() {
      return folded.registrations.size;
    },
  };
}
