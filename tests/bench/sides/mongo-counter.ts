import type { Stage } from '../stage.ts';
import { answeredTarget, startBaselineServer } from './baseline.ts';
import { checkSeats, newSeats } from './seats.ts';
import type { Contender, Setting } from './side.ts';

/** Transactions under way at once, and how long one that lost a conflict waits at most before it is tried again, in ms. */
export const counterSettings = [
  { concurrency: 1, retryMsMax: 1 },
  { concurrency: 4, retryMsMax: 5 },
  { concurrency: 8, retryMsMax: 10 },
] as const satisfies readonly Setting[];

/** (d) The handler itself decides: one transaction counts a seat up and inserts the registration. */
export async function startMongoCounter(stage: Stage, setting: Setting): Promise<Contender> {
  const server = await startBaselineServer(stage, 'counter-api', setting);
  return {
    side: 'mongoCounter',
    setting,
    processes: [{ name: 'api', pid: server.process.pid }],
    async newEvent(capacity) {
      const eventId = await newSeats(stage, capacity);
      return answeredTarget(server.origin, eventId, (signups) => checkSeats(stage, eventId, capacity, signups));
    },
    [Symbol.asyncDispose]: () => server.process.stop(),
  };
}
