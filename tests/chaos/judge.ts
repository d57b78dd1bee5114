import { setTimeout as delay } from 'node:timers/promises';
import { checkHistory } from '@rollcall/checkers';
import { createCountCache } from '@rollcall/counts-redis';
import { answerOf, type CommandId } from '@rollcall/domain';
import { createMailbox } from '@rollcall/mailbox-redis';
import { createEventQueries } from '@rollcall/store-mongo';
import { request } from '../support/http.ts';
import { recordedHistory } from '../support/recorded.ts';
import { staffClaims, type Rollcall } from '../support/rollcall.ts';
import { textOf } from '../support/text-of.ts';
import type { Heard } from './load.ts';

export interface JudgeOptions {
  /** Redis has lost what was accepted: then those commands may be undecided, and the order in which they came is not known. */
  readonly destroys: boolean;
  /** How long after healing everything has to be decided, in ms. */
  readonly withinMs: number;
}

/** What was promised and is not so, once everything has come to rest. */
export async function judge(
  rollcall: Rollcall,
  heard: Heard,
  { destroys, withinMs }: JudgeOptions,
): Promise<readonly string[]> {
  const { eventId } = heard.event;
  const mailbox = createMailbox({ redis: rollcall.redis, keyspace: rollcall.keyspace, deadLettersMax: 1 });
  const found = heard.wrong.map((text) => `answered: ${text}`);
  const depth = async () => (await mailbox.check(eventId))?.depth ?? 0;
  for (const until = Date.now() + withinMs; (await depth()) > 0 && Date.now() < until;) await delay(100);
  const left = await depth();
  if (left > 0) found.push(`late: ${left} commands wait ${withinMs} ms after all was well again`);

  const { arrivals, ...history } = await recordedHistory(rollcall, eventId);
  const withOrder = destroys || arrivals === undefined ? history : { ...history, arrivals };
  for (const { check, version, message } of checkHistory(withOrder))
    found.push(`${check}: ${version ?? ''} ${message}`);
  const entries = new Map(history.entries.map((entry) => [entry.commandId, entry]));
  for (const { commandId, status, body } of heard.told) {
    const entry = entries.get(commandId);
    const isAccepted = status < 300;
    const isSame =
      entry !== undefined &&
      entry.version === body['version'] &&
      (entry.decision.outcome === 'accepted') === isAccepted;
    if (isSame) continue;
    found.push(
      `told: ${status} ${JSON.stringify(body)}, and the journal says ${JSON.stringify(entry && answerOf(entry))}`,
    );
  }
  const undecided = [...heard.accepted].filter((commandId) => !entries.has(commandId));
  if (!destroys && undecided.length > 0) found.push(`lost: ${undecided.join(', ')} were accepted and are not decided`);
  found.push(...(await pendingForEver(rollcall, heard, undecided)));
  return [...found, ...(await cached(rollcall, heard, withinMs))];
}

/** Whoever asks what became of a command that was lost is told that nobody knows it. */
async function pendingForEver(
  rollcall: Rollcall,
  { event }: Heard,
  undecided: readonly CommandId[],
): Promise<readonly string[]> {
  const token = await rollcall.token('staff-1', staffClaims);
  const found: string[] = [];
  for (const commandId of undecided.slice(0, 20)) {
    const url = `${rollcall.urls[0] ?? ''}/v1/events/${event.eventId}/commands/${commandId}`;
    const { status } = await request(url, { token });
    if (status !== 404) found.push(`lost: ${commandId} is not decided, and its status is ${status} instead of 404`);
  }
  return found;
}

/** The cache says what a count over the registrations says; where it lags, the relay puts it right. */
async function cached(rollcall: Rollcall, { event: { eventId } }: Heard, withinMs: number): Promise<readonly string[]> {
  const cache = createCountCache({ redis: rollcall.redis, keyPrefix: rollcall.keyPrefix, ttlMs: 60_000 });
  for (const until = Date.now() + withinMs; ; await delay(200)) {
    const counts = (await cache.read([eventId])).get(eventId);
    if (counts === undefined) return [];
    const due = textOf(await createEventQueries(rollcall.collections, 10_000).countEvent(eventId));
    const is = textOf(counts);
    if (is === due) return [];
    if (Date.now() > until) return [`cache: ${is} instead of ${due}`];
  }
}
