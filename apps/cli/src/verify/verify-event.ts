import { startChecks, type HistoryChecks, type Violation } from '@rollcall/checkers';
import type { CommitId, EventCounts, EventId, Registration } from '@rollcall/domain';
import type { Head, JournalRecord, Records, RecordsOfMoment } from '@rollcall/store-mongo';

/** Something that is not as the journal says, with the versions around it. */
export interface Difference extends Violation {
  readonly eventId: EventId;
  readonly versions: readonly [from: number, to: number];
}

export interface Progress {
  readonly eventId: EventId;
  readonly what: 'decisions' | 'registrations';
  readonly done: number;
  readonly of: number;
}

export interface Watcher {
  difference(difference: Difference): void;
  /** Awaited after each batch, so that a slow reader of the output holds us up and not the memory. */
  progress(progress: Progress): Promise<void>;
}

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

/**
 * Safe beside live traffic: most of the journal, which never changes, is folded before anything else. Then the rest of it,
 * the event's document and the registrations are read from one snapshot. The server keeps that for 5 minutes, so only
 * comparing the registrations has to be done by then, and what was decided since we began.
 *
 * @throws Error when it takes longer than that
 */
export async function verifyEvent(
  { records, readCounts }: Sources,
  eventId: EventId,
  watcher: Watcher,
): Promise<Verified> {
  const verification = new Verification(eventId, watcher);
  const early = await records.head(eventId);
  await verification.fold(records.journal(eventId, { after: 0, upTo: early?.version ?? 0 }), early?.version ?? 0);
  // Before the snapshot: what the cache has by now was committed, so the snapshot is of that version or a later one.
  const cached = await readCounts?.(eventId);
  return records.atOneMoment(eventId, (moment) => verification.compare(moment, cached));
}

class Verification {
  readonly #eventId: EventId;
  readonly #watcher: Watcher;
  readonly #checks: HistoryChecks;
  #decisions = 0;
  #differences = 0;
  /** Of the latest decision that was folded. */
  #folded: Head = { version: 0, commitId: '' as CommitId };
  /** Of the event as it is compared; what was found before that is about a decision, and lies between it and the one before. */
  #comparedAt: number | undefined;

  constructor(eventId: EventId, watcher: Watcher) {
    this.#eventId = eventId;
    this.#watcher = watcher;
    this.#checks = startChecks((violation) => this.#complain(violation));
  }

  async fold(batches: AsyncIterable<readonly JournalRecord[]>, upTo: number, cached?: EventCounts): Promise<void> {
    for await (const batch of batches) {
      for (const { entry, commitId } of batch) {
        this.#checks.entry(entry);
        this.#decisions += 1;
        this.#folded = { version: entry.version, commitId };
        this.#compareCounts(cached);
      }
      await this.#progress('decisions', this.#decisions, upTo);
    }
  }

  async compare(moment: RecordsOfMoment, cached: EventCounts | undefined): Promise<Verified> {
    const { head = { version: 0, commitId: '' as CommitId }, event } = moment;
    this.#compareCounts(cached);
    await this.fold(moment.journal({ after: this.#folded.version }), head.version, cached);
    this.#comparedAt = head.version;
    this.#compareHeads(head);
    if (cached !== undefined && cached.version > head.version) {
      this.#complain({
        check: 'cache',
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
    this.#checks.counts(cached);
    if (cached.commitId === this.#folded.commitId) return;
    const { version } = cached;
    this.#complain({ check: 'cache', version, message: `the cache names another commit than version ${version} does` });
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
