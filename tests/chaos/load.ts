import { setTimeout as delay } from 'node:timers/promises';
import type { CommandId, RoleId } from '@rollcall/domain';
import type { DecidedReply } from '@rollcall/load';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request, type Reply } from '../support/http.ts';
import type { Rollcall } from '../support/rollcall.ts';

/** What was heard of by those who sent commands. */
export interface Heard {
  /** Those that people sign up for: several, so that decisions of more than one are written together. */
  readonly events: readonly OpenEvent[];
  /** The first of them. */
  readonly event: OpenEvent;
  /** Accepted, with 202 or a decision. */
  readonly accepted: Set<CommandId>;
  readonly told: DecidedReply[];
  /** Statuses that nobody should get, with what was said. */
  readonly wrong: string[];
  /** Requests that had no answer, or were told to come again. */
  failed: number;
}

export interface LoadOptions {
  readonly perSecond: number;
  readonly seconds: number;
  /** Whether people come also after that. */
  readonly isLonger?: () => boolean;
  /** How long somebody repeats a request that has no answer, in ms. */
  readonly patienceMs: number;
}

/** Decided, whatever was decided. */
const final = new Set([200, 201, 404, 409]);
/** Come again. */
const passing = new Set([202, 429, 503]);
const eventCount = 3;
const seats = 40;

/**
 * People who come at their time, whether or not others have been answered: they sign up, a quarter of them leaves again, and all
 * repeat what was not answered, with the same key. It ends when the last of them knows.
 */
export async function load(
  rollcall: Rollcall,
  { perSecond, seconds, isLonger = () => false, patienceMs }: LoadOptions,
  onEvent: (heard: Heard) => void,
): Promise<Heard> {
  const roles = [
    { name: 'volunteers', capacity: seats, waitlist: 'auto' },
    { name: 'cooks', capacity: seats, waitlist: 'auto' },
    { name: 'drivers', capacity: seats, waitlist: 'off' },
  ] as const;
  const events: OpenEvent[] = [];
  while (events.length < eventCount) events.push(await createOpenEvent(rollcall, { roles }));
  const [event] = events;
  if (event === undefined) throw new Error('there is no event');
  const heard: Heard = { events, event, accepted: new Set(), told: [], wrong: [], failed: 0 };
  onEvent(heard);
  const people: Promise<void>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < perSecond * seconds || isLonger(); n += 1) {
    await delay(Math.max(0, startedAt + (n * 1_000) / perSecond - performance.now()));
    people.push(takeTurn(rollcall, heard, n, patienceMs));
  }
  await Promise.all(people);
  return heard;
}

async function takeTurn(rollcall: Rollcall, heard: Heard, n: number, patienceMs: number): Promise<void> {
  const { eventId, roleIds } = heard.events[n % heard.events.length] ?? heard.event;
  const token = await rollcall.token(`user-${n}`);
  const roleId = roleIds[Math.floor(n / heard.events.length) % roleIds.length] as RoleId;
  const until = Date.now() + patienceMs;
  const path = `/v1/events/${eventId}/registrations`;
  const signedUp = await ask(rollcall, heard, { path, body: { roleId }, token, key: `sign-up-${n}`, until });
  if (signedUp?.status !== 201 || n % 4 > 0) return;
  const cancel = `${path}/${String(signedUp.body['registrationId'])}/cancel`;
  await ask(rollcall, heard, { path: cancel, body: {}, token, key: `cancel-${n}`, until: Date.now() + patienceMs });
}

interface Asked {
  readonly path: string;
  readonly body: unknown;
  readonly token: string;
  readonly key: string;
  /** ms since 1970 */
  readonly until: number;
}

/** Until it is decided, at any of the APIs. @returns undefined when patience has run out */
export async function ask(
  rollcall: Rollcall,
  heard: Heard,
  { path, body, token, key, until }: Asked,
): Promise<Reply | undefined> {
  const headers = { 'idempotency-key': key, prefer: 'wait=3' };
  while (Date.now() < until) {
    const url = rollcall.urls[Math.floor(Math.random() * rollcall.urls.length)] ?? '';
    const reply = await request(`${url}${path}`, { token, body, headers }).catch(() => undefined);
    const commandId = reply?.body['commandId'] as CommandId | undefined;
    if (commandId !== undefined && reply?.status !== 503) heard.accepted.add(commandId);
    if (reply !== undefined && final.has(reply.status) && commandId !== undefined) {
      heard.told.push({ commandId, status: reply.status, body: reply.body });
      return reply;
    }
    if (reply !== undefined && !passing.has(reply.status)) {
      heard.wrong.push(`${reply.status} ${JSON.stringify(reply.body)}`);
      return undefined;
    }
    if (reply?.status !== 202) heard.failed += 1;
    await delay(100 + Math.random() * 400);
  }
  return undefined;
}
