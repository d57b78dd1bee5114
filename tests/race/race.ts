import type { CommandId, EventId, RegistrationId, UserId } from '@rollcall/domain';
import { createOpenEvent, type OpenEvent } from '../support/events.ts';
import { request, type Reply } from '../support/http.ts';
import type { Rollcall } from '../support/rollcall.ts';

export interface RaceOptions {
  readonly users: number;
  readonly seats: number;
  /** How many requests are under way at once. */
  readonly concurrency: number;
  /** Called once, before the first of them comes. */
  readonly onOpen?: (eventId: EventId) => void;
  /** Called once, when a third of the users have been sent. */
  readonly midway?: () => void;
}

/** An answer as one user saw it. */
export interface Seen {
  readonly userId: UserId;
  readonly commandId: CommandId;
  readonly reply: Reply;
}

export interface RaceResult extends OpenEvent {
  readonly accepted: ReadonlySet<CommandId>;
  readonly signUps: readonly Seen[];
  readonly cancels: readonly Seen[];
}

/**
 * Many users want few seats of one role, through all APIs at once. Every fifth clicks twice, half of them with the same
 * Idempotency-Key; every tenth cancels what they got.
 */
export async function race(rollcall: Rollcall, options: RaceOptions): Promise<RaceResult> {
  const { users, seats, concurrency, onOpen, midway } = options;
  const opened = await createOpenEvent(rollcall, {
    roles: [{ name: 'volunteers', capacity: seats, waitlist: 'auto' }],
  });
  onOpen?.(opened.eventId);
  const roleId = opened.roleIds[0];
  const accepted = new Set<CommandId>();
  const signUps: Seen[] = [];
  const cancels: Seen[] = [];
  const tokens = await Promise.all(Array.from({ length: users }, (_, n) => rollcall.token(`user-${n}`)));
  const registrationsUrl = (n: number) =>
    `${rollcall.urls[n % rollcall.urls.length]}/v1/events/${opened.eventId}/registrations`;

  async function send(n: number, url: string, body: unknown, headers: Record<string, string>): Promise<Seen> {
    const token = tokens[n] ?? '';
    for (;;) {
      const reply = await request(url, { token, body, headers: { prefer: 'wait=20', ...headers } });
      if (reply.status === 503) continue;
      const commandId = reply.body['commandId'] as CommandId;
      accepted.add(commandId);
      return { userId: `user-${n}` as UserId, commandId, reply };
    }
  }

  async function signUp(n: number, headers: Record<string, string> = {}, api = n): Promise<void> {
    const seen = await send(n, registrationsUrl(api), { roleId }, headers);
    signUps.push(seen);
    const registrationId = seen.reply.body['registrationId'] as RegistrationId | undefined;
    if (n % 10 !== 0 || seen.reply.status !== 201 || registrationId === undefined) return;
    cancels.push(await send(n, `${registrationsUrl(api + 1)}/${registrationId}/cancel`, {}, {}));
  }

  async function takeTurn(n: number): Promise<void> {
    const sameKey: Record<string, string> = n % 10 === 1 ? { 'idempotency-key': `key-of-${n}` } : {};
    const clicks = [signUp(n, sameKey)];
    // The second click goes to another API.
    if (n % 5 === 1) clicks.push(signUp(n, sameKey, n + 1));
    await Promise.all(clicks);
  }

  let next = 0;
  async function runner(): Promise<void> {
    while (next < users) {
      const n = next;
      next += 1;
      if (n === Math.floor(users / 3)) midway?.();
      await takeTurn(n);
    }
  }
  await Promise.all(Array.from({ length: concurrency }, runner));
  return { ...opened, accepted, signUps, cancels };
}
