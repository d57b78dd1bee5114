import type { CommandBody } from '@rollcall/domain';
import type { EndReason, LiveKind } from './live/stream.ts';
import { Counter, Gauge, Histogram, type Registry } from '@rollcall/runtime';

export interface ApiMetrics {
  accepted(type: CommandBody['type']): void;
  /** The store has counted so many events, for the cache lacked them or was behind. */
  counted(events: number): void;
  answered(route: string, method: string, status: number, seconds: number): void;
  updatesSent(kind: LiveKind, sends: number): void;
  streamEnded(kind: LiveKind, reason: EndReason): void;
}

/** What is read when somebody asks. */
export interface ApiGauges {
  readonly waitersOpen: () => number;
  readonly streamsOpen: (kind: LiveKind) => number;
}

const liveKinds = ['counts', 'registration'] as const satisfies readonly LiveKind[];

export function createApiMetrics(registry: Registry, { waitersOpen, streamsOpen }: ApiGauges): ApiMetrics {
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
  const streams: Gauge<'kind'> = new Gauge({
    name: 'rollcall_live_streams_open',
    help: 'Clients that listen',
    labelNames: ['kind'],
    collect() {
      for (const kind of liveKinds) streams.set({ kind }, streamsOpen(kind));
    },
    registers: [],
  });
  registry.registerMetric(streams);
  const updates = new Counter({
    name: 'rollcall_live_updates_total',
    help: 'Updates for clients that listen; the first state of each is not one of them',
    labelNames: ['kind'],
    registers: [registry],
  });
  const ended = new Counter({
    name: 'rollcall_live_streams_ended_total',
    help: 'Live streams that ended, by why: the client left or stalled, its time was over, it is gone, or we shut down',
    labelNames: ['kind', 'reason'],
    registers: [registry],
  });

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
    updatesSent: (kind, sends) => updates.inc({ kind }, sends),
    streamEnded: (kind, reason) => ended.inc({ kind, reason }),
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
