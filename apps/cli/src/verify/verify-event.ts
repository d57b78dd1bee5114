import { startChecks, type HistoryChecks, type Violation } from '@rollcall/checkers';
import type { CommitId, EventCounts, EventId, Registration } from '@rollcall/domain';
import type { Head, JournalRecord, Records, RecordsOfMoment } from '@rollcall/store-mongo';
import { createKeeper, type Keeper } from './keeper.ts';
import type { Progress, Watcher } from './watcher.ts';

export interface Verified {
  readonly eventId: EventId;
  readonly version: number;
  readonly isStored: boolean;
  readonly decisions: number;
  readonly registrations: number;
  readonly differences: number;
  /** As the journal tells them. */
  readonly byJournal: () => Iterable<Registration>;
}

interface Sources {
  readonly records: Records;
  /** Left out: the cache is not compared. */
  readonly readCounts?: (eventId: EventId) => Promise<EventCounts | undefined>;
}

/** Each begins while an event is read, and ends before that; more in a row are not met by chance. */
const attemptsMax = 10;
/** Differences that are kept back until it is known that nobody was erased meanwhile; with more there is no chance of that. */
const keptMax = 10_000;

/**
 * Safe beside live traffic: most of the journal is folded before anything else. Then the rest of it, the event's document
 * and the registrations are read from one snapshot. The server keeps that for 5 minutes, so only comparing the
 * registrations has to be done by then, and what was decided since we began.
 *
 * Decisions change in one way: when somebody is erased. Where the rest of the journal says that this happened meanwhile,
 * what was read before it may be of either side of it, and is read again.
 *
 * @throws Error when it takes longer than that
 */
export async function verifyEvent(sources: Sources, eventId: EventId, watcher: Watcher): Promise<Verified> {
  for (let attempt = 1; ; attempt += 1) {
    const verified = await verifyOnce(sources, eventId, createKeeper(watcher, attempt < attemptsMax ? keptMax : 0));
    if (verified !== undefined) return verified;
  }
}

/** Undefined when it has to be done again. */
async function verifyOnce(
  { records, readCounts }: Sources,
  eventId: EventId,
  keeper: Keeper,
): Promise<Verified | undefined> {
  const verification = new Verification(eventId, keeper);
  const early = await records.head(eventId);
  await verification.fold(records.journal(eventId, { after: 0, upTo: early?.version ?? 0 }), early?.version ?? 0);
  // Before the snapshot: what the cache has by now was committed, so the snapshot is of that version or a later one.
  const cached = await readCounts?.(eventId);
  return records.atOneMoment(eventId, (moment) => verification.compare(moment, cached));
}

class Verification {
  readonly #eventId: EventId;
  readonly #watcher: Keeper;
  readonly #checks: HistoryChecks;
  #decisions = 0;
  #differences = 0;
  /** Of the latest decision that says so. */
  #erasedAt = 0;
  /** Of the latest decision that was folded. */
  #folded: Head = { version: 0, commitId: '' as CommitId };
  /** Of the event as it is compared; what was found before that is about a decision, and lies between it and the one before. */
  #comparedAt: number | undefined;

  constructor(eventId: EventId, watcher: Keeper) {
    this.#eventId = eventId;
    this.#watcher = watcher;
    this.#checks = startChecks((violation) => this.#complain(violation));
  }

  async fold(batches: AsyncIterable<readonly JournalRecord[]>, upTo: number, cached?: EventCounts): Promise<void> {
    for await (const batch of batches) {
      for (const { entry, commitId } of batch) {
        this.#checks.entry(entry);
        if (entry.commandType === 'EraseUser' && entry.decision.outcome === 'accepted') this.#erasedAt = entry.version;
        this.#decisions += 1;
        this.#folded = { version: entry.version, commitId };
        this.#compareCounts(cached);
      }
      await this.#progress('decisions', this.#decisions, upTo);
    }
  }

  /** Undefined when somebody was erased since the first decision was read. */
  async compare(moment: RecordsOfMoment, cached: EventCounts | undefined): Promise<Verified | undefined> {
    const { head = { version: 0, commitId: '' as CommitId }, event } = moment;
    const early = this.#folded.version;
    this.#compareCounts(cached);
    await this.fold(moment.journal({ after: early }), head.version, cached);
    if (this.#erasedAt > early && this.#watcher.drop()) return undefined;
    this.#watcher.release();
    this.#comparedAt = head.version;
    this.#compareHeads(head);
    if (cached !== undefined && cached.version > head.version) {
      this.#complain({
        check: 'counts',
        version: head.version,
        message: `the cache is of version ${cached.version}, and the event is at ${head.version}`,
      });
    }
    let registrations = 0;
    for await (const batch of moment.registrations()) {
      for (const registration of batch) this.#checks.registration(registration);
      registrations += batch.length;
      await this.#progress('registrations', registrations, this.#checks.size);
    }
    this.#checks.end(event);
    return {
      eventId: this.#eventId,
      version: head.version,
      isStored: event !== undefined,
      decisions: this.#decisions,
      registrations,
      differences: this.#differences,
      byJournal: () => this.#checks.registrations(),
    };
  }

  #compareHeads(head: Head): void {
    const { version, commitId } = this.#folded;
    const check = 'head';
    if (version !== head.version) {
      this.#complain({
        check,
        version,
        message: `the journal ends at version ${version}, and the event is at ${head.version}`,
      });
    } else if (commitId !== head.commitId) {
      this.#complain({ check, version, message: `the event names another commit than version ${version} does` });
    }
  }

  /** Counts of another version than the one that was just folded say nothing about it: a cache may be behind. */
  #compareCounts(cached: EventCounts | undefined): void {
    if (cached?.version !== this.#folded.version) return;
    this.#checks.counts({ ...cached, by: 'the cache' });
    if (cached.commitId === this.#folded.commitId) return;
    const { version } = cached;
    this.#complain({
      check: 'counts',
      version,
      message: `the cache names another commit than version ${version} does`,
    });
  }

  #complain(violation: Violation): void {
    const { version = 0 } = violation;
    const at = this.#comparedAt;
    const versions = at === undefined ? ([version - 1, version] as const) : ([version, Math.max(version, at)] as const);
    this.#differences += 1;
    this.#watcher.difference({ ...violation, eventId: this.#eventId, versions });
  }

  async #progress(what: Progress['what'], done: number, of: number): Promise<void> {
    await this.#watcher.progress({ eventId: this.#eventId, what, done, of: Math.max(done, of) });
  }
}
