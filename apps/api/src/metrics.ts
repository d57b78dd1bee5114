import type { CommandBody } from '@rollcall/domain';
import { Counter, Gauge, Histogram, type Registry } from '@rollcall/runtime';

export interface ApiMetrics {
  accepted(type: CommandBody['type']): void;
  /** The store has counted so many events, for the cache lacked them or was behind. */
  counted(events: number): void;
  answered(route: string, method: string, status: number, seconds: number): void;
}

export function createApiMetrics(registry: Registry, waitersOpen: () => number): ApiMetrics {
  const accepted = new Counter({
    name: 'rollcall_commands_accepted_total',
    help: 'Commands that the mailbox took, repeats not counted',
    labelNames: ['type'],
    registers: [registry],
  });
  const answers = new Counter({
    name: 'rollcall_http_answers_total',
    help: 'Answers by route and status',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  });
  const durations = new Histogram({
    name: 'rollcall_http_request_seconds',
    help: 'Time from a request to its answer, waiting for decisions included',
    labelNames: ['method', 'route'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30],
    registers: [registry],
  });
  const waiters: Gauge = new Gauge({
    name: 'rollcall_waiters_open',
    help: 'Requests that wait for a decision',
    collect: () => waiters.set(waitersOpen()),
    registers: [],
  });
  registry.registerMetric(waiters);

  const counted = new Counter({
    name: 'rollcall_counts_from_store_total',
    help: 'Events that were counted in MongoDB, because the count cache lacked them or was behind',
    registers: [registry],
  });

  // Finding the child of a set of labels costs a hash each time; there are few, so each is found once.
  const answersOf = cached((key) => {
    const [method = '', route = '', status = ''] = key.split(' ');
    return { answered: answers.labels(method, route, status), duration: durations.labels(method, route) };
  });
  const acceptedOf = cached((type) => accepted.labels(type));
  return {
    accepted: (type) => acceptedOf(type).inc(),
    counted: (events) => counted.inc(events),
    answered(route, method, status, seconds) {
      const { answered, duration } = answersOf(`${method} ${route} ${status}`);
      answered.inc();
      duration.observe(seconds);
    },
  };
}

function cached<Child>(make: (key: string) => Child): (key: string) => Child {
  const children = new Map<string, Child>();
  return (key) => {
    let child = children.get(key);
    if (child === undefined) {
      child = make(key);
      children.set(key, child);
    }
    return child;
  };
}
