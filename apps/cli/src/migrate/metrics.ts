import type { ShadowTable } from '@rollcall/migration';
import { Counter, createRegistry, Gauge, startMetricsServer, type MetricsServer } from '@rollcall/runtime';

export interface MigrationMetrics extends AsyncDisposable {
  event(outcome: string): void;
  found(kind: string, count: number): void;
  table(table: ShadowTable): void;
}

/** Served as long as the step runs. `port` 0: any free one; undefined: nowhere. */
export async function startMigrationMetrics(port: number | undefined): Promise<MigrationMetrics> {
  const registry = createRegistry();
  const registers = [registry];
  const events = new Counter({
    name: 'rollcall_migration_events_total',
    help: 'Events that a step has worked on, by what became of them',
    labelNames: ['outcome'],
    registers,
  });
  const findings = new Counter({
    name: 'rollcall_migration_findings_total',
    help: 'What is not as it should be in the old system, by kind',
    labelNames: ['kind'],
    registers,
  });
  const gauge = (name: string, help: string) => new Gauge({ name: `rollcall_migration_${name}`, help, registers });
  const compared = gauge('compared', 'Events compared in this round');
  const rounds = gauge('rounds', 'Whole rounds of comparisons');
  const differing = gauge('differing', 'Events that are not the same on both sides');
  const lasting = gauge('lasting', 'Of these, the ones that lag does not explain');
  const oldest = gauge('oldest_difference_seconds', 'For how long the oldest of them has not been the same');
  const stopped = gauge('stopped', 'Events that no rule covers');
  const lag = gauge('lag_seconds', 'How far behind the latest change of the old system was when it was seen to');
  const changes = gauge('changes', 'Changes of the old system that were seen to');
  const repaired = gauge('repaired', 'Events that only the comparison found to be different');
  const afterFreeze = gauge('after_freeze', 'Changes of the old system to events that Rollcall leads');
  const server: MetricsServer | undefined =
    port === undefined ? undefined : await startMetricsServer(registry, '127.0.0.1', port);
  return {
    event: (outcome) => events.inc({ outcome }),
    found: (kind, count) => findings.inc({ kind }, count),
    table(table) {
      compared.set(table.compared);
      rounds.set(table.rounds);
      differing.set(table.differing);
      lasting.set(table.lasting);
      oldest.set(table.oldestMs / 1_000);
      stopped.set(table.stopped);
      lag.set(table.lagMs / 1_000);
      changes.set(table.changes);
      repaired.set(table.repaired);
      afterFreeze.set(table.afterFreeze);
    },
    async [Symbol.asyncDispose]() {
      await server?.[Symbol.asyncDispose]();
    },
  };
}
