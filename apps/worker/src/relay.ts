import { setTimeout as delay } from 'node:timers/promises';
import { relay, type RelayPorts } from '@rollcall/engine';
import { startLeadership, type Keyspace, type LeadershipOptions } from '@rollcall/mailbox-redis';
import type { Logger, Registry, Repeating } from '@rollcall/runtime';
import type { WorkerSettings } from './config.ts';
import { createRelayObserver } from './relay-metrics.ts';

export interface RelayOptions {
  readonly settings: WorkerSettings;
  readonly ports: Pick<RelayPorts, 'cache' | 'queries' | 'changes' | 'channel' | 'reach'>;
  readonly lockClients: LeadershipOptions['clients'];
  readonly keyspace: Keyspace;
  readonly registry: Registry;
  readonly logger: Logger;
  /** Trouble that follows from another that was logged. */
  readonly isExplained: (error: unknown) => boolean;
}

/** The relay of this process: it leads, or stands by. */
export function startRelay(options: RelayOptions): Repeating {
  const { settings, ports, lockClients, keyspace, registry, logger, isExplained } = options;
  const all: RelayPorts = {
    ...ports,
    observer: createRelayObserver(registry, logger, isExplained),
    pause: async (ms, signal) => {
      // What it throws says only that it was cut short.
      await delay(ms, undefined, { signal }).catch(() => undefined);
    },
    now: Date.now,
  };
  const limits = {
    settleMs: settings.RELAY_SETTLE_MS,
    compareEveryMs: settings.COUNTS_COMPARE_MS,
    comparedAtOnce: settings.COUNTS_COMPARED_AT_ONCE,
  };
  return startLeadership({
    clients: lockClients,
    keyspace,
    ttlMs: settings.RELAY_LEADER_TTL_MS,
    renewEveryMs: settings.RELAY_LEADER_RENEW_MS,
    deadlineMs: settings.EVENT_LOCK_DEADLINE_MS,
    tryEveryMs: settings.RELAY_LEADER_TRY_MS,
    lead: (signal) => relay(all, limits, signal),
    onError: (error) => {
      if (!isExplained(error)) logger.warn({ err: error }, 'the relay had trouble');
    },
  });
}
