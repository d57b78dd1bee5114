import type { EngineObserver, MailboxHead } from '@rollcall/engine';
import { Counter, Gauge, Histogram, type Logger, type Registry } from '@rollcall/runtime';
import type { EventId, JournalEntry } from '@rollcall/domain';

export interface WorkerObserver extends EngineObserver {
  swept(mailboxes: readonly MailboxHead[]): void;
  sweeperDrained(eventId: EventId, withLock: boolean): void;
}

export interface ObserverOptions {
  readonly registry: Registry;
  readonly logger: Logger;
  /** Trouble that follows from another that was logged. */
  readonly isExplained: (error: unknown) => boolean;
  readonly now: () => number;
}

/** What the worker counts and logs of its work. Log lines carry ids, never what people wrote. */
export function createObserver({ registry, logger, isExplained, now }: ObserverOptions): WorkerObserver {
  const registers = [registry];
  const decided = new Counter({
    name: 'rollcall_decided_total',
    help: 'Decisions by command type, outcome and reason.',
    labelNames: ['type', 'outcome', 'reason'] as const,
    registers,
  });
  const batchSize = new Histogram({
    name: 'rollcall_batch_size',
    help: 'Commands per committed batch.',
    buckets: [1, 2, 5, 10, 25, 50, 100, 250, 500],
    registers,
  });
  const commitSeconds = new Histogram({
    name: 'rollcall_commit_seconds',
    help: 'Time of the transaction of a batch.',
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const decisionSeconds = new Histogram({
    name: 'rollcall_decision_age_seconds',
    help: 'Time from acceptance to decision of the oldest command of each batch.',
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const refused = new Counter({
    name: 'rollcall_commits_refused_total',
    help: 'Batches that did not land, by outcome; each is decided again.',
    labelNames: ['outcome'] as const,
    registers,
  });
  const abandoned = new Counter({
    name: 'rollcall_abandoned_commits_ended_total',
    help: 'Transactions of dead or paused workers that were ended because others waited for them.',
    registers,
  });
  const lockBusy = new Counter({
    name: 'rollcall_lock_waits_total',
    help: 'Wake-ups that found the event lock taken.',
    registers,
  });
  const drains = new Counter({
    name: 'rollcall_sweeper_drains_total',
    help: 'Mailboxes that the sweeper drained by itself.',
    labelNames: ['lock'] as const,
    registers,
  });
  const depth = new Gauge({
    name: 'rollcall_mailbox_depth',
    help: 'Undecided commands in all mailboxes, at the last sweep.',
    registers,
  });
  const mailboxes = new Gauge({
    name: 'rollcall_mailboxes',
    help: 'Mailboxes that were not empty at the last sweep.',
    registers,
  });
  const oldest = new Gauge({
    name: 'rollcall_oldest_undecided_seconds',
    help: 'Age of the oldest undecided command, at the last sweep.',
    registers,
  });

  function countEntry({ commandType, decision }: JournalEntry): void {
    const { outcome } = decision;
    decided.inc({ type: commandType, outcome, reason: outcome === 'rejected' ? decision.rejection.reason : '' });
  }

  return {
    batchCommitted({ size, commitMs, entries }) {
      batchSize.observe(size);
      commitSeconds.observe(commitMs / 1000);
      const [first] = entries;
      if (first === undefined) return;
      decisionSeconds.observe(Math.max(0, now() - first.acceptedAt) / 1000);
      for (const entry of entries) countEntry(entry);
      const { eventId, version, commandId } = first;
      logger.info(
        { eventId, fromVersion: version, commandId, size, commitMs: Math.round(commitMs * 10) / 10 },
        'batch committed',
      );
    },
    commitRefused(outcome, eventId) {
      refused.inc({ outcome });
      logger.info({ eventId, outcome }, 'batch not committed, deciding again');
    },
    abandonedCommitsEnded(count, eventId) {
      abandoned.inc(count);
      logger.warn({ eventId, count }, 'abandoned commits ended');
    },
    lockBusy(eventId) {
      lockBusy.inc();
      logger.debug({ eventId }, 'event lock taken');
    },
    warned(message, eventId, error) {
      if (!isExplained(error)) logger.warn({ eventId, err: error }, message);
    },
    swept(heads) {
      mailboxes.set(heads.length);
      depth.set(heads.reduce((sum, head) => sum + head.depth, 0));
      const acceptedFirst = Math.min(...heads.map(({ acceptedAt }) => acceptedAt ?? Infinity));
      oldest.set(Number.isFinite(acceptedFirst) ? Math.max(0, now() - acceptedFirst) / 1000 : 0);
    },
    sweeperDrained(eventId, withLock) {
      drains.inc({ lock: withLock ? 'held' : 'none' });
      logger.info({ eventId, withLock }, 'the sweeper drained a mailbox');
    },
  };
}
