// The generator: a process of its own, so that what it costs is told apart from what the servers cost.
import { HeldRequests } from './hold.ts';
import { openLoop, type PreparedPhase } from './open-loop.ts';
import { RequestMaker } from './requests.ts';
import { saturate } from './saturate.ts';
import { tokenSettingsVariable, type Task, type TaskResults, type TokenSettings } from './task.ts';

const maker = new RequestMaker(JSON.parse(process.env[tokenSettingsVariable] ?? '') as TokenSettings);
let held: HeldRequests | undefined;

async function perform(task: Task): Promise<TaskResults[keyof TaskResults]> {
  switch (task.kind) {
    case 'saturate':
      return saturate(await maker.prepare(task.target), task.target, task.connections, task.pipelining);
    case 'openLoop': {
      const phases: PreparedPhase[] = [];
      for (const { target, ...phase } of task.phases) {
        phases.push({ ...phase, requests: await maker.prepare(target), origin: target.origin });
      }
      return openLoop(phases, task.connections);
    }
    case 'hold':
      held = await HeldRequests.send(await maker.prepare(task.target), task.target.origin);
      return undefined;
    case 'release':
      if (held === undefined) throw new Error('nothing is held');
      return held.release();
  }
}

process.on('message', (task: Task) => {
  perform(task).then(
    (result) => process.send?.({ result }),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
