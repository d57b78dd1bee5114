import { build, type Histogram } from 'hdr-histogram-js';
import { medianOf } from '../stats.ts';
import { Connections, send } from './connections.ts';
import { countStatuses, Recorder } from './recorder.ts';
import type { PreparedRequest } from './requests.ts';
import type { OpenLoopResult, Percentiles, Phase } from './task.ts';

/** How often it looks which requests are due, in ms: no timer is finer, and spinning would take a core from the servers. */
const lookEveryMs = 1;

export interface PreparedPhase extends Pick<Phase, 'ratePerSecond' | 'givesUp'> {
  readonly requests: readonly PreparedRequest[];
  readonly origin: string;
}

/**
 * Sends each request at its time: slow answers don't slow it down, and what a request waits for a free connection counts as
 * its latency. One request at a time per connection, for an answer that waits would hold up those behind it.
 */
export async function openLoop(
  phases: readonly PreparedPhase[],
  connections: number,
): Promise<readonly OpenLoopResult[]> {
  await using opened = await Connections.open({ origin: phases[0]?.origin ?? '' }, connections, 1);
  const requests = phases.flatMap((phase) => phase.requests);
  const recorder = new Recorder(requests.length);
  const { dueAt, givenUpAt } = schedule(phases, performance.timeOrigin + performance.now() + 20);
  const notTold = new Set<number>();
  const idle = [...opened.clients];
  let next = 0;

  function sendDue(): void {
    const now = performance.timeOrigin + performance.now();
    for (;;) {
      const [request, at] = [requests[next], dueAt[next]];
      if (request === undefined || at === undefined || at > now) return;
      if (now > (givenUpAt[next] ?? Infinity)) {
        recorder.leftOut();
        next += 1;
        continue;
      }
      const client = idle.pop();
      if (client === undefined) return;
      const place = next;
      next += 1;
      recorder.sent(place);
      send(client, request, (status, saysWhen) => {
        recorder.answered(place, status);
        if (status === 503 && !saysWhen) notTold.add(place);
        idle.push(client);
      });
    }
  }

  const timer = setInterval(sendDue, lookEveryMs);
  await recorder.allAnswered;
  clearInterval(timer);
  const { statusOf, sentAt, answeredAt } = recorder;
  let start = 0;
  return phases.map(({ requests: { length } }) => {
    const [from, to] = [start, start + length];
    start = to;
    const isSent = (_: unknown, place: number): boolean => sentAt[from + place] !== 0;
    const due = dueAt.subarray(from, to).filter(isSent);
    const latency = sinceDue(due, answeredAt.subarray(from, to).filter(isSent));
    return {
      statuses: countStatuses(statusOf.subarray(from, to).filter(isSent)),
      unsent: length - due.length,
      withoutRetryAfter: [...notTold].filter((place) => from <= place && place < to).length,
      latency: percentilesOf(latency),
      sendLag: percentilesOf(sinceDue(due, sentAt.subarray(from, to).filter(isSent))),
      p50BySecond: medianBySecond(due, latency),
    };
  });
}

/** When each request is due, and when it is not sent any more. */
function schedule(
  phases: readonly PreparedPhase[],
  startsAt: number,
): { readonly dueAt: Float64Array; readonly givenUpAt: Float64Array } {
  const count = phases.reduce((sum, { requests }) => sum + requests.length, 0);
  const [dueAt, givenUpAt] = [new Float64Array(count), new Float64Array(count)];
  let [place, at] = [0, startsAt];
  for (const { requests, ratePerSecond, givesUp } of phases) {
    const end = at + (requests.length * 1000) / ratePerSecond;
    for (let n = 0; n < requests.length; n += 1) {
      dueAt[place] = at + (n * 1000) / ratePerSecond;
      givenUpAt[place] = givesUp === true ? end : Infinity;
      place += 1;
    }
    at = end;
  }
  return { dueAt, givenUpAt };
}

/** In ms, never negative: the clock is read after the timer. */
const sinceDue = (dueAt: Float64Array, times: Float64Array): Float64Array =>
  times.map((time, place) => Math.max(0, time - (dueAt[place] ?? 0)));

function medianBySecond(dueAt: Float64Array, latency: Float64Array): readonly number[] {
  const seconds: number[][] = [];
  for (const [place, at] of dueAt.entries()) {
    (seconds[Math.floor((at - (dueAt[0] ?? 0)) / 1000)] ??= []).push(latency[place] ?? 0);
  }
  return seconds.map(medianOf);
}

function percentilesOf(values: Float64Array): Percentiles {
  const histogram: Histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 120_000_000,
    numberOfSignificantValueDigits: 3,
  });
  for (const value of values) histogram.recordValue(Math.round(value * 1000));
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000;
  return { p50: at(50), p99: at(99), p999: at(99.9), max: histogram.maxValue / 1000 };
}
