import { Counter, Gauge, type Logger, type Registry } from '@rollcall/runtime';

export interface QueueObserver {
  redisFull(): void;
  redisTakesWrites(lastedMs: number): void;
  jobWorkerReplaced(queue: string): void;
}

/** What the worker counts and logs of the queue that its work comes from. */
export function createQueueObserver(registry: Registry, logger: Logger): QueueObserver {
  const registers = [registry];
  const full = new Gauge({
    name: 'rollcall_redis_full',
    help: '1 while Redis is full (maxmemory) and the worker pauses what it would write there.',
    registers,
  });
  const pauses = new Counter({
    name: 'rollcall_redis_full_total',
    help: 'Times that Redis was full.',
    registers,
  });
  const replaced = new Counter<'queue'>({
    name: 'rollcall_job_workers_replaced_total',
    help: 'BullMQ workers that took no jobs any more and were replaced, by queue.',
    labelNames: ['queue'],
    registers,
  });

  return {
    redisFull() {
      full.set(1);
      pauses.inc();
      logger.error('Redis is full and takes no writes: wake-ups and counts wait, the sweeper goes on deciding');
    },
    redisTakesWrites(lastedMs) {
      full.set(0);
      logger.info({ lastedMs: Math.round(lastedMs) }, 'Redis takes writes again');
    },
    jobWorkerReplaced(queue) {
      replaced.inc({ queue });
      logger.error({ queue }, 'the BullMQ worker took no jobs any more and was replaced');
    },
  };
}
