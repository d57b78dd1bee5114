import type { EventId } from '@rollcall/domain';
import type { Api } from './api.ts';
import type { RunRecord } from './record.ts';
import type { Scheduler } from './scheduler.ts';

export interface ListenersOptions {
  readonly scheduler: Scheduler;
  readonly apis: () => readonly Api[];
  readonly eventIds: readonly EventId[];
  readonly record: RunRecord;
}

/** Who listens to the counts of events, and comes back whenever the connection is lost. */
export interface Listeners {
  /** What each was shown last: an event, and the id of its state. */
  readonly shown: readonly { readonly eventId: EventId; readonly id: string | undefined }[];
}

interface Client {
  readonly eventId: EventId;
  id: string | undefined;
}

/** How soon somebody notices that the other end is gone, in ms. */
const noticeMs = 700;
const answerMsMax = 2_000;

export function startListeners({ scheduler, apis, eventIds, record }: ListenersOptions): Listeners {
  const { dice } = scheduler;
  const shown = eventIds.map((eventId): Client => ({ eventId, id: undefined }));

  function hear(client: Client, api: Api, frame: Buffer): void {
    const id = /^id: (\S+)/.exec(frame.toString())?.[1];
    if (id === undefined || api.isOver) return;
    if (versionOf(id) < versionOf(client.id) && !record.losses.some(({ kind }) => kind === 'mongo')) {
      record.violations.push(`live: ${client.eventId} was shown ${id} after ${client.id ?? 'nothing'}`);
    }
    client.id = id;
  }

  /** Until the connection is lost. */
  async function connect(client: Client, api: Api): Promise<void> {
    const connection = { isOpen: true };
    const isOpen = () => connection.isOpen && !api.isOver;
    // A connection keeps order; that it takes time makes no difference to who only listens.
    const take = (frame: Buffer) => {
      if (connection.isOpen) hear(client, api, frame);
    };
    const entering = api.listen(
      client.eventId,
      {
        begin(_retryMs, frame, isKnown) {
          if (!isKnown) take(frame);
        },
        offer: take,
        end: () => void (connection.isOpen = false),
      },
      client.id,
    );
    const answer = entering.then(
      (seat) => seat !== undefined,
      () => false,
    );
    const isIn = await Promise.race([answer, scheduler.pause(answerMsMax).then(() => false)]);
    if (!isIn) connection.isOpen = false;
    while (isOpen()) await scheduler.pause(noticeMs);
    connection.isOpen = false;
    // Whose answer comes later has gone by then, and the API sees it.
    entering.then(
      (seat) => seat?.leave(),
      () => undefined,
    );
  }

  async function listen(client: Client): Promise<void> {
    for (;;) {
      await scheduler.pause(noticeMs + dice.below(noticeMs));
      const up = apis();
      if (up.length > 0) await connect(client, dice.pick(up));
    }
  }
  for (const client of shown) void listen(client);
  return { shown };
}

const versionOf = (id: string | undefined): number => Number(id?.split('-')[0] ?? 0);
