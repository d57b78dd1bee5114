import { findCommand, type FoundCommand } from '@rollcall/api/src/commands/find-command.ts';
import { createLedger } from '@rollcall/api/src/commands/ledger.ts';
import { createSubmit } from '@rollcall/api/src/commands/submit.ts';
import { createWaiters, type Waiter } from '@rollcall/api/src/commands/waiters.ts';
import { Deadline } from '@rollcall/api/src/http/deadline.ts';
import { createLiveCounts } from '@rollcall/api/src/live/live-counts.ts';
import type { LiveSeat } from '@rollcall/api/src/live/seat.ts';
import type { Listener } from '@rollcall/api/src/live/stream.ts';
import { createCounting } from '@rollcall/api/src/reads/counting.ts';
import { within } from '@rollcall/api/src/within.ts';
import type { CommandId, EventId } from '@rollcall/domain';
import type { NewCommand } from '@rollcall/engine';
import type { MongoServer } from './mongo.ts';
import { createLink, over } from './network.ts';
import { repeat, type Life } from './processes.ts';
import type { RedisServer } from './redis.ts';
import type { Scheduler } from './scheduler.ts';

export interface ApiOptions {
  readonly scheduler: Scheduler;
  readonly redis: RedisServer;
  readonly mongo: MongoServer;
}

/** What a request for a command is answered with. */
export type Outcome = Awaited<ReturnType<ReturnType<typeof createSubmit>>>;

/** One life of an API: the command service and the live counts of `apps/api`, without HTTP. */
export interface Api {
  /** It has died, and so has whatever was open to it. */
  readonly isOver: boolean;
  submit(command: NewCommand, waitMs: number): Promise<Outcome>;
  find(eventId: EventId, commandId: CommandId): Promise<FoundCommand>;
  /** Undefined when there is no such event. */
  listen(eventId: EventId, listener: Listener, lastEventId: string | undefined): Promise<LiveSeat | undefined>;
}

/** Of the order of the API's settings, in ms. */
const storeReplyMsMax = 1_500;
const mailboxReplyMsMax = 1_000;
const ledgerReplyMsMax = 500;
const ledgerGatherMs = 1;
const waitersPollMs = 500;
const cacheReplyMsMax = 200;
const liveCheckMs = 5_000;
const liveRetryMs = 1_000;

export function startApi({ scheduler, redis, mongo }: ApiOptions, life: Life): Api {
  const link = createLink(scheduler, life, redis.weather);
  const { queries } = mongo.reachedBy(createLink(scheduler, life, mongo.weather));
  const mailbox = over(link, redis.mailbox);
  const wakeUps = { add: (eventId: EventId) => link.call(async () => redis.wakeUps.add(eventId)) };
  const findAnswers: typeof queries.findAnswers = (...args) => within(storeReplyMsMax, queries.findAnswers(...args));
  const ignored = () => undefined;
  const waiters = createWaiters({ countMax: 1_000, findAnswers, onError: ignored });
  const submit = createSubmit({
    mailbox,
    mailboxReady: () => true,
    wakeUps,
    ledger: createLedger({
      findAnswers: queries.findAnswers,
      gatherMs: ledgerGatherMs,
      replyMsMax: ledgerReplyMsMax,
      onError: ignored,
      elapsed: () => scheduler.now(),
    }),
    waiters,
    replyMsMax: mailboxReplyMsMax,
    onAccepted: ignored,
    onFault: ignored,
  });
  const counting = createCounting({
    cache: over(link, redis.cache),
    queries,
    cacheMsMax: cacheReplyMsMax,
    waitMsMax: 0,
    onCounted: ignored,
    onFault: ignored,
  });
  const live = createLiveCounts({
    counting,
    queries,
    onNews: (eventId) => void live.send(eventId),
    onError: ignored,
  });
  redis.channel.listen(life, ({ answers, counts }) => {
    waiters.resolve(answers);
    if (counts !== undefined) live.take(counts);
  });
  repeat(scheduler, life, liveCheckMs, () => live.check());
  repeat(scheduler, life, waitersPollMs, () => waiters.poll());

  return {
    get isOver() {
      return life.isOver;
    },
    async listen(eventId, listener, lastEventId) {
      const seat = await live.enter(eventId, lastEventId);
      seat?.attach(listener, liveRetryMs);
      return seat;
    },
    submit(command, waitMs) {
      const deadline = new Deadline(storeReplyMsMax);
      const drop = (_waiter: Waiter) => undefined;
      return submit({ ...command, waitMs, deadline }, drop);
    },
    find: (eventId, commandId) =>
      findCommand({
        findAnswer: async () => (await findAnswers(eventId, [commandId]))[0],
        findPending: () =>
          within(mailboxReplyMsMax, mailbox.findPending(eventId, commandId)).catch(() => 'unavailable' as const),
      }),
  };
}
