import type { Client } from 'undici';
import { Connections, send } from './connections.ts';
import { Recorder } from './recorder.ts';
import type { PreparedRequest } from './requests.ts';
import type { Exchanges, Target } from './task.ts';

/** Closed loop: each answer makes room for the next request on its connection, in the order in which they were prepared. */
export async function saturate(
  requests: readonly PreparedRequest[],
  target: Pick<Target, 'origin' | 'otherOrigins'>,
  connections: number,
  pipelining: number,
): Promise<Exchanges> {
  await using opened = await Connections.open(target, connections, pipelining);
  const recorder = new Recorder(requests.length);
  let next = 0;

  function sendNext(client: Client): void {
    const place = next;
    const request = requests[place];
    if (request === undefined) return;
    next += 1;
    recorder.sent(place);
    send(client, request, (status) => {
      recorder.answered(place, status);
      sendNext(client);
    });
  }

  for (let underWay = 0; underWay < pipelining; underWay += 1) for (const client of opened.clients) sendNext(client);
  await recorder.allAnswered;
  return recorder.result();
}
