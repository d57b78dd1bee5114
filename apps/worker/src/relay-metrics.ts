import type { CountsRepair, RelayObserver } from '@rollcall/engine';
import { Counter, Gauge, Histogram, type Logger, type Registry } from '@rollcall/runtime';

/** What the relay counts and logs of its work. `isExplained`: trouble that follows from another that was logged. */
export function createRelayObserver(
  registry: Registry,
  logger: Logger,
  isExplained: (error: unknown) => boolean,
): RelayObserver {
  const registers = [registry];
  const leading = new Gauge({
    name: 'rollcall_relay_leads',
    help: '1 while the relay of this process leads.',
    registers,
  });
  const lost = new Counter({
    name: 'rollcall_relay_changes_lost_total',
    help: 'Times that the relay had to start from the versions of all events, and not from its resume point.',
    registers,
  });
  const lag = new Histogram({
    name: 'rollcall_relay_lag_seconds',
    help: 'Time from a commit until the relay had seen to it.',
    buckets: [0.1, 0.2, 0.3, 0.5, 1, 2, 5, 10, 30],
    registers,
  });
  const repairs = new Counter<'kind'>({
    name: 'rollcall_counts_repaired_total',
    help: 'Cached counts that were not as the registrations are, and were put right.',
    labelNames: ['kind'],
    registers,
  });
  const kinds: readonly CountsRepair['kind'][] = ['missing', 'behind', 'ahead', 'other-commit', 'other-counts', 'gone'];
  // Shown as 0 from the start: a rise from nothing is no rise to whoever watches.
  for (const kind of kinds) repairs.inc({ kind }, 0);

  return {
    leads(isLeading) {
      leading.set(isLeading ? 1 : 0);
      logger.info({ isLeading }, isLeading ? 'the relay leads' : 'the relay stands by');
    },
    changesLost() {
      lost.inc();
      logger.warn('no resume point that the store knows: the relay compares the versions of all events');
    },
    relayed: (lagMs) => lag.observe(lagMs / 1_000),
    repaired({ eventId, kind, cached, stored }) {
      repairs.inc({ kind });
      logger.warn({ eventId, kind, cached, stored }, 'cached counts put right');
    },
    warned(message, eventId, error) {
      if (!isExplained(error)) logger.warn({ eventId, err: error }, message);
    },
  };
}
