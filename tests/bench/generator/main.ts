// The generator: a process of its own, so that what it costs is told apart from what the servers cost.
import { HeldRequests } from './hold.ts';
import { openLoop } from './open-loop.ts';
import { RequestMaker } from './requests.ts';
import { saturate } from './saturate.ts';
import { tokenSettingsVariable, type Task, type TaskResults, type TokenSettings } from './task.ts';

const maker = new RequestMaker(JSON.parse(process.env[tokenSettingsVariable] ?? '') as TokenSettings);
let held: HeldRequests | undefined;

async function perform(task: Task): Promise<TaskResults[keyof TaskResults]> {
  if (task.kind === 'release') {
    if (held === undefined) throw new Error('nothing is held');
    return held.release();
  }
  const requests = await maker.prepare(task.target);
  const { origin } = task.target;
  switch (task.kind) {
    case 'saturate':
      return saturate(requests, origin, task.connections, task.pipelining);
    case 'openLoop':
      return openLoop(requests, origin, task.ratePerSecond, task.connections);
    case 'hold':
      held = await HeldRequests.send(requests, origin);
      return undefined;
  }
}

process.on('message', (task: Task) => {
  perform(task).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
