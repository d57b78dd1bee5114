import type { RollcallClient } from '@rollcall/client';
import type { Violation } from '@rollcall/checkers';
import type { Availability } from '@rollcall/contracts/http';
import type { EventId } from '@rollcall/domain';
import { setTimeout as delay } from 'node:timers/promises';

interface Listener {
  readonly eventId: EventId;
  latest: Availability | undefined;
  refused: string | undefined;
}

export interface Listening extends AsyncDisposable {
  readonly streams: number;
  /** How often anybody was sent something, and how often a stream was made anew. */
  readonly updates: number;
  readonly comebacks: number;
  /** Until all have heard of the version that an event has in the end, for at most `withinMs`; then what they show that is not so. */
  check(finals: ReadonlyMap<EventId, Availability>, withinMs?: number): Promise<readonly Violation[]>;
}

const hearsWithinMs = 20_000;
const lookEveryMs = 50;

/** Live streams, spread over events and people; each comes back by itself when it is lost. */
export function listen(
  clientOf: (index: number) => Pick<RollcallClient, 'followCounts'>,
  eventIds: readonly EventId[],
  streams: number,
): Listening {
  const stop = new AbortController();
  let [updates, openings] = [0, 0];
  const listeners = Array.from({ length: streams }, (_, index): Listener => ({
    eventId: eventIds[index % eventIds.length] as EventId,
    latest: undefined,
    refused: undefined,
  }));
  const following = listeners.map(async (listener, index) => {
    const onState = (state: string): void => void (openings += Number(state === 'open'));
    for await (const news of clientOf(index).followCounts(listener.eventId, { signal: stop.signal, onState })) {
      if (news.kind === 'refused') {
        listener.refused = `${news.status} ${news.code ?? ''}`;
        continue;
      }
      updates += 1;
      listener.latest = news.value;
    }
  });
  return {
    streams,
    get updates() {
      return updates;
    },
    get comebacks() {
      return Math.max(0, openings - streams);
    },
    async check(finals, withinMs = hearsWithinMs) {
      const isBehind = ({ eventId, latest, refused }: Listener): boolean =>
        refused === undefined && (latest?.version ?? -1) < (finals.get(eventId)?.version ?? -1);
      const until = performance.now() + withinMs;
      while (listeners.some(isBehind) && performance.now() < until) await delay(lookEveryMs);
      return listeners.flatMap((listener, index) => wrongOf(listener, index, finals));
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await Promise.allSettled(following);
    },
  };
}

function wrongOf(
  { eventId, latest, refused }: Listener,
  index: number,
  finals: ReadonlyMap<EventId, Availability>,
): readonly Violation[] {
  const final = finals.get(eventId);
  const violation = (message: string): readonly Violation[] => [
    { check: 'live', message: `stream ${index + 1}: ${message}` },
  ];
  if (refused !== undefined) return violation(`was refused with ${refused}`);
  if (final === undefined) return [];
  if (latest === undefined) return violation('never heard anything');
  if (latest.version < final.version) return violation(`ended at version ${latest.version} of ${final.version}`);
  // Somebody else has changed the event since.
  if (latest.version > final.version) return [];
  return textOf(latest) === textOf(final) ? [] : violation(`ended with ${textOf(latest)} instead of ${textOf(final)}`);
}

const textOf = ({ roles }: Availability): string =>
  roles
    .map(({ roleId, confirmed, waitlist, offered, available }) =>
      [roleId, confirmed, waitlist, offered, available].join(' '),
    )
    .join('; ');
