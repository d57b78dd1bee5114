import type { Stage } from '../stage.ts';
import { baselineBody, newEventId, signUpPath, startBaselineServer } from './baseline.ts';
import { nothingToCheck, type Contender } from './side.ts';

/** (a) A server that checks who asks and what, and does nothing: no design behind the same HTTP can be faster. */
export async function startCeiling(stage: Stage): Promise<Contender> {
  const server = await startBaselineServer(stage, 'ceiling', {});
  return {
    side: 'ceiling',
    setting: {},
    processes: [{ name: 'api', pid: server.process.pid }],
    newEvent: async () => ({
      origin: server.origin,
      path: signUpPath(newEventId()),
      body: baselineBody,
      status: 202,
      follow: async () => ({ decided: async ({ answeredAt }) => answeredAt }),
      check: async () => nothingToCheck,
    }),
    [Symbol.asyncDispose]: () => server.process.stop(),
  };
}
