import { build, type Histogram } from 'hdr-histogram-js';
import { Connections, send } from './connections.ts';
import { Recorder } from './recorder.ts';
import type { PreparedRequest } from './requests.ts';
import type { OpenLoopResult, Percentiles } from './task.ts';

/** How often it looks which requests are due, in ms: no timer is finer, and spinning would take a core from the servers. */
const lookEveryMs = 1;

/**
 * Sends each request at its time: slow answers don't slow it down, and what a request waits for a free connection counts as
 * its latency. One request at a time per connection, for an answer that waits would hold up those behind it.
 */
export async function openLoop(
  requests: readonly PreparedRequest[],
  origin: string,
  ratePerSecond: number,
  connections: number,
): Promise<OpenLoopResult> {
  await using opened = await Connections.open(origin, connections, 1);
  const recorder = new Recorder(requests.length);
  const startsAt = performance.timeOrigin + performance.now() + 20;
  const dueAt = (place: number) => startsAt + (place * 1000) / ratePerSecond;
  const idle = [...opened.clients];
  let next = 0;

  function sendDue(): void {
    const now = performance.timeOrigin + performance.now();
    while (dueAt(next) <= now) {
      const request = requests[next];
      const client = request === undefined ? undefined : idle.pop();
      if (request === undefined || client === undefined) return;
      const place = next;
      next += 1;
      recorder.sent(place);
      send(client, request, (status) => {
        recorder.answered(place, status);
        idle.push(client);
      });
    }
  }

  const timer = setInterval(sendDue, lookEveryMs);
  await recorder.allAnswered;
  clearInterval(timer);
  const { statuses, sentAt, answeredAt } = recorder.result();
  return { statuses, latency: since(dueAt, answeredAt), sendLag: since(dueAt, sentAt) };
}

function since(dueAt: (place: number) => number, times: Float64Array): Percentiles {
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 120_000_000,
    numberOfSignificantValueDigits: 3,
  });
  times.forEach((time, place) => histogram.recordValue(Math.max(0, Math.round((time - dueAt(place)) * 1000))));
  return percentilesOf(histogram);
}

function percentilesOf(histogram: Histogram): Percentiles {
  const at = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1000;
  return { p50: at(50), p99: at(99), p999: at(99.9), max: histogram.maxValue / 1000 };
}
